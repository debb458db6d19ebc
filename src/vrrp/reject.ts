// Why an advertisement is not accepted: one closed set for counters, log lines and the screen.

/** In the order of the validation ladder (vrrp/validate). */
export const REJECT_REASONS = [
  'truncated',
  'unknown-vrid',
  'length',
  'ttl',
  'version',
  'auth-type-unknown',
  'auth-type-mismatch',
  'auth-failure',
  'interval',
  'type',
  'checksum',
  'destination',
  'unknown-peer',
] as const;

export type RejectReason = (typeof REJECT_REASONS)[number];
