// The working copy of one step: local to the step, so that the step itself stays pure.
import type { IpAddress } from '../wire/address.ts';
import { RESIGN_PRIORITY } from '../wire/vrrp.ts';
import type { InstanceConfig } from './config.ts';
import type { InstanceEffect, InstanceState } from './state.ts';
import { masterDownTime, skewTime } from './timers.ts';

export interface Draft {
  readonly config: InstanceConfig;
  readonly now: number;
  readonly effects: InstanceEffect[];
  state: InstanceState;
}

export function update(draft: Draft, change: Partial<InstanceState>): void {
  draft.state = { ...draft.state, ...change };
}

/** Skew of this instance now, µs. */
export function skew({ config, state }: Pick<Draft, 'config' | 'state'>): number {
  return skewTime(config.version, state.effectivePriority, state.masterIntervalUs);
}

/** Master-down of this instance now, µs. */
export function masterDown({ config, state }: Pick<Draft, 'config' | 'state'>): number {
  return masterDownTime(config.version, state.effectivePriority, state.masterIntervalUs);
}

/** Sends an advertisement, always built from what holds now (RFC 9568 §7.2). Nothing without a source address. */
export function sendAdvert(draft: Draft, priority = draft.state.effectivePriority): void {
  const { config, state, now } = draft;
  const { source } = state.conditions;
  if (source === undefined) return;
  draft.effects.push({
    kind: 'sendAdvert',
    fields: {
      version: config.version,
      vrid: config.vrid,
      priority,
      intervalUs: config.advertIntervalUs,
      addresses: config.addresses.map(({ address }) => address),
      ...(config.password === undefined ? {} : { password: config.password }),
    },
    source,
    destinations: destinationsOf(config),
  });
  if (priority !== RESIGN_PRIORITY) update(draft, { lastAdvertSentAt: now });
}

/** The group, or every unicast peer. */
export function destinationsOf(config: InstanceConfig): readonly IpAddress[] {
  return config.unicastPeers.length > 0 ? config.unicastPeers : [config.group];
}

export function record(
  draft: Draft,
  line: Omit<Extract<InstanceEffect, { kind: 'record' }>, 'kind' | 'level' | 'about'> & {
    level?: 'info' | 'warning' | 'error';
    about?: 'state' | 'priority' | 'advert' | 'address';
  },
): void {
  draft.effects.push({ kind: 'record', level: 'info', about: 'advert', ...line });
}
