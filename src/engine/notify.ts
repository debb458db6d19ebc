// Which scripts a transition runs, in keepalived's order: notify_<state> as it is, then `notify` with four words appended.
import type { Command, InstanceConfig } from '../vrrp/config.ts';
import type { NotifyState } from '../vrrp/state.ts';

const EVENTS: ReadonlySet<NotifyState> = new Set(['MASTER_RX_LOWER_PRI', 'MASTER_PRIORITY', 'BACKUP_PRIORITY']);

export function notifyCommands(config: InstanceConfig, state: NotifyState, priority: number): readonly Command[] {
  const own: Partial<Record<NotifyState, Command | undefined>> = {
    MASTER: config.notify.master,
    BACKUP: config.notify.backup,
    FAULT: config.notify.fault,
    STOP: config.notify.stop,
    MASTER_RX_LOWER_PRI: config.notify.masterRxLowerPri,
  };
  const commands: Command[] = [];
  const specific = own[state];
  if (specific !== undefined) commands.push(specific);
  const { any } = config.notify;
  // The generic script hears of states only.
  if (any !== undefined && !EVENTS.has(state))
    commands.push({ ...any, argv: [...any.argv, 'INSTANCE', config.name, state, String(priority)] });
  return commands;
}
