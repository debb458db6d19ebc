// What is predicted from two configurations beside what those two routers did: captures of keepalived pairs.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse-config.ts';
import { compareHosts } from '../../src/judge/compare-hosts.ts';
import { configuredHost } from '../../src/judge/configured-host.ts';

const TRACES = join(import.meta.dirname, '../../../shared/corpus/traces');
const [A, B] = ['192.0.2.11', '192.0.2.12'];

interface Advert {
  readonly at: number;
  readonly from: string;
  readonly resigns: boolean;
}

function table(trace: string, file: string): string[][] {
  const text = readFileSync(join(TRACES, trace, file), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'));
}

function advertsOf(trace: string): Advert[] {
  const rows = table(trace, 'trace.tsv').filter((row) => /^v[23] type 1 /.test(row[9] ?? ''));
  return rows.map((row) => ({ at: Number(row[1]), from: row[5]!, resigns: / prio 0 /.test(row[9]!) }));
}

function comparison(trace: string) {
  const hosts = ['a', 'b'].map((name) => {
    const file = join(TRACES, trace, `${name}.conf`);
    return configuredHost(name, file, parseConfig(readFileSync(file, 'utf8'), file));
  });
  return compareHosts(hosts).routers[0]!;
}

/** Seconds without a MASTER when `a` is lost at that step: from its last word (`word`), or from the step itself. */
function measured(trace: string, step: string, from: 'word' | 'step'): number {
  const at = Number(table(trace, 'steps.tsv').find((row) => row[1] === step)![0]);
  const adverts = advertsOf(trace);
  const next = adverts.find((advert) => advert.from === B && advert.at > at)!;
  const last = adverts.findLast((advert) => advert.from === A && advert.at < next.at)!;
  return next.at - (from === 'word' ? last.at : at);
}

describe.skipIf(!existsSync(TRACES))('predictions (skipped where the captures are not there)', () => {
  it.each([
    ['s01-v2-pass-failover-preempt', 'SIGTERM a', 'stopped in order'],
    ['s02-v3-ip4-nopreempt-crash', 'SIGKILL a', 'crashed'],
  ])('%s: %s took as long as was said', (trace, step, cause) => {
    const predicted = comparison(trace).failover.find((each) => each.cause === cause)!.mostUs! / 1e6;
    expect(Math.abs(measured(trace, step, 'word') - predicted)).toBeLessThan(0.05);
  });

  it('s07: a failing script took no longer than was said', () => {
    const trace = 's07-track-script-weight';
    const predicted = comparison(trace).failover.find((each) => each.cause === 'script chk fails')!.mostUs! / 1e6;
    const took = measured(trace, 'script starts failing', 'step');
    expect(took).toBeLessThan(predicted);
    // One run of the script, and its timeout, were not waited for in full.
    expect(took).toBeGreaterThan(predicted - 2.5);
  });

  it.each([
    ['s01-v2-pass-failover-preempt', true],
    ['s02-v3-ip4-nopreempt-crash', false],
  ])('%s: a, back again, takes the addresses back: %s', (trace, takesBack) => {
    expect(comparison(trace).returns[0]).toMatchObject({ host: 'a', takesBack });
    const steps = table(trace, 'steps.tsv');
    const back = Number(steps.filter((row) => row[1] === 'start a')[1]![0]);
    const end = Number(steps.find((row) => row[1] === 'SIGTERM b')![0]);
    const adverts = advertsOf(trace).filter(({ at }) => at > back && at < end);
    expect(adverts.some(({ from, resigns }) => from === A && !resigns)).toBe(takesBack);
  });
});
