// Everything that instances track, as rows of one kind: scripts, files, processes, interfaces, with who uses them and how.
import type {
  FileSnapshot,
  InstanceSnapshot,
  ProcessSnapshot,
  ScriptSnapshot,
  Snapshot,
  TrackerSnapshot,
} from '../engine/snapshot.ts';

/** How one instance uses it. */
export interface TrackerUse {
  readonly instance: string;
  readonly weight: number;
  readonly reverse: boolean;
  readonly contribution: number;
}

export interface TrackerRow {
  readonly kind: TrackerSnapshot['kind'];
  readonly name: string;
  /** Undefined: not known yet. */
  readonly ok: boolean | undefined;
  /** `3 of 2..4`, the number of a file; empty for scripts. */
  readonly detail: string;
  readonly uses: readonly TrackerUse[];
  readonly script?: ScriptSnapshot;
  readonly file?: FileSnapshot;
  readonly process?: ProcessSnapshot;
}

/** What fails first: a small pane must show what is wrong. */
export function trackerRows(snapshot: Snapshot): readonly TrackerRow[] {
  const uses = usesOf(snapshot.instances);
  const taken = new Set<string>();
  const row = (kind: TrackerRow['kind'], name: string, own: Partial<TrackerRow>): TrackerRow => {
    const key = `${kind} ${name}`;
    taken.add(key);
    const used = uses.get(key);
    return { kind, name, ok: used?.tracker.ok, detail: used?.tracker.detail ?? '', uses: used?.by ?? [], ...own };
  };
  const rows = [
    ...snapshot.scripts.map((script) => row('script', script.name, { ok: script.ok, script })),
    ...snapshot.files.map((file) => row('file', file.name, { file })),
    ...snapshot.processes.map((process) => row('process', process.name, { ok: process.ok, process })),
  ];
  for (const [key, { tracker }] of uses) if (!taken.has(key)) rows.push(row(tracker.kind, tracker.name, {}));
  const rank = ({ ok }: TrackerRow): number => (ok === false ? 0 : ok === undefined ? 1 : 2);
  return rows.sort((a, b) => rank(a) - rank(b));
}

interface Used {
  readonly tracker: TrackerSnapshot;
  readonly by: TrackerUse[];
}

function usesOf(instances: readonly InstanceSnapshot[]): ReadonlyMap<string, Used> {
  const uses = new Map<string, Used>();
  for (const { name: instance, trackers } of instances) {
    for (const tracker of trackers) {
      const { kind, name, weight, reverse, contribution } = tracker;
      const key = `${kind} ${name}`;
      const use = { instance, weight, reverse, contribution };
      const used = uses.get(key);
      if (used === undefined) uses.set(key, { tracker, by: [use] });
      else used.by.push(use);
    }
  }
  return uses;
}

/** `FAULT`, `-20`, `+5..-20`: what its failing means, to all that use it. */
export function weightText({ uses }: TrackerRow): string {
  const weights = [...new Set(uses.map(({ weight }) => weight))].sort((a, b) => b - a);
  if (weights.length === 0) return '-';
  return weights.map((weight) => (weight === 0 ? 'FAULT' : weight > 0 ? `+${weight}` : String(weight))).join(' ');
}

/** The run times of the last results, µs; undefined without any. `share` 0..1. */
export function durationQuantile({ history }: ScriptSnapshot, share: number): number | undefined {
  const sorted = history.map(({ durationUs }) => durationUs).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}
