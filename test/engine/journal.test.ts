import { describe, expect, it } from 'vitest';
import { createJournal } from '../../src/engine/journal.ts';

const SECOND = 1_000_000;

describe('journal', () => {
  const line = (at: number) => ({ at, level: 'warning', kind: 'reject', text: 'rejected' }) as const;

  it('writes a line that repeats once in ten seconds, then with a count', () => {
    const journal = createJournal();
    expect(journal.write(line(0), 'a')?.text).toBe('rejected');
    for (let i = 1; i < 10; i++) expect(journal.write(line(i * SECOND), 'a')).toBeUndefined();
    expect(journal.write(line(10 * SECOND), 'a')?.text).toBe('rejected (and 9 more like it)');
  });

  it('is not made to write by forged senders: a hundred lines a second, and the rest is counted', () => {
    const journal = createJournal();
    const perSecond = 20_000;
    const written = Array.from({ length: 30 * perSecond }, (_, i) =>
      journal.write(line(Math.floor((i * SECOND) / perSecond)), `reject ${i % 65_536}`),
    ).flatMap((record) => record ?? []);
    expect(written.length).toBeLessThan(3_100);
    const counted = written.reduce((sum, { text }) => sum + Number(/and (\d+) more/.exec(text)?.[1] ?? 0), 0);
    expect(counted).toBeGreaterThan(350_000);
  });

  it('tells a new sender while one that was heard before is silent', () => {
    const journal = createJournal();
    for (let i = 0; i < 1000; i++) journal.write(line(0), `reject ${i}`);
    expect(journal.write(line(11 * SECOND), 'reject new')?.text).toBe('rejected');
  });
});
