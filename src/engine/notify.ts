// Which scripts a transition runs, in keepalived's order: notify_<state> as it is, then `notify` with four words appended.
import type { Command, InstanceConfig } from '../vrrp/config.ts';
import type { VrrpState } from '../vrrp/state.ts';

export function notifyCommands(
  config: InstanceConfig,
  state: VrrpState | 'STOP',
  priority: number,
): readonly Command[] {
  const own: Partial<Record<VrrpState | 'STOP', Command | undefined>> = {
    MASTER: config.notify.master,
    BACKUP: config.notify.backup,
    FAULT: config.notify.fault,
    STOP: config.notify.stop,
  };
  const commands: Command[] = [];
  const specific = own[state];
  if (specific !== undefined) commands.push(specific);
  const { any } = config.notify;
  if (any !== undefined)
    commands.push({ ...any, argv: [...any.argv, 'INSTANCE', config.name, state, String(priority)] });
  return commands;
}
