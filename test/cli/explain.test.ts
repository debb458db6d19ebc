import { describe, expect, it } from 'vitest';
import { explain, findPages, readPages } from '../../src/cli/explain.ts';

const pages = readPages();

function run(...words: string[]): { exit: number; out: string; err: string } {
  let [out, err] = ['', ''];
  const exit = explain(words, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
  });
  return { exit, out, err };
}

describe('explain', () => {
  it.each(['D01', 'd08'])('%s prints its page', (id) => {
    const { exit, out } = run(id);
    expect(exit).toBe(0);
    expect(out).toMatch(new RegExp(`^# ${id.toUpperCase()}: .*## How to check.*## How to mend`, 's'));
  });

  it.each([
    ['(VI_1) Received advert from 192.0.2.12 with lower priority 90, ours 100, forcing new election', 'D01'],
    ['Nov 22 13:04:44 lb1 Keepalived_vrrp[39]: (VI_1) received an invalid passwd!', 'D20'],
    ["(web) advertisement interval mismatch mine=1 sec rcv'd=2 sec", 'D21'],
    ['bogus VRRP packet received on eth0 !!!', 'D06'],
    ['bogus vrrp packet', 'D06'],
    ['(VI_1) invalid TTL/HL. Received 64 and expect 255', 'D43'],
    ['(VI_1) Cant send advert to 192.0.2.12 (Operation not permitted)', 'D25'],
    ['(VI_1) Cant send advert to 192.0.2.12 (Network is unreachable)', 'D35'],
    ["Unsafe permissions found for script '/etc/keepalived/chk.sh' - disabling.", 'D13'],
    ['A thread timer expired 3.000123 seconds ago', 'D09'],
  ])('finds the page of %s', (line, id) => {
    expect(findPages(pages, line).map((page) => page.id)).toEqual([id]);
  });

  it.each(['Starting VRRP child process, pid=39', 'master', '', 'D99', 'x\u001b[31m'])('%j is not known', (text) => {
    const { exit, out, err } = run(text);
    expect([exit, out]).toEqual([1, '']);
    expect(err).toMatch(/^kavtui: nothing is known of .*\n {2}D01: Two or more/);
    expect(err).not.toContain('\u001b');
  });

  it('each page has the same parts, and no log line is in two of them', () => {
    for (const { id, text } of pages)
      expect(text).toMatch(
        new RegExp(`^# ${id}: \\S.*\n\n(?:.|\n)*\n## How to check\n\n(?:.|\n)*\n## How to mend\n\n`),
      );
    const logs = pages.flatMap((page) => page.logs);
    expect(logs.filter((log, i) => logs.indexOf(log) !== i)).toEqual([]);
    for (const page of pages) for (const log of page.logs) expect(findPages([page], log)).toEqual([page]);
  });
});
