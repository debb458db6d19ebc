// What an operator has changed for a while: held here with an expiry, so that a dead terminal reverts by itself.
import { OWNER_PRIORITY } from '../wire/vrrp.ts';
import type { CommandResult, SetCommand } from './commands.ts';
import { DEFAULT_OVERRIDE_US } from './commands.ts';
import type { OverrideSnapshot } from './snapshot.ts';

type Change =
  | { readonly kind: 'force-fault' }
  | { readonly kind: 'priority'; readonly priority: number }
  | { readonly kind: 'nopreempt'; readonly preempt: boolean };

export type Override = OverrideSnapshot & { readonly change: Change };

/** What an instance is before overrides, and with them. */
export interface Settings {
  readonly basePriority: number;
  readonly preempt: boolean;
  readonly forced: boolean;
}

/** Settings of one instance with all its overrides. */
export function applyOverrides(
  overrides: readonly Override[],
  instance: string,
  own: Omit<Settings, 'forced'>,
): Settings {
  let settings: Settings = { ...own, forced: false };
  for (const { change, instance: target } of overrides) {
    if (target !== instance) continue;
    if (change.kind === 'force-fault') settings = { ...settings, forced: true };
    else if (change.kind === 'priority') settings = { ...settings, basePriority: change.priority };
    else settings = { ...settings, preempt: change.preempt };
  }
  return settings;
}

/** The override that a command makes; or why it is refused. `now` is the settings in force. */
export function planOverride(
  command: SetCommand,
  now: Settings,
  configuredPriority: number,
): { readonly ok: true; readonly change: Change; readonly text: string } | Extract<CommandResult, { ok: false }> {
  if (command.kind === 'force-fault') return { ok: true, change: { kind: 'force-fault' }, text: 'forced FAULT' };
  if (configuredPriority === OWNER_PRIORITY) {
    const message = `${command.instance} owns its addresses (priority 255): priority and preemption are fixed`;
    return { ok: false, message };
  }
  if (command.kind === 'toggle-nopreempt') {
    const preempt = !now.preempt;
    return { ok: true, change: { kind: 'nopreempt', preempt }, text: `nopreempt ${preempt ? 'off' : 'on'}` };
  }
  const wanted = command.kind === 'set-priority' ? command.priority : now.basePriority + command.delta;
  if (!Number.isInteger(wanted)) return { ok: false, message: 'a priority is a whole number from 1 to 254' };
  const priority = Math.min(254, Math.max(1, wanted));
  return { ok: true, change: { kind: 'priority', priority }, text: `priority ${configuredPriority} -> ${priority}` };
}

/** How long a command lasts, µs: at least one second, at most a day. */
export function lifeOf(command: SetCommand): number {
  return Math.min(86_400_000_000, Math.max(1_000_000, command.lastsUs ?? DEFAULT_OVERRIDE_US));
}
