// The observer against captures of real routers that are handed to the developers and are no part of the project, and what
// is known of them from elsewhere. Without them these tests are skipped.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { electionRows, observeCapture } from '../score/observe-trace.ts';
import { compareTrace } from '../score/score-observe.ts';

const CORPUS = resolve(import.meta.dirname, '../../../shared/corpus');
const TRACES = resolve(CORPUS, 'traces');
const LAB = resolve(import.meta.dirname, '../../../shared/lab/pcaps');
const SEVEN = resolve(CORPUS, 'tcpdump/vrrp.pcap');

describe.skipIf(!existsSync(CORPUS))('captures of real routers', () => {
  it('of seven routers and five virtual routers: who was MASTER, from when to when, row for row', () => {
    const [head = '', ...rows] = readFileSync(resolve(CORPUS, 'tcpdump/election.tsv'), 'utf8').trim().split('\n');
    const keys = head.split('\t') as (keyof ReturnType<typeof electionRows>[number])[];
    const ours = electionRows(observeCapture(SEVEN)).map((row) => keys.map((key) => row[key]).join('\t'));
    expect(ours).toEqual(rows);
  });

  it('of seven routers: nobody is MASTER beside another, none comes late', () => {
    const { events } = observeCapture(SEVEN);
    expect(events.filter(({ type }) => ['two-masters', 'near-miss', 'refused', 'change'].includes(type))).toEqual([]);
  });

  const traces = existsSync(TRACES) ? readdirSync(TRACES) : [];
  it.each(traces)('%s: each change of MASTER that the routers logged, within 50 ms, and no other', (name) => {
    const { lines, ok } = compareTrace(join(TRACES, name));
    expect(ok, lines.join('\n')).toBe(true);
    expect(errors(join(TRACES, name, 'trace.pcap'))).toEqual([]);
  });
});

/** Ids of the findings that say that something is broken. */
function errors(path: string): string[] {
  const { events } = observeCapture(path);
  return events.flatMap((event) =>
    event.type === 'finding' && event.finding.severity === 'error' ? [event.finding.id] : [],
  );
}

describe.skipIf(!existsSync(LAB))('captures of pairs that were measured', () => {
  it('a broken link that heals: the other takes over by silence, the first preempts again', () => {
    const { events } = observeCapture(join(LAB, 'split_brain_heal_v3.pcap'));
    const told = events.flatMap((event) => (event.type === 'master' ? [`${event.address} ${event.cause}`] : []));
    expect(told).toEqual(['10.60.0.1 first', '10.60.0.2 silence', '10.60.0.1 preemption']);
  });

  const healthy = existsSync(LAB) ? readdirSync(LAB).filter((name) => name.endsWith('.pcap')) : [];
  it.each(healthy)('%s: nothing refused, never two MASTERs, nothing wrong', (name) => {
    const { events } = observeCapture(join(LAB, name));
    expect(events.filter(({ type }) => ['two-masters', 'refused'].includes(type))).toEqual([]);
    expect(errors(join(LAB, name))).toEqual([]);
  });
});
