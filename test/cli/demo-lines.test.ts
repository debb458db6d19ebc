import { describe, expect, it } from 'vitest';
import { runDemoLines } from '../../src/cli/demo-lines.ts';

function lines(): string[] {
  const written: string[] = [];
  runDemoLines((line) => written.push(line));
  return written;
}

/** The rows of the reports that begin with these words. */
function rows(what: string): string[] {
  return lines().filter((line) => line.trim().startsWith(what));
}

describe('the demo without a terminal', () => {
  it('prints the same drill each time', () => {
    expect(lines()).toEqual(lines());
  });

  it('shows the election in virtual time', () => {
    const election = /^ +3\.084 s {2}lb1 {2}\(VI_1\) Entering MASTER STATE/;
    expect(lines()).toContainEqual(expect.stringMatching(election));
  });

  it('measures what is expected: each row of both reports is ok', () => {
    const verdicts = lines().filter((line) => /\b(ok|LOOK)\b/.test(line));
    expect(verdicts).toHaveLength(11);
    for (const line of verdicts) expect(line).toMatch(/ {2}ok\b/);
  });

  it('the takeover takes the skew of the heir: 56/256 s in VRRPv2, half of that at half a second in VRRPv3', () => {
    expect(rows('priority 0 -> first advert').map((line) => line.match(/[\d.]+ s/g))).toEqual([
      ['0.219 s', '0.219 s'],
      ['0.109 s', expect.stringMatching(/^0\.1(09|10) s$/)],
    ]);
  });

  it('says who is MASTER after the release, and why', () => {
    expect(rows('MASTER after release')).toEqual([
      expect.stringMatching(/lb2 +lb2 +ok +nopreempt: a healthy MASTER is left alone/),
      expect.stringMatching(/lb2 +lb2 +ok +preempt: priority 241 is the best/),
    ]);
  });

  it('is over in well under two seconds', () => {
    const start = performance.now();
    lines();
    expect(performance.now() - start).toBeLessThan(1500);
  });
});
