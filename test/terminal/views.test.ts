// Each view of the real program at each size, in colour, with NO_COLOR and in ASCII: it is whole, says what it must, and
// while the clock stands no cell changes and nothing is written.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { isIn, VIEWS } from '../../src/ui/views/registry.ts';
import { openPty, type PtySession } from '../support/pty.ts';
import { sleep } from '../support/terminal.ts';

const pathOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const KAVTUI = pathOf('../../bin/kavtui.js');
const folder = mkdtempSync(join(tmpdir(), 'kavtui-views-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SIZES = [
  [80, 24],
  [40, 12],
  [120, 40],
  [200, 60],
] as const;

/** What must be on each view of the demo at every size, and what where there is room (from 80x24). */
const WANTED: Readonly<Record<string, { readonly always: readonly string[]; readonly roomy: readonly string[] }>> = {
  instances: {
    always: ['VI_1', 'VI_2', 'MASTER', 'BACKUP', '241'],
    roomy: ['STATE', 'VRID', '249', '192.0.2.12 p241', 'Packets', 'Trackers 1', 'Events', 'Enter: detail'],
  },
  packets: { always: ['Packets', 'TIME', 'Packet #', 'bytes'], roomy: ['MARKS', 'VRID', 'ens160', 'Ethernet'] },
  trackers: {
    always: ['Trackers 1', 'health_check', 'OK', 'p50', 'p99'],
    roomy: ['rise 3, fall 3', 'HTTP/1.1 200 OK', 'VI_1: FAULT while it fails'],
  },
  events: { always: ['Events', 'MASTER', 'Cause'], roomy: ['[5m]', 'VIPs here', 'VI_2', 'advertisement timeout'] },
  peers: {
    always: ['Virtual routers 2', 'ok', 'VI_1', 'one MASTER', 'VIP lists'],
    roomy: ['If this router goes', 'clean stop (priority 0)', 'crash, link loss', 'lb2'],
  },
  drill: { always: ['Drills', 'no drill yet'], roomy: ['F forces a FAULT'] },
  instance: {
    always: ['Instance VI_1', 'MASTER since', 'effective 241 = 241 base'],
    roomy: ['192.0.2.100/24', 'Peers heard', 'If this router goes', 'Last state changes', 'nopreempt'],
  },
  help: { always: ['Help', 'MOVE', 'next row'], roomy: ['LOOK', 'SESSION', 'VIEWS'] },
  findings: { always: ['Findings'], roomy: ['9 Find'] },
};

const LOOKS = [
  { look: 'colour', args: [], env: {} },
  { look: 'NO_COLOR', args: [], env: { NO_COLOR: '1', COLORTERM: undefined } },
  { look: 'ASCII', args: ['--ascii', '--color', '16'], env: {} },
] as const;

/** No row runs into the next one, the head is in the first row and the keys are in the last. */
function expectWhole(session: PtySession, rows: number): void {
  const lines = session.lines();
  expect(session.wrapped(), 'rows that overflow').toEqual([]);
  expect(lines).toHaveLength(rows);
  expect(lines[0]).toMatch(/^kavtui /);
  expect(lines[rows - 1]).toMatch(/\? help {2}q quit$/);
  expect(lines.slice(1).join('\n')).not.toMatch(/^kavtui |this part of the screen failed/m);
}

describe.concurrent('the demo', () => {
  it.each(LOOKS)('shows every view whole and still at every size, in $look', async ({ look, args, env }) => {
    const stopFile = join(folder, look);
    const [columns, rows] = SIZES[0];
    const command = ['--import', pathOf('../support/stop-clock.mjs'), KAVTUI, 'demo', ...args];
    const session = openPty(process.execPath, command, { columns, rows, env: { ...env, STOP_CLOCK: stopFile } });
    try {
      await session.waitFor(/MASTER +VI_1 .* self /, 30_000);
      await session.waitFor('192.0.2.12 p241');
      for (const size of SIZES) await walk(session, size, stopFile);
      // Lists of a few, not the whole stream: a failure must be readable.
      const found = (pattern: RegExp): string[] => (session.output().match(pattern) ?? []).slice(0, 5);
      const styles = found(look === 'ASCII' ? /\x1b\[3\dm/g : /\x1b\[38;2;[\d;]+m/g);
      if (look === 'NO_COLOR') expect(found(/\x1b\[[\d;]*m/g)).toEqual([]);
      else expect(styles).not.toEqual([]);
      if (look === 'ASCII') expect(found(/.{0,20}[^\x00-\x7f].{0,20}/g)).toEqual([]);
      expect(found(/.{0,20}\x1b\[3J/g)).toEqual([]);
    } finally {
      await session.dispose();
    }
  });
});

async function walk(session: PtySession, [columns, rows]: readonly [number, number], stopFile: string): Promise<void> {
  session.resize(columns, rows);
  for (const { id, digit } of VIEWS.filter((view) => isIn(view, 'demo'))) {
    const { always, roomy } = WANTED[id]!;
    session.send(digit ?? '?');
    const first = id === 'instances' ? /^. ?\S MASTER +VI_1/m : always[0]!;
    const there = (): boolean => session.screen().search(first) >= 0 && /q quit$/.test(session.lines()[rows - 1] ?? '');
    await session.waitUntil(there, `${id} at ${columns}x${rows}`);
    writeFileSync(stopFile, '');
    await quiet(session);
    const shown = session.lines();
    const written = session.output().length;
    expectWhole(session, rows);
    for (const text of [...always, ...(columns >= 80 ? roomy : [])]) expect(session.screen(), id).toContain(text);
    await sleep(300);
    expect(session.output().slice(written), `written by ${id} while the clock stood`).toBe('');
    expect(session.lines()).toEqual(shown);
    rmSync(stopFile);
  }
  expect(existsSync(stopFile)).toBe(false);
}

/** Waits until nothing was written for longer than a frame takes to come: what was on its way when the clock stopped is there. */
async function quiet(session: PtySession): Promise<void> {
  let seen = -1;
  while (seen !== session.output().length) {
    seen = session.output().length;
    await sleep(450);
  }
}
