// Who is told of a transition: notify_<state> as it is, then `notify` with four words appended (keepalived's order), then the FIFOs.
import type { Command, InstanceConfig } from '../vrrp/config.ts';
import type { NotifyState } from '../vrrp/state.ts';
import type { Node } from './node.ts';
import type { Part } from './part.ts';

/** An instance or a sync group, as notifications call it. */
export interface Subject {
  readonly kind: 'INSTANCE' | 'GROUP';
  readonly name: string;
  readonly notify: InstanceConfig['notify'];
}

/** The generic script hears of states only. */
const EVENTS: ReadonlySet<NotifyState> = new Set(['MASTER_RX_LOWER_PRI', 'MASTER_PRIORITY', 'BACKUP_PRIORITY']);

/** Starts the scripts, then writes to the FIFOs. `priority` is the effective one, of a group 0. */
export function tell(node: Node, subject: Subject, state: NotifyState, priority: number): void {
  for (const { argv, text, user, group } of notifyCommands(subject, state, priority)) {
    node.lastId += 1;
    node.runs.set(node.lastId, { instance: subject.name, notify: text });
    const run = { id: node.lastId, argv, ...(user && { user }), ...(group && { group }) };
    node.out.push({ kind: 'startScript', run });
  }
  const paths = (node.config.globals.notifyFifos ?? []).map(({ path }) => path);
  if (paths.length === 0) return;
  const { kind, name } = subject;
  node.out.push({ kind: 'notifyFifo', paths, line: `${kind} "${name}" ${state} ${priority}` });
}

export const fifos: Part = { started: openFifos };

/** The FIFOs, and then the scripts that read them: the path is their last word. */
function openFifos(node: Node): void {
  for (const { path, script } of node.config.globals.notifyFifos ?? []) {
    const owner = { ...(script?.user && { user: script.user }), ...(script?.group && { group: script.group }) };
    node.out.push({ kind: 'openFifo', fifo: { path, ...owner } });
    if (script === undefined) continue;
    node.lastId += 1;
    node.runs.set(node.lastId, { notify: script.text });
    node.out.push({ kind: 'startScript', run: { id: node.lastId, argv: [...script.argv, path], ...owner } });
  }
}

function notifyCommands({ kind, name, notify }: Subject, state: NotifyState, priority: number): readonly Command[] {
  const own: Partial<Record<NotifyState, Command | undefined>> = {
    MASTER: notify.master,
    BACKUP: notify.backup,
    FAULT: notify.fault,
    STOP: notify.stop,
    MASTER_RX_LOWER_PRI: notify.masterRxLowerPri,
  };
  const commands: Command[] = [];
  const specific = own[state];
  if (specific !== undefined) commands.push(specific);
  const { any } = notify;
  if (any !== undefined && !EVENTS.has(state))
    commands.push({ ...any, argv: [...any.argv, kind, name, state, String(priority)] });
  return commands;
}
