// What the detail of an instance tells beyond the table: its device, its routes and rules, what its trackers say.
import { describe, expect, it } from 'vitest';
import type { InstanceSnapshot } from '../../src/engine/snapshot.ts';
import { initialState } from '../../src/ui/state.ts';
import { createTheme } from '../../src/ui/theme.ts';
import { viewContext } from '../../src/ui/views/context.ts';
import { instanceView } from '../../src/ui/views/detail.ts';
import { FAKE_INFO, fakeMaster, fakeSnapshot, ENGINE_START as T0 } from '../support/fake-session.ts';

const options = { color: 'never', ascii: true } as const;

function draw(more: Partial<InstanceSnapshot>): string {
  const snapshot = { ...fakeSnapshot(T0), instances: [fakeMaster(T0, more)] };
  const state = { ...initialState(FAKE_INFO, { columns: 80, rows: 40 }, options), snapshot, clockOffset: T0 };
  const lines = instanceView.text!(viewContext(state, 'instance', 0), 80, 40);
  return lines.map((line) => createTheme(options).paint(line, 80).trimEnd()).join('\n');
}

describe('the detail of an instance', () => {
  it('sums its effective priority up', () => {
    expect(draw({})).toContain('effective 130 = 150 base -20 chk_smtp');
  });

  it('names the device it made, and whether it is there', () => {
    const device = { name: 'vrrp.51', kind: 'macvlan', mac: '00:00:5e:00:01:33', xmitBase: true, up: true } as const;
    expect(draw({ device })).toMatch(/ok macvlan vrrp\.51 00:00:5e:00:01:33, adverts leave through its base/);
    expect(draw({ device: { ...device, up: false } })).toMatch(/X missing or down: macvlan vrrp\.51/);
  });

  it('says of each route whether it is where it belongs', () => {
    const policy = [
      { kind: 'route', text: '10.9.0.0/16 via 192.0.2.1', present: true },
      { kind: 'rule', text: 'from 10.9.0.0/16 table 7', present: false },
    ] as const;
    expect(draw({ policy })).toMatch(/ok route 10\.9\.0\.0\/16 via 192\.0\.2\.1\nX rule from 10\.9\.0\.0\/16 table 7/);
  });

  it('tells what a tracked file or process said', () => {
    const trackers = [
      { name: 'nginx', kind: 'process', ok: false, weight: -30, reverse: false, contribution: -30, detail: '0 of 1' },
    ] as const;
    expect(draw({ trackers })).toMatch(/X FAIL nginx {2}process, 0 of 1, weight -30, adds -30 now/);
  });
});
