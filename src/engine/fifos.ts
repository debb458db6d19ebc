// The notify FIFOs of a node (notify_fifo, vrrp_notify_fifo), the scripts that read them, and the lines they are told.
import type { NotifyState } from '../vrrp/state.ts';
import type { NotifyFifoConfig } from './config.ts';
import type { Node } from './node.ts';
import type { Part } from './part.ts';

export const fifos: Part = {
  started(node) {
    for (const fifo of fifosOf(node.config)) open(node, fifo, true);
  },
  reloaded(node, before) {
    const old = new Map(fifosOf(before).map((fifo) => [fifo.path, JSON.stringify(fifo.script)]));
    const kept = new Set(fifosOf(node.config).map(({ path }) => path));
    for (const path of old.keys()) {
      if (kept.has(path)) continue;
      endScript(node, path);
      node.out.push({ kind: 'closeFifo', path });
    }
    for (const fifo of fifosOf(node.config)) {
      const same = old.get(fifo.path) === JSON.stringify(fifo.script);
      if (!same) endScript(node, fifo.path);
      // Also one that stays: somebody may have put another in its place.
      open(node, fifo, !same || !old.has(fifo.path));
    }
  },
};

function fifosOf({ globals }: Node['config']): readonly NotifyFifoConfig[] {
  return globals.notifyFifos ?? [];
}

/** `INSTANCE "VI_1" MASTER 150` to each FIFO. */
export function writeFifos(
  node: Node,
  { kind, name }: { readonly kind: 'INSTANCE' | 'GROUP'; readonly name: string },
  state: NotifyState,
  priority: number,
): void {
  const paths = fifosOf(node.config).map(({ path }) => path);
  if (paths.length > 0) node.out.push({ kind: 'notifyFifo', paths, line: `${kind} "${name}" ${state} ${priority}` });
}

/** fifo_write_vrrp_states_on_reload: the groups, then the instances. keepalived leaves out those that are MASTER. */
export function writeStates(node: Node): void {
  if (!node.config.globals.fifoStatesOnReload) return;
  for (const { config, state } of node.groups) {
    if (state !== 'INIT') writeFifos(node, { kind: 'GROUP', name: config.name }, state, 0);
  }
  for (const { config, state } of node.routers.values()) {
    if (state.state !== 'INIT')
      writeFifos(node, { kind: 'INSTANCE', name: config.name }, state.state, state.effectivePriority);
  }
}

/** The FIFO, and then the script that reads it: the path is its last word. */
function open(node: Node, { path, script }: NotifyFifoConfig, withScript: boolean): void {
  const owner = { ...(script?.user && { user: script.user }), ...(script?.group && { group: script.group }) };
  node.out.push({ kind: 'openFifo', fifo: { path, ...owner } });
  if (script === undefined || !withScript) return;
  node.lastId += 1;
  node.runs.set(node.lastId, { notify: script.text, fifo: path });
  node.out.push({ kind: 'startScript', run: { id: node.lastId, argv: [...script.argv, path], ...owner } });
}

function endScript(node: Node, path: string): void {
  for (const [id, run] of node.runs) {
    if (!('fifo' in run) || run.fifo !== path) continue;
    // It was asked to end: how it does is nobody's news.
    node.runs.delete(id);
    node.out.push({ kind: 'signalScript', id, signal: 'SIGTERM' });
  }
}
