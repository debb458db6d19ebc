// The screen of a watch beside a keepalived of the same host: what is shown of it, and the one question that it can ask.
import { describe, expect, it } from 'vitest';
import type { LocalInstance, LocalKnowledge } from '../../src/observe/local-router.ts';
import type { ToScreen } from '../../src/session/messages.ts';
import { createWatchFeed } from '../../src/session/watch-feed.ts';
import { watchPicture } from '../../src/session/watch-picture.ts';
import { clean } from '../../src/ui/clean.ts';
import { commandsOf, isOffered, runLine } from '../../src/ui/commands.ts';
import { GUARD_US } from '../../src/ui/dialog.ts';
import { renderFrame } from '../../src/ui/frame.ts';
import { pressKey } from '../../src/ui/press.ts';
import { receive } from '../../src/ui/receive.ts';
import { initialState, type ScreenState } from '../../src/ui/state.ts';
import { width } from '../../src/ui/text.ts';
import { createTheme } from '../../src/ui/theme.ts';
import { advert, hearing } from '../observe/wire-lab.ts';
import { FAKE_INFO, HOSTILE, WALL_START } from '../support/fake-session.ts';

const SECOND = 1_000_000;
const OTHER = '192.0.2.11';
const INFO = { ...FAKE_INFO, command: 'watch', configFile: 'eth0', operate: false } as const;

const INSTANCE: LocalInstance = {
  ...{ pid: 39, program: 'keepalived', name: 'VI_1', interface: 'eth0', family: 4, vrid: 51, priority: 90 },
  ...{ router: 'eth0 v4 51', heard: true, role: 'BACKUP' },
  agreement: [
    { ok: true, text: `addresses: the file and what ${OTHER} sends agree` },
    { ok: false, text: `data dump: MASTER, the wire: ${OTHER} is MASTER` },
  ],
  dumps: [
    {
      ...{ kind: 'data', file: '/tmp/keepalived.data', writtenAt: (WALL_START - 30_000) * 1000 },
      instance: {
        ...{ name: 'VI_1', state: 'MASTER', priority: 90, effectivePriority: 80 },
        scripts: [{ name: 'chk', status: 'BAD' }],
      },
    },
    {
      ...{ kind: 'stats', file: '/tmp/keepalived.stats', writtenAt: (WALL_START - 30_000) * 1000 },
      instance: {
        name: 'VI_1',
        counters: [
          ['Became master', 3],
          ['Packet Errors: TTL', 0],
        ],
      },
    },
  ],
};

const SILENT: LocalInstance = {
  ...{ ...INSTANCE, name: 'VI_2', router: 'eth0 v4 52', vrid: 52, heard: false, role: 'none' },
  ...{ agreement: [], dumps: [] },
};

const KEEPALIVED = { pid: 39, name: 'keepalived', configFile: '/etc/a.conf', alive: true, log: 'the journal' } as const;
const LOCAL: LocalKnowledge = {
  processes: [KEEPALIVED],
  instances: [INSTANCE, SILENT],
  notes: ['/tmp/keepalived.json is not read: it is a link'],
};

function stateWith(local: LocalKnowledge | undefined, columns = 80, rows = 40): ScreenState {
  const heard = hearing();
  const feed = createWatchFeed();
  for (let at = 0; at < 10; at++) heard.hear(at, advert(OTHER, { priority: 150 }));
  feed.log({
    ...{ at: 5 * SECOND, level: 'error', text: '(VI_1) Entering FAULT STATE', subject: 'keepalived' },
    ...{ means: 'Something that it tracks has failed.', instance: 'eth0 v4 51' },
  });
  const at = { now: 10 * SECOND, wallTime: WALL_START, startedAt: 0, routerId: 'lb1' };
  const { snapshot, watch } = watchPicture(heard.observer.snapshot(), at);
  const message: ToScreen = {
    ...{ type: 'update', snapshot, dropped: 0, lateness: 0, findings: [] },
    ...{ events: feed.events().since(0), packets: [], watch: { ...watch, ...(local && { local }) } },
  };
  return receive(initialState(INFO, { columns, rows }), clean(message), 0);
}

