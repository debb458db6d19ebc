// Who is told of a transition: notify_<state> as it is, then `notify` with four words appended (keepalived's order), then the FIFOs.
import type { Command, InstanceConfig } from '../vrrp/config.ts';
import type { NotifyState } from '../vrrp/state.ts';
import { writeFifos } from './fifos.ts';
import type { Node } from './node.ts';

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
  writeFifos(node, subject, state, priority);
}

function notifyCommands({ kind, name, notify }: Subject, state: NotifyState, priority: number): readonly Command[] {
  const own: Partial<Record<NotifyState, Command | undefined>> = {
    MASTER: notify.master,
    BACKUP: notify.backup,
    FAULT: notify.fault,
    STOP: notify.stop,
    DELETED: notify.deleted,
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
