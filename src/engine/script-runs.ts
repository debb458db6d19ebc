// Runs of track and notify scripts: what is due, and what an end means.
import type { ScriptExit } from '../ports/script-port.ts';
import type { CommandResult } from './commands.ts';
import type { ScriptConfig } from './config.ts';
import type { Node } from './node.ts';
import { log } from './node.ts';
import type { Part } from './part.ts';
import {
  initialScript,
  nextScriptDeadline,
  type ScriptStep,
  scriptExited,
  startScript,
  tickScript,
} from './script-tracker.ts';

type Entry = Node['scripts'] extends ReadonlyMap<string, infer E> ? E : never;

export const scripts: Part = {
  started: tickScripts,
  ticked: tickScripts,
  nextDeadline(node) {
    let next = Number.POSITIVE_INFINITY;
    for (const { state } of node.scripts.values()) next = Math.min(next, nextScriptDeadline(state));
    return next;
  },
  reloaded(node) {
    reloadScripts(node);
    tickScripts(node);
  },
  stopped: terminateScripts,
};

/** Starts what is due, and signals what takes too long. */
function tickScripts(node: Node): void {
  for (const entry of node.scripts.values()) {
    while (nextScriptDeadline(entry.state) <= node.now) {
      const id = node.lastId + 1;
      const step = tickScript(entry.config, entry.state, node.now, id);
      apply(node, entry, step);
      if (step.action?.kind === 'start') start(node, entry, id);
      else if (step.action?.kind === 'signal')
        node.out.push({ kind: 'signalScript', id: entry.state.running!.id, signal: step.action.signal });
    }
  }
}

function start(node: Node, { config }: Entry, id: number): void {
  node.lastId = id;
  node.runs.set(id, { script: config.name });
  const { argv, user, group } = config.command;
  node.out.push({ kind: 'startScript', run: { id, argv, ...(user && { user }), ...(group && { group }) } });
}

/** Runs a script out of turn, for an operator. Its result counts as any other, towards rise and fall. */
export function runScriptNow(node: Node, name: string, who = 'the operator'): CommandResult {
  const entry = node.scripts.get(name);
  if (entry === undefined) return { ok: false, message: `there is no vrrp_script ${name}` };
  if (entry.state.running !== undefined) return { ok: false, message: `${name} is running already` };
  entry.state = startScript(entry.config, entry.state, node.now, node.lastId + 1);
  const text = `Track script ${name} runs now, asked for by ${who}`;
  log(node, { level: 'info', kind: 'script', subject: name, text });
  start(node, entry, node.lastId + 1);
  return { ok: true, message: `${name} runs now` };
}

export function scriptEnded(node: Node, exit: ScriptExit): void {
  const run = node.runs.get(exit.id);
  if (run === undefined) return;
  node.runs.delete(exit.id);
  if ('script' in run) {
    const entry = node.scripts.get(run.script)!;
    if (entry.state.running?.id === exit.id)
      apply(node, entry, scriptExited(entry.config, entry.state, exit, node.now));
    return;
  }
  if (exit.outcome.kind === 'exited' && exit.outcome.code === 0) return;
  const result =
    exit.outcome.kind === 'not-started'
      ? `cannot be executed: ${exit.outcome.message}`
      : exit.outcome.kind === 'exited'
        ? `exited with status ${exit.outcome.code}`
        : `ended by ${exit.outcome.signal}`;
  log(node, {
    level: 'warning',
    kind: 'notify',
    ...(run.instance !== undefined && { instance: run.instance }),
    text: `notify script ${run.notify} ${result}`,
  });
}

/** TERM to every script in progress (keepalived at stop). */
function terminateScripts(node: Node): void {
  for (const [id, run] of node.runs)
    if ('script' in run) node.out.push({ kind: 'signalScript', id, signal: 'SIGTERM' });
}

function apply(node: Node, entry: Entry, { state, note }: ScriptStep): void {
  entry.state = state;
  if (note !== undefined) log(node, { ...note, kind: 'script', subject: entry.config.name });
}

/** A script whose command is the same keeps its results. */
function reloadScripts(node: Node): void {
  const old = node.scripts;
  node.scripts = new Map(
    node.config.scripts.map((config) => {
      const before = old.get(config.name);
      const same = before !== undefined && JSON.stringify(before.config.command) === JSON.stringify(config.command);
      const state = same
        ? { ...before.state, level: levelOf(before.state.ok, config) }
        : initialScript(config, node.now);
      return [config.name, { config, state }];
    }),
  );
  for (const [id, run] of node.runs) {
    if (!('script' in run) || node.scripts.get(run.script)?.state.running?.id === id) continue;
    node.out.push({ kind: 'signalScript', id, signal: 'SIGTERM' });
    node.runs.delete(id);
  }
}

/** rise and fall may be others: a good script stands at the top again, a bad one at the bottom. */
function levelOf(ok: boolean | undefined, { rise, fall }: ScriptConfig): number {
  return ok ? rise + fall - 1 : 0;
}
