import { describe, expect, it } from 'vitest';
import { explain, readPages } from '../../src/cli/explain.ts';

const pages = readPages();

function run(words: readonly string[], input = ''): { exit: number; out: string; err: string } {
  let [out, err] = ['', ''];
  const write = {
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
  };
  return { exit: explain(words, write, () => input), out, err };
}

describe('explain', () => {
  it.each(['D01', 'd08'])('%s prints its page', (id) => {
    const { exit, out } = run([id]);
    expect(exit).toBe(0);
    expect(out).toMatch(new RegExp(`^# ${id.toUpperCase()}: .*## How to check.*## How to mend`, 's'));
  });

  it.each([
    ['(VI_1) Received advert from 192.0.2.12 with lower priority 90, ours 100, forcing new election', 'D01'],
    ['Nov 22 13:04:44 lb1 Keepalived_vrrp[39]: (VI_1) received an invalid passwd!', 'D20'],
    ["(web) advertisement interval mismatch mine=1 sec rcv'd=2 sec", 'D21'],
    ['bogus VRRP packet received on eth0 !!!', 'D06'],
    ['(VI_1) invalid TTL/HL. Received 64 and expect 255', 'D43'],
    ['(VI_1) Cant send advert to 192.0.2.12 (Operation not permitted)', 'D25'],
    ['(VI_1) Cant send advert to 192.0.2.12 (Network is unreachable)', 'D35'],
    ["Unsafe permissions found for script '/etc/keepalived/chk.sh' - disabling.", 'D13'],
  ])('of the line %s says what it means, and prints the page', (line, id) => {
    const { exit, out } = run([line]);
    expect(exit).toBe(0);
    expect(out).toMatch(new RegExp(`^\\S.*\n {2}(?:info|warning|error) +\\S.*\n {2}look +\\S.*\n\n# ${id}: `));
  });

  it('a line without a page of its own is explained all the same', () => {
    const { exit, out } = run(['(VI_1) Entering BACKUP STATE (init)']);
    expect(exit).toBe(0);
    expect(out).toMatch(/^Entering BACKUP STATE \(init\) \(instance VI_1\)\n {2}info +The instance has started/);
    expect(out).not.toContain('# D');
  });

  it('a piece of a line finds the lines that hold it', () => {
    expect(run(['bogus vrrp packet']).out).toContain('# D06: ');
    expect(run(['from remote host']).out).toMatch(
      /equal priority advert received from remote host with our IP address/,
    );
  });

  it.each(['master', '', 'D99', 'x\u001b[31m'])('%j is not known: the pages are listed', (text) => {
    const { exit, out, err } = run([text]);
    expect([exit, out]).toEqual([1, '']);
    expect(err).toMatch(/^kavtui: nothing is known of .*\n {2}D01: Two or more/);
    expect(err).not.toContain('\u001b');
  });

  it('names the nearest texts of a line that it does not know', () => {
    const { exit, err } = run(['(VI_1) MASTER obtained advert from 192.0.2.1 with higher priority 5, ours 3']);
    expect(exit).toBe(1);
    expect(err).toContain('did you mean: Master received advert from %s with higher priority %d, ours %d\n');
  });

  it('- explains each line of standard input, the same meaning once', () => {
    const log = [
      'Nov 22 13:04:44 lb1 Keepalived_vrrp[39]: (VI_1) Receive advertisement timeout',
      '',
      'Nov 22 13:04:44 lb1 Keepalived_vrrp[39]: (VI_1) Entering MASTER STATE',
      'Nov 22 13:04:45 lb1 Keepalived_vrrp[39]: (VI_2) Entering MASTER STATE',
      'Nov 22 13:04:45 lb1 sshd[7]: something \u001b[31melse',
    ];
    const { exit, out, err } = run(['-'], log.join('\n'));
    expect([exit, err]).toEqual([0, '']);
    const blocks = out.split(/^(?=Nov)/m);
    expect(blocks).toHaveLength(4);
    expect(blocks[0]).toMatch(/\n {2}warning .*\n {2}look .*\n {2}page +D09: /);
    expect(blocks[1]).toMatch(/\n {2}info +This router sends the adverts/);
    expect(blocks[2]).toMatch(/\n {2}as above\n$/);
    expect(blocks[3]).toMatch(/\n {2}not known/);
    expect(out).not.toContain('\u001b');
  });

  it('- with nothing that is known exits 1', () => {
    expect(run(['-'], 'nothing\nof this\n').exit).toBe(1);
  });

  it('prints the page of every log line that stands on one', () => {
    const filled = (log: string): string => log.replace(/%[-+ 0-9.*]*(?:ll|l|z|h)?[a-z]/g, '7');
    const lost = pages.flatMap(({ id, logs }) => logs.filter((log) => !run([filled(log)]).out.includes(`# ${id}: `)));
    expect(lost).toEqual([]);
  });

  it('each page has the same parts', () => {
    for (const { id, text } of pages) {
      expect(text).toMatch(
        new RegExp(`^# ${id}: \\S.*\n\n(?:.|\n)*\n## How to check\n\n(?:.|\n)*\n## How to mend\n\n`),
      );
    }
  });
});
