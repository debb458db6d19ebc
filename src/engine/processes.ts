// Tracked processes (vrrp_track_process): what is counted, and what a count means for the node.
import type { NodeConfig } from './config.ts';
import type { Node } from './node.ts';
import { log } from './node.ts';
import type { Part } from './part.ts';
import { countProcesses, judgeAgain, type ProcessState, tickProcess, UNCOUNTED } from './process-tracker.ts';
import { usersOf } from './tracks.ts';

type Entry = Node['processes'] extends ReadonlyMap<string, infer E> ? E : never;

export const processes: Part = {
  started: watchProcesses,
  ticked(node) {
    for (const entry of node.processes.values()) become(node, entry, tickProcess(entry.state, node.now));
  },
  nextDeadline(node) {
    let next = Number.POSITIVE_INFINITY;
    for (const { state } of node.processes.values()) next = Math.min(next, state.changesAt ?? next);
    return next;
  },
  reloaded(node) {
    const old = node.processes;
    node.processes = new Map([...planProcesses(node.config)].map(([name, entry]) => [name, goOn(entry, old)]));
    watchProcesses(node);
  },
};

/** The tracked processes of a configuration, not counted yet. */
export function planProcesses({ trackProcesses = [] }: NodeConfig): Node['processes'] {
  return new Map(trackProcesses.map((config) => [config.name, { config, state: UNCOUNTED }]));
}

export function processesCounted(node: Node, { name, count }: { readonly name: string; readonly count: number }): void {
  const entry = node.processes.get(name);
  if (entry !== undefined) become(node, entry, countProcesses(entry.config, entry.state, count, node.now));
}

function become(node: Node, entry: Entry, state: ProcessState): void {
  const { name } = entry.config;
  const changed = entry.state.quorum !== undefined && entry.state.quorum !== state.quorum;
  entry.state = state;
  if (!changed) return;
  const text = `Quorum ${state.quorum ? 'gained' : 'lost'} for tracked process ${name}`;
  log(node, { level: state.quorum ? 'info' : 'warning', kind: 'script', subject: name, text });
}

/** Only what an instance tracks is counted. */
function watchProcesses(node: Node): void {
  const patterns = [...node.processes.values()]
    .filter(({ config }) => usersOf(node, 'process', config.name).length > 0)
    .map(({ config: { name, path, parameters, match } }) => ({ name, path, parameters, match }));
  if (JSON.stringify(patterns) === JSON.stringify(node.watching.processes)) return;
  node.watching.processes = patterns;
  node.out.push({ kind: 'watchProcesses', patterns });
}

/** The same process keeps its count over a reload, whatever the limits are now. */
function goOn(entry: Entry, old: Node['processes']): Entry {
  const before = old.get(entry.config.name);
  if (before === undefined) return entry;
  const identity = ({ path, parameters, match }: Entry['config']) => JSON.stringify([path, parameters, match]);
  if (identity(before.config) !== identity(entry.config)) return entry;
  const same = JSON.stringify(before.config) === JSON.stringify(entry.config);
  return { ...entry, state: same ? before.state : judgeAgain(entry.config, before.state) };
}