const plain = (text: string): string => text.replace(/\x1b\[[\d;]*m/g, '');
const lines = (state: ScreenState): string[] =>
  renderFrame(state, 0, createTheme({ color: 'never', ascii: false })).map((text) => plain(text).trimEnd());
const pressed = (state: ScreenState, keys: readonly string[], now = 0): ScreenState =>
  keys.reduce((last, key) => pressKey(last, key, now).state, state);

describe('a watch beside keepalived', () => {
  it('names the instance in the row, and says in short what does not agree', () => {
    const text = lines(stateWith(LOCAL)).join('\n');
    expect(text).toMatch(/seen +eth0 v4 51 .*192\.0\.2\.11.* VI_1/);
    expect(text).toContain('here keepalived (pid 39) has it as VI_1: not MASTER, priority 90 in its file');
    expect(text).toContain(`! data dump: MASTER, the wire: ${OTHER} is MASTER`);
  });

  it('tells all in the detail: process, file, log, agreement, dumps with their age, what is silent, what is missing', () => {
    const text = lines(pressed(stateWith(LOCAL), ['7'])).join('\n');
    expect(text).toContain('keepalived (pid 39), file /etc/a.conf, log: the journal');
    expect(text).toContain(`✓ addresses: the file and what ${OTHER} sends agree`);
    expect(text).toMatch(
      /data {2}\/tmp\/keepalived\.data, 30s old\n +state MASTER {2}priority 90 effective 80 {2}script chk BAD/,
    );
    expect(text).toMatch(/stats {2}\/tmp\/keepalived\.stats, 30s old\n +Became master 3 *\n/);
    expect(text).toContain('no advert is heard of VI_2 (eth0 v4 52)');
    expect(text).toContain('/tmp/keepalived.json is not read: it is a link');
  });

  it('has its log among the events, each line with what it means', () => {
    const text = lines(pressed(stateWith(LOCAL), ['4'])).join('\n');
    expect(text).toMatch(
      /eth0 v4 51 \(VI_1\) Entering FAULT STATE: Something .*\n\(VI_1\) Entering FAULT STATE: Something that it tracks has failed\.\n/s,
    );
  });

  it('asks before it asks keepalived: y does, Enter and what is typed too early do not', () => {
    const asked = pressed(stateWith(LOCAL), ['D']);
    expect(lines(asked).join('\n')).toMatch(/keepalived \(pid 39\) gets signals and writes keepalived\.data/);
    expect(pressKey(asked, 'y', 0).effects).toEqual([]);
    expect(pressKey(asked, 'enter', GUARD_US).effects).toEqual([]);
    expect(pressKey(asked, 'y', GUARD_US)).toMatchObject({
      state: { dialog: undefined },
      effects: [{ type: 'send', message: { type: 'dump', kinds: ['data', 'stats', 'json'] } }],
    });
  });

  it(':dump takes the kind, and is refused where no keepalived is', () => {
    expect(runLine(stateWith(LOCAL), 'dump stats', 0).state.dialog).toMatchObject({ kind: 'dump', kinds: ['stats'] });
    expect(runLine(stateWith(LOCAL), 'dump all', 0).state.toast?.text).toBe('dump is one of data stats json');
    const gone = { ...LOCAL, processes: [{ ...KEEPALIVED, alive: false }] };
    expect(runLine(stateWith(gone), 'dump', 0).state).toMatchObject({
      dialog: undefined,
      toast: { text: expect.stringMatching(/no keepalived runs on this host/) },
    });
    const without = stateWith(undefined);
    expect(commandsOf(without).filter((each) => each.id === 'local.dump' && isOffered(each, without))).toEqual([]);
    expect(lines(pressed(without, ['7'])).join('\n')).not.toContain('On this host');
  });

  it.each([
    [40, 12],
    [80, 24],
    [120, 40],
    [200, 60],
  ])('fits %i x %i, whatever names it has', (columns, rows) => {
    const hostile: LocalKnowledge = {
      processes: [{ ...KEEPALIVED, configFile: HOSTILE, log: HOSTILE }],
      instances: [{ ...INSTANCE, name: HOSTILE, agreement: [{ ok: false, text: HOSTILE.repeat(5) }] }],
      notes: [HOSTILE],
    };
    for (const local of [LOCAL, hostile]) {
      for (const keys of [[], ['7'], ['7', 'G'], ['4'], ['D']]) {
        const drawn = lines(pressed(stateWith(local, columns, rows), keys));
        expect(drawn).toHaveLength(rows);
        expect(drawn.filter((text) => width(text) > columns)).toEqual([]);
        expect(drawn.join('')).not.toContain('\u001b');
      }
    }
  });
});
