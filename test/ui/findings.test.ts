// The findings of a router of ours: the view, its evidence, its hint in the header, and where Enter leads.
import { describe, expect, it } from 'vitest';
import type { ListedFinding } from '../../src/session/watch-picture.ts';
import { clean } from '../../src/ui/clean.ts';
import { renderFrame } from '../../src/ui/frame.ts';
import { pressKey } from '../../src/ui/press.ts';
import { receive } from '../../src/ui/receive.ts';
import { currentView, initialState, type ScreenState, uiOf } from '../../src/ui/state.ts';
import { createTheme } from '../../src/ui/theme.ts';
import { ENGINE_START, FAKE_INFO, fakeSnapshot, SECOND } from '../support/fake-session.ts';

const AT = ENGINE_START + 10 * SECOND;

const finding = (more: Partial<ListedFinding>): ListedFinding => ({
  ...{ id: 'D17', severity: 'error', confidence: 'proven', title: 'VI_OLD is in FAULT: interface eth3 is down' },
  ...{ evidence: [{ kind: 'host', at: AT - 9 * SECOND, source: 'kernel', text: 'interface eth3 is down' }] },
  ...{ why: 'It takes no part.', fix: 'one\ntwo', fixes: ['ip link set eth3 up', 'or mend the cable'] },
  ...{ segment: { interface: 'eth3', vlan: undefined, family: 4, vrid: 80 }, router: 'VI_OLD' },
  ...{ firstSeen: AT - 9 * SECOND, lastSeen: AT, resolved: undefined, key: more.id ?? 'D17' },
  ...more,
});

const FINDINGS = [
  finding({}),
  finding({ id: 'D14', severity: 'warning', router: 'script chk_http', title: 'chk_http prints a number' }),
  finding({ id: 'D06', severity: 'warning', router: 'eth0 v4 77', title: 'two clusters' }),
  finding({ id: 'D01', router: 'VI_WEB', title: 'two MASTERs', resolved: AT - SECOND }),
];

function stateAt(columns: number, rows: number, findings?: readonly ListedFinding[]): ScreenState {
  const news = { events: [], packets: [], dropped: 0, lateness: 0 };
  const message = { type: 'update', snapshot: fakeSnapshot(AT), ...news, ...(findings && { findings }) } as const;
  return receive(initialState({ ...FAKE_INFO, command: 'run' }, { columns, rows }), clean(message), 0);
}

const lines = (state: ScreenState): string[] =>
  renderFrame(state, 0, createTheme({ color: 'never', ascii: false })).map((text) =>
    text.replace(/\x1b\[[\d;]*m/g, ''),
  );
const press = (state: ScreenState, ...keys: string[]): ScreenState =>
  keys.reduce((before, key) => pressKey(before, key, 0).state, state);

describe('the findings of a router of ours', () => {
  it.each([
    [80, 24],
    [120, 40],
    [200, 60],
  ])(
    'are the ninth view at %ix%i: rows, what is over, evidence with its time, a fix of several lines',
    (columns, rows) => {
      const text = lines(press(stateAt(columns, rows, FINDINGS), '9')).join('\n');
      for (const wanted of ['[9 Find]', 'Findings 3, 1 over', 'D17 proven', 'VI_OLD', 'script chk_http', 'over VI_WEB'])
        expect(text).toContain(wanted);
      expect(text).toMatch(/evidence {2}12:00:01\.000 kernel: interface eth3 is down/);
      expect(text).toMatch(/fix {7}ip link set eth3 up +\n +or mend the cable/);
      expect(text).toContain('kavtui explain D17 tells more');
    },
  );

  it('are counted in the header, and stay while an update says nothing of them', () => {
    const state = stateAt(120, 40, FINDINGS);
    expect(lines(state)[0]).toContain('3 findings');
    const { findings: _, ...quiet } = { findings: 0, type: 'update', snapshot: fakeSnapshot(AT + SECOND) } as const;
    const later = receive(state, { ...quiet, events: [], packets: [], dropped: 0, lateness: 0 }, 0);
    expect(later.findings).toBe(state.findings);
    const other = receive(later, { type: 'routers', names: ['lb2', 'lb3'], shown: 1 }, 0);
    expect(receive(other, { type: 'routers', names: ['lb2', 'lb3'], shown: 0 }, 0).findings).toBeUndefined();
  });

  it('raise an alert where the snapshot tells nothing of it, and only then', () => {
    const healthy = { ...fakeSnapshot(AT), instances: [fakeSnapshot(AT).instances[1]!] };
    const status = (found: readonly ListedFinding[]): string =>
      lines({ ...stateAt(120, 40, found), snapshot: healthy }).at(-2)!;
    expect(status([FINDINGS[0]!])).toContain('no alerts');
    expect(status([FINDINGS[1]!])).toContain('! script chk_http: chk_http prints a number (D14)');
  });

  it('lead to the instance, to the script, or nowhere', () => {
    const open = press(stateAt(120, 40, FINDINGS), '9', 'enter');
    expect(currentView(open)).toBe('instance');
    expect(uiOf(open, 'instances').selected).toBe('VI_OLD');
    const script = press(stateAt(120, 40, FINDINGS), '9', 'j', 'enter');
    expect([currentView(script), uiOf(script, 'trackers').selected]).toEqual(['trackers', 'chk_http']);
    expect(currentView(press(stateAt(120, 40, FINDINGS), '9', 'j', 'j', 'enter'))).toBe('findings');
  });

  it('say so when there are none', () => {
    expect(lines(press(stateAt(80, 24, []), '9')).join('\n')).toContain(
      'nothing is wrong, as far as the wire and this router',
    );
  });
});
