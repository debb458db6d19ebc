// The working copy of one step: local to the step, so that the step itself stays pure.
import type { IpAddress } from '../wire/address.ts';
import { type AdvertFields, OWNER_PRIORITY, RESIGN_PRIORITY } from '../wire/vrrp.ts';
import type { InstanceConfig } from './config.ts';
import { keyBytes } from './hmac.ts';
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
  return skewTime(config.version, timerPriority(config, state), state.masterIntervalUs);
}

/** An owner that speaks with 254 still waits as one, but for keepalived 2.2. */
function timerPriority(config: InstanceConfig, { reduced, effectivePriority }: InstanceState): number {
  return reduced && config.options?.compat !== '2.2' ? OWNER_PRIORITY : effectivePriority;
}

/** Master-down of this instance now, µs. */
export function masterDown({ config, state }: Pick<Draft, 'config' | 'state'>): number {
  const { downTimerAdverts } = config.options ?? {};
  return masterDownTime(config.version, timerPriority(config, state), state.masterIntervalUs, downTimerAdverts);
}

/** Sends an advertisement, always built from what holds now (RFC 9568 §7.2). Nothing without a source address. */
export function sendAdvert(draft: Draft, priority = draft.state.effectivePriority): void {
  const { config, state, now } = draft;
  const { source } = state.conditions;
  const unicast = config.unicastPeers.length > 0;
  if (source === undefined) return;
  if (config.ah) countAhSequence(draft);
  draft.effects.push({
    kind: 'sendAdvert',
    fields: {
      version: config.version,
      vrid: config.vrid,
      priority,
      intervalUs: config.advertIntervalUs,
      addresses: config.addresses.map(({ address }) => address),
      ...(config.password === undefined ? {} : { password: config.password }),
      ...(config.ah && { ahSequence: draft.state.ahSequence }),
      ...signatureOf(config),
      ...checksumOf(draft),
    },
    source,
    destinations: destinationsOf(config),
    ...(unicast && config.options?.unicastTtl !== undefined && { ttl: config.options.unicastTtl }),
  });
  if (priority !== RESIGN_PRIORITY) update(draft, { lastAdvertSentAt: now });
}

/** The next Authentication Header of ours. At one a second the last number is 136 years away. */
export function countAhSequence(draft: Draft): void {
  update(draft, { ahSequence: Math.min(draft.state.ahSequence + 1, 0xffff_ffff) });
}

function signatureOf({ hmac }: InstanceConfig): Pick<AdvertFields, 'hmac'> {
  const key = hmac?.mode === 'receive-only' ? undefined : hmac?.keys.find(({ id }) => id === hmac.activeKey);
  if (hmac === undefined || key === undefined) return {};
  const window = hmac.antiReplay === 'time' ? { windowSeconds: hmac.windowSeconds } : {};
  return { hmac: { keyId: key.id, key: keyBytes(key.hex), ...window } };
}

/** v3_checksum_as_v2; old_unicast_checksum, forced or as the peers do. Both concern version 3 over IPv4 only. */
function checksumOf({ config, state }: Draft): Pick<AdvertFields, 'checksumOver'> {
  const { version, family, unicastPeers, group, options } = config;
  if (version !== 3 || family !== 4) return {};
  if (options?.v3ChecksumAsV2) return { checksumOver: 'message' };
  const old = options?.oldUnicastChecksum === 'force' || state.oldUnicastChecksum;
  return unicastPeers.length > 0 && old ? { checksumOver: group } : {};
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
