// What a router and the wire tell together: names of our instances, times, ends, and nothing new while nothing is.
import { describe, expect, it } from 'vitest';
import type { InstanceSnapshot, Snapshot } from '../../src/engine/snapshot.ts';
import { createOwnFindings } from '../../src/session/own-findings.ts';
import { type AdvertOptions, advert, announcement } from '../observe/wire-lab.ts';
import { fakeInstance, fakeMaster, fakeSnapshot, SECOND } from '../support/fake-session.ts';

const [A, B] = ['192.0.2.11', '192.0.2.12'];
const VMAC = '00:00:5e:00:01:33';

const ours = (more: Partial<InstanceSnapshot> = {}): InstanceSnapshot =>
  fakeMaster(0, {
    ...{ name: 'VI_WEB', interface: 'eth0', vrid: 51, source: A, since: 0, trackers: [], peers: [], addresses: [] },
    ...more,
  });

function bench(leftOut: () => number = () => 0) {
  const findings = createOwnFindings({ leftOut });
  const frame = (at: number, bytes: Uint8Array, direction: 'sent' | 'received', name = 'eth0'): void =>
    findings.frame({ interface: name, direction, at: at * SECOND, bytes });
  const picture = (at: number, more: Partial<Snapshot> = {}): Snapshot => ({
    ...fakeSnapshot(at * SECOND),
    ...{ startedAt: 0, scripts: [], instances: [ours()] },
    ...more,
  });
  const ids = (at: number, more: Partial<Snapshot> = {}): string[] => {
    findings.tick(at * SECOND);
    return findings
      .list(picture(at, more), 0)
      .flatMap(({ id, router, resolved }) => (resolved === undefined ? [`${id} ${router}`] : []));
  };
  const over = (at: number, more: Partial<Snapshot> = {}): string[] =>
    findings
      .list(picture(at, more), 0)
      .flatMap(({ id, router, resolved }) => (resolved === undefined ? [] : [`${id} ${router}`]));
  /** Both send once a second from `first` to `last`. */
  const both = (first: number, last: number, a: AdvertOptions = {}, b: AdvertOptions = {}): void => {
    for (let at = first; at <= last; at++) {
      frame(at, advert(A, { priority: 150, version: 3, ...a }), 'sent');
      frame(at + 0.5, advert(B, { priority: 100, version: 3, ...b }), 'received');
    }
  };
  return { findings, frame, picture, ids, over, both };
}

