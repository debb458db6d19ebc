// Skew and master-down (RFC 9568 §6.1, RFC 3768 §6.1), in whole microseconds as keepalived computes them.
import { OWNER_PRIORITY } from '../wire/vrrp.ts';

/** Master-down is this many intervals plus skew (keepalived's down_timer_adverts default). */
export const DOWN_TIMER_ADVERTS = 3;

const CENTISECOND_US = 10_000;

/**
 * Skew_Time in µs. Version 2: (256 - priority) / 256 s whatever the interval. Version 3: scaled by the MASTER's
 * interval, which keepalived counts in centiseconds; both truncate.
 */
export function skewTime(version: 2 | 3, priority: number, masterIntervalUs: number): number {
  if (version === 2) return Math.floor(((256 - priority) * 1_000_000) / 256);
  const centiseconds = Math.floor(masterIntervalUs / CENTISECOND_US);
  return Math.floor(((256 - priority) * centiseconds * 625) / 16);
}

/** Master_Down_Interval (Active_Down_Interval) in µs. */
export function masterDownTime(
  version: 2 | 3,
  priority: number,
  masterIntervalUs: number,
  adverts: number = DOWN_TIMER_ADVERTS,
): number {
  return adverts * masterIntervalUs + skewTime(version, priority, masterIntervalUs);
}

/** base + contributions, clamped to 1..254; an owner's 255 never changes (keepalived: effective priority). */
export function effectivePriority(base: number, contribution: number): number {
  if (base === OWNER_PRIORITY) return OWNER_PRIORITY;
  return Math.min(254, Math.max(1, base + contribution));
}
