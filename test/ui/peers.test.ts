// The view of virtual routers: what each check says, and what the whole is called.
import { describe, expect, it } from 'vitest';
import type { InstanceSnapshot } from '../../src/engine/snapshot.ts';
import type { Packet } from '../../src/session/messages.ts';
import { lastAdverts, routerHealth } from '../../src/ui/router-health.ts';
import { initialState } from '../../src/ui/state.ts';
import { createTheme } from '../../src/ui/theme.ts';
import { viewContext } from '../../src/ui/views/context.ts';
import { paneLines } from '../../src/ui/views/pane.ts';
import { peersView } from '../../src/ui/views/peers.ts';
import {
  FAKE_INFO,
  fakeInstance,
  fakeMaster,
  fakePacket,
  fakeSnapshot,
  SECOND,
  ENGINE_START as T0,
} from '../support/fake-session.ts';

const peer = (more: Partial<InstanceSnapshot['peers'][number]>): InstanceSnapshot['peers'][number] => ({
  address: '10.0.0.2',
  lastHeardAt: T0,
  priority: 100,
  version: 3,
  accepted: 4,
  rejected: {},
  addressMismatches: 0,
  wasMaster: true,
  ...more,
});
const advert = (more: Partial<Packet> = {}): Packet => ({
  ...fakePacket(1, T0),
  direction: 'received',
  interface: 'eth0.10',
  source: '10.0.0.2',
  version: 3,
  vrid: 51,
  priority: 100,
  intervalUs: SECOND,
  addresses: ['192.0.2.10', '192.0.2.11'],
  ...more,
});
/** MASTER of VRID 51 on eth0.10, whose priority is as configured. */
const master = (peers: InstanceSnapshot['peers'], more: Partial<InstanceSnapshot> = {}): InstanceSnapshot =>
  fakeMaster(T0, { peers, effectivePriority: 150, ...more });

const judge = (instance: InstanceSnapshot, packets: readonly Packet[], now = T0 + SECOND) =>
  routerHealth(instance, lastAdverts(packets), now);

describe('the health of a virtual router', () => {
  it.each<[string, string, InstanceSnapshot, Packet[]]>([
    ['ok', 'of a MASTER that hears nobody', master([]), []],
    ['ok', 'of a BACKUP that hears its MASTER', fakeInstance(T0, { peers: [peer({ version: 2 })] }), []],
    ['degraded', 'with a priority below the configured one', master([], { effectivePriority: 130 }), []],
    ['SPLIT BRAIN', 'with another MASTER beside ours', master([peer({})]), [advert()]],
    ['ok', 'while a takeover of ours is fresh', master([peer({})], { since: T0 }), [advert()]],
    ['ok', 'after the other one resigned', master([peer({})]), [advert({ priority: 0 })]],
    ['REJECTED', 'while adverts are rejected', master([peer({ accepted: 0, rejected: { 'auth-failure': 3 } })]), []],
    [
      'differs',
      'where the other lists other addresses',
      master([peer({ lastHeardAt: T0 - 60 * SECOND })]),
      [advert({ addresses: ['192.0.2.10'] })],
    ],
    [
      'differs',
      'where the other speaks at another interval',
      master([peer({ lastHeardAt: T0 - 60 * SECOND })]),
      [advert({ intervalUs: 100_000 })],
    ],
  ])('is %s %s', (health, _, instance, packets) => {
    expect(judge(instance, packets).health).toBe(health);
  });

  it('is NO MASTER for a BACKUP that knows none, and FAULT in FAULT', () => {
    const { master: _, ...orphan } = fakeInstance(T0, { peers: [] });
    expect(judge(orphan, []).health).toBe('NO MASTER');
    expect(judge({ ...orphan, state: 'FAULT' }, []).health).toBe('FAULT');
  });

  it('does not take adverts of another interface, family or VRID for its own', () => {
    const others = [advert({ interface: 'eth1' }), advert({ vrid: 52 }), advert({ source: 'fe80::2' })];
    expect(judge(master([peer({ lastHeardAt: T0 - 60 * SECOND })]), others).heard[0]?.vips).toBeUndefined();
  });

  it('claims no agreement where nothing was heard', () => {
    const { checks } = judge(master([]), []);
    expect(checks.filter(({ ok }) => ok === true).map(({ text }) => text)).toEqual(['one MASTER']);
  });
});

describe('the view', () => {
  const options = { color: 'never', ascii: true } as const;
  const draw = (instances: InstanceSnapshot[], packets: Packet[]): string => {
    const state = {
      ...initialState(FAKE_INFO, { columns: 80, rows: 24 }, options),
      snapshot: { ...fakeSnapshot(T0 + SECOND), instances, knownRouters: [] },
      clockOffset: T0 + SECOND,
      packets,
    };
    const lines = paneLines(peersView, viewContext(state, 'peers', 0), { width: 80, height: 20 });
    return lines.map((line) => createTheme(options).paint(line, 80).trimEnd()).join('\n');
  };

  it('names both MASTERs of a split', () => {
    const text = draw([master([peer({})])], [advert()]);
    expect(text).toMatch(/SPLIT BRAIN VI_WEB/);
    expect(text).toContain('X two MASTERs: this router and 10.0.0.2');
  });

  it('forecasts both ways of going: the skew of the heir, or its master-down time', () => {
    const text = draw([master([peer({ lastHeardAt: T0 - 60 * SECOND })])], []);
    expect(text).toMatch(/clean stop \(priority 0\) +10\.0\.0\.2 {2}0\.61 s/);
    expect(text).toMatch(/crash, link loss +10\.0\.0\.2 {2}3\.61 s/);
  });

  it('says OUTAGE where nobody is known', () => {
    expect(draw([master([])], [])).toContain('OUTAGE possible');
  });
});
