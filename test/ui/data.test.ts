// What leaves the screen: the clipboard, exported views, packets as pcapng.
import { afterEach, describe, expect, it } from 'vitest';
import { clipboardSequence } from '../../src/ui/clipboard.ts';
import { createCaptureReader } from '../../src/wire/pcap-stream.ts';
import { ENGINE_START, fakeInstance, SECOND, WALL_START } from '../support/fake-session.ts';
import { openTestScreen, type TestScreen } from '../support/screen.ts';

const open: TestScreen[] = [];
afterEach(() => {
  for (const screen of open.splice(0)) screen.unmount();
});
async function screenOf(): Promise<TestScreen> {
  const screen = await openTestScreen();
  open.push(screen);
  await screen.advance(3 * SECOND);
  return screen;
}
const textOf = (screen: TestScreen, file: string): string => new TextDecoder().decode(screen.saved.get(file));

describe('copying', () => {
  it('y copies the chosen row, Y the whole thing as JSON, and both say that they were sent, not that they arrived', async () => {
    const screen = await screenOf();
    await screen.press('jy');
    expect(screen.copied[0]?.split('\t').slice(0, 2)).toEqual(['BACKUP', 'VI_DB']);
    expect(screen.text()).toMatch(/sent \d+ bytes/);
    await screen.press('Y');
    expect(JSON.parse(screen.copied[1]!)).toMatchObject({ name: 'VI_DB', vrid: 60, counters: { advertSent: 0 } });
  });

  it('of a log that follows takes the newest row, whose story is told below it', async () => {
    const screen = await screenOf();
    await screen.press('2Y');
    const newest = JSON.parse(screen.copied[0]!);
    expect(newest).toMatchObject({ protocol: 'vrrp', bytes: expect.stringMatching(/^[0-9a-f]+$/) });
    expect(screen.text()).toContain(`Packet #${newest.seq}`);
    await screen.press('kY');
    expect(JSON.parse(screen.copied[1]!).seq).toBe(newest.seq - 1);
  });

  it('needs a row', async () => {
    const screen = await screenOf();
    await screen.press('6y');
    expect(screen.copied).toEqual([]);
    expect(screen.text()).toContain('there is no row to copy');
  });
});

describe('the sequence for the clipboard', () => {
  const decoded = (sequence: string): string => Buffer.from(/52;c;([\w+/=]*)/.exec(sequence)![1]!, 'base64').toString();

  it('is OSC 52 with the text in UTF-8', () => {
    const result = clipboardSequence('a→b', { TERM: 'xterm-256color' });
    expect(result).toMatchObject({ ok: true, bytes: 5, sequence: '\x1b]52;c;YeKGkmI=\x1b\\' });
  });

  it('is wrapped for tmux and, in pieces, for screen', () => {
    const tmux = clipboardSequence('text', { TERM: 'screen-256color', TMUX: '/tmp/tmux-0/default,1,0' });
    expect(tmux).toMatchObject({ sequence: '\x1bPtmux;\x1b\x1b]52;c;dGV4dA==\x1b\x1b\\\x1b\\' });
    const long = 'x'.repeat(3000);
    const screen = clipboardSequence(long, { TERM: 'screen', STY: '1.pts' });
    if (!screen.ok) throw new Error(screen.message);
    const pieces = screen.sequence.split('\x1b\\').slice(0, -1);
    for (const piece of pieces) expect(piece).toMatch(/^\x1bP/);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(768);
    expect(decoded(pieces.map((piece) => piece.slice(2)).join(''))).toBe(long);
  });

  it('is refused for what no terminal takes', () => {
    expect(clipboardSequence('x'.repeat(56_000), {})).toMatchObject({ ok: true });
    expect(clipboardSequence('x'.repeat(56_300), {})).toMatchObject({
      ok: false,
      message: expect.stringContaining('56300 bytes'),
    });
  });
});

describe('exporting', () => {
  it('writes the rows that pass the filter, in their order, every column, as CSV', async () => {
    const screen = await screenOf();
    await screen.press('/state=BACKUP|MASTER\r');
    await screen.press('/');
    await screen.press('\x15state~MASTER|BACKUP\r');
    await screen.press(':sort name\r');
    await screen.press(':export csv out.csv\r');
    const lines = textOf(screen, 'out.csv').trimEnd().split('\n');
    expect(lines.map((line) => line.split(',').slice(0, 2).join(' '))).toEqual([
      'state name',
      'BACKUP VI_DB',
      'MASTER VI_WEB',
    ]);
    expect(lines[0]).toContain('received');
    expect(screen.text()).toContain('2 rows written to out.csv');
  });

  it('tells the format by the name of the file', async () => {
    const screen = await screenOf();
    await screen.press(':export a.json\r');
    await screen.press(':export b.md\r');
    expect(JSON.parse(textOf(screen, 'a.json'))).toHaveLength(3);
    expect(textOf(screen, 'b.md').split('\n')[1]).toMatch(/^\|(---\|)+$/);
  });

  it('e and W propose a name, which Enter takes', async () => {
    const screen = await screenOf();
    await screen.press('e');
    expect(screen.text()).toMatch(/:export csv kavtui-instances-alpha-\d{8}-\d{6}\.csv/);
    await screen.press('\r');
    expect([...screen.saved.keys()]).toEqual([expect.stringMatching(/^kavtui-instances/)]);
    await screen.press('W\r');
    expect([...screen.saved.keys()][1]).toMatch(/^kavtui-packets-.*\.pcapng$/);
  });

  it('gives a spreadsheet no formula and no line of its own', async () => {
    const screen = await screenOf();
    await screen.advance(0, { instances: [fakeInstance(ENGINE_START, { name: '=cmd|"x",1' })] });
    await screen.press(':export x.csv\r');
    expect(textOf(screen, 'x.csv')).toContain(`"'=cmd|""x"",1"`);
    expect(textOf(screen, 'x.csv').trimEnd().split('\n')).toHaveLength(2);
  });
});

describe('the packets', () => {
  it('that the filter lets through become a pcapng file with interfaces, times of day and directions', async () => {
    const screen = await screenOf();
    await screen.press('2/dir=rcvd if=eth1\r');
    await screen.press(':pcap p.pcapng\r');
    const read: Parameters<Parameters<typeof createCaptureReader>[0]>[0][] = [];
    const reader = createCaptureReader((packet) => read.push(packet));
    reader.push(screen.saved.get('p.pcapng')!);
    expect(reader.whole).toBe(true);
    expect(read.length).toBeGreaterThan(5);
    expect(screen.text()).toMatch(new RegExp(`${read.length} of \\d+ packets written to p.pcapng`));
    expect(new Set(read.map((packet) => packet.interface.name))).toEqual(new Set(['eth1']));
    const first = (WALL_START - 5 * 1000 + 310) * 1000;
    expect(read[0]!.at).toBe(first);
  });
});
