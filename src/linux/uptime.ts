// How long this host has been up.
import { readFileSync } from 'node:fs';

/** µs since the boot, in steps of 10 ms; undefined where /proc does not tell. */
export function uptimeUs(): number | undefined {
  try {
    const seconds = Number(readFileSync('/proc/uptime', 'latin1').split(' ', 1)[0]);
    return Number.isFinite(seconds) ? Math.round(seconds * 1_000_000) : undefined;
  } catch {
    return undefined;
  }
}
