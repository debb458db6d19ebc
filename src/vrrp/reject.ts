// Why an advertisement is not accepted: one closed set for counters, log lines and the screen.

/** In the order of the validation ladder (vrrp/validate): the first rung that fails is the reason. */
export const REJECT_REASONS = [
  'truncated',
  'unknown-vrid',
  'version',
  'length',
  'ttl',
  'auth-type-unknown',
  'auth-type-mismatch',
  'auth-failure',
  'hmac-missing',
  'hmac-malformed',
  'hmac-stale',
  'hmac-unknown-key',
  'hmac-wrong',
  'hmac-replay',
  'interval',
  'type',
  'checksum',
  'destination',
  'address-list',
  'unknown-peer',
] as const;

export type RejectReason = (typeof REJECT_REASONS)[number];

/** What a reason means, for a log line. */
export const REJECT_TEXT: Readonly<Record<RejectReason, string>> = {
  truncated: 'shorter than a VRRP header',
  'unknown-vrid': 'no instance has this VRID',
  version: 'another VRRP version than ours',
  length: 'its length does not fit its address count',
  ttl: 'its TTL is not 255, or outside the limits of its peer',
  'auth-type-unknown': 'unknown authentication type',
  'auth-type-mismatch': 'another authentication type than ours',
  'auth-failure': 'wrong password, or heard before',
  'hmac-missing': 'not signed, and auth_hmac is enforced',
  'hmac-malformed': 'its signature is of another kind',
  'hmac-stale': 'signed at another time than now: do the clocks agree?',
  'hmac-unknown-key': 'signed with a key that we do not have',
  'hmac-wrong': 'its signature does not fit',
  'hmac-replay': 'its signature is not newer than the last of its sender',
  interval: 'another advertisement interval than ours',
  type: 'not an advertisement',
  checksum: 'wrong checksum',
  destination: 'multicast where unicast is configured, or the other way round',
  'address-list': 'it lists other addresses than ours',
  'unknown-peer': 'its sender is no unicast peer',
};