describe('findings of a router of ours', () => {
  it('hold what the wire shows under the name of the instance, of others under theirs, and what the engine knows', () => {
    const { both, frame, ids } = bench();
    both(1, 9);
    frame(9.6, advert(B, { vrid: 77, addresses: [B], priority: 90 }), 'received');
    both(10, 12);
    const peers = [{ ...fakeInstance(0).peers[0]!, address: B, lastHeardAt: 12.5 * SECOND }];
    expect(ids(13, { instances: [ours({ peers })] })).toEqual(['D01 VI_WEB', 'D42 eth0 v4 77']);
  });

  it('tell of adverts that are captured and not delivered, until they are', () => {
    const { both, ids, over } = bench();
    both(1, 9);
    expect(ids(10)).toEqual(['D01 VI_WEB', 'D02 VI_WEB']);
    const peers = [{ ...fakeInstance(0).peers[0]!, address: B, lastHeardAt: 10 * SECOND }];
    expect(over(13, { instances: [ours({ peers })] })).toContain('D02 VI_WEB');
  });

  it('come a second later where nothing else happens: a FAULT may be the last that is heard', () => {
    const { findings, picture } = bench();
    const faultReasons = [{ kind: 'interface', key: 'interface eth0', text: 'eth0 is down' }] as const;
    const faulty = (at: number) =>
      picture(at, { instances: [ours({ state: 'FAULT', since: 10.4 * SECOND, faultReasons })] });
    const looks: number[] = [];
    /** As a session does it: asked for the list only after the revision has changed. */
    const pass = (from: number, to: number, snapshot: (at: number) => Snapshot): string[] => {
      let before = findings.revision();
      for (let at = from; at <= to; at++) {
        findings.tick((at * SECOND) / 10);
        if (findings.revision() === before) continue;
        before = findings.revision();
        looks.push(at);
        findings.list(snapshot(at / 10), 0);
      }
      return findings.list(snapshot(to / 10), 0).flatMap(({ id, resolved }) => (resolved === undefined ? [id] : []));
    };
    findings.list(picture(10), 0);
    expect(findings.list(faulty(10.5), 0)).toEqual([]);
    expect(pass(105, 125, faulty)).toEqual(['D17']);
    // It is well again, and over two seconds later; nobody looks for ever.
    findings.list(picture(12.6), 0);
    expect(pass(127, 190, picture)).toEqual([]);
    expect(looks.length).toBeLessThan(8);
  });

  it('are the same list while nothing is new, and look once a second', () => {
    const { findings, picture } = bench();
    const faulty = (at: number) =>
      picture(at, {
        instances: [
          ours({ state: 'FAULT', faultReasons: [{ kind: 'interface', key: 'interface eth0', text: 'eth0 is down' }] }),
        ],
      });
    const first = findings.list(faulty(20), 0);
    expect(first.map(({ id }) => id)).toEqual(['D17', 'D16']);
    expect(first[0]).toMatchObject({ firstSeen: 0, router: 'VI_WEB', fixes: ['ip link set eth0 up'] });
    expect(findings.list(faulty(21), 0)).toBe(first);
    expect(findings.list(faulty(29), 0)).toBe(first);
    expect(findings.list(picture(29.5), 0)).toBe(first);
    findings.list(picture(31), 0);
    const over = findings.list(picture(34), 0);
    expect(over.map(({ id, resolved }) => [id, resolved])).toEqual([
      ['D16', 31 * SECOND],
      ['D17', 31 * SECOND],
    ]);
  });

  it('take what the router itself sends for no stranger, whose priority the others should fear', () => {
    const { frame, ids } = bench();
    const later = (source: string) => {
      for (let at = 1; at <= 80; at++) frame(at, advert(B, { priority: 100, version: 3 }), 'received');
      frame(80.2, advert(B, { priority: 0, version: 3 }), 'received');
      for (let at = 81; at <= 90; at++) frame(at, advert(source, { priority: 150, version: 3 }), 'sent');
    };
    later(A);
    const peers = [{ ...fakeInstance(0).peers[0]!, address: B, lastHeardAt: 80.2 * SECOND }];
    expect(ids(91, { instances: [ours({ peers })] })).toEqual([]);
  });

  it('take frames that are captured on a virtual interface and on its base for one router', () => {
    const { frame, ids } = bench();
    for (let at = 1; at <= 9; at++) {
      const bytes = advert(A, { priority: 150, version: 3, mac: VMAC });
      frame(at, bytes, 'sent', 'vrrp.51');
      frame(at + 0.00001, bytes, 'sent');
      if (at === 1) for (const name of ['vrrp.51', 'eth0']) frame(1.1, announcement('192.0.2.100', VMAC), 'sent', name);
    }
    expect(ids(10)).toEqual([]);
  });

  it('say once what is captured with its VLAN tag and on the VLAN interface', () => {
    const { frame, ids } = bench();
    for (let at = 1; at <= 9; at++) {
      for (const [source, half] of [
        [A, 0],
        [B, 0.5],
      ] as const) {
        const options = { priority: source === A ? 150 : 100, version: 3 } as const;
        frame(at + half, advert(source, options), 'received', 'eth0.7');
        frame(at + half, advert(source, { ...options, vlan: 7 }), 'received');
      }
    }
    expect(ids(10)).toEqual(['D01 eth0.7 v4 51']);
  });

  it('forget a split when one yields, though nothing else happens', () => {
    const { both, frame, ids, over, findings } = bench();
    both(1, 9);
    const peers = [{ ...fakeInstance(0).peers[0]!, address: B, lastHeardAt: 100 * SECOND }];
    const more = { instances: [ours({ peers })] };
    expect(ids(10, more)).toEqual(['D01 VI_WEB']);
    const before = findings.revision();
    for (let at = 10; at <= 20; at++) frame(at, advert(A, { priority: 150, version: 3 }), 'sent');
    findings.tick(30 * SECOND);
    expect(findings.revision()).toBeGreaterThan(before);
    expect(ids(30, more)).toEqual([]);
    expect(over(30, more)).toContain('D01 VI_WEB');
  });

  it('say less surely that an announcement is missing when the capture has left frames out since the takeover', () => {
    const missing = (leftOut: () => number): (string | undefined)[] => {
      const { findings, frame, picture } = bench(leftOut);
      frame(0.5, announcement('192.0.2.100', '02:00:00:00:00:0c'), 'received');
      for (let at = 1; at <= 3; at++) frame(at, advert(B, { priority: 100, version: 3 }), 'received');
      frame(3.1, announcement('192.0.2.100', '02:00:00:00:00:0c'), 'received');
      frame(3.2, advert(B, { priority: 0, version: 3 }), 'received');
      for (let at = 4; at <= 20; at++) {
        frame(at, advert(A, { priority: 150, version: 3 }), 'sent');
        findings.list(picture(at), 0);
      }
      findings.tick(20.5 * SECOND);
      const found = findings.list(picture(21), 0).find(({ id }) => id === 'D08');
      const last = found?.evidence.at(-1);
      return [found?.confidence, last?.kind === 'host' ? last.text.replace(/:.*/, '') : undefined];
    };
    const [before] = missing(() => 0);
    expect(before).toBe('likely');
    let count = 0;
    expect(missing(() => count++)).toEqual(['hint', 'the capture left frames out since then']);
    expect(missing(() => 0)[0]).toBe('likely');
  });

  it('look at many routers over several calls, and find all the same', () => {
    const { findings, frame, picture } = bench();
    const instances = Array.from({ length: 60 }, (_, i) =>
      ours({
        name: `VI_${i + 1}`,
        vrid: i + 1,
        state: 'FAULT',
        faultReasons: [{ kind: 'interface', key: 'interface', text: 'eth0 is down' }],
      }),
    );
    for (let at = 1; at <= 9; at++) {
      for (const { vrid } of instances) {
        frame(at, advert(A, { vrid, priority: 150, version: 3 }), 'sent');
        frame(at, advert(B, { vrid, priority: 100, version: 3 }), 'received');
      }
    }
    const before = findings.revision();
    expect(findings.list(picture(10, { instances }), 0)).toEqual([]);
    expect(findings.revision()).toBeGreaterThan(before);
    for (let call = 0; call < 10; call++) {
      findings.tick(10 * SECOND);
      findings.list(picture(10, { instances }), 0);
    }
    const [list, again] = [findings.list(picture(10, { instances }), 0), findings.list(picture(10, { instances }), 0)];
    expect(list.filter(({ id }) => id === 'D17')).toHaveLength(60);
    expect(list.filter(({ id }) => id === 'D01')).toHaveLength(60);
    expect(again).toBe(list);
  });
});
