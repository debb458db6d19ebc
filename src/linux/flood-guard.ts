// Notices a flood of what can be no advert of ours, and has the kernel leave that out for a while: it wakes nobody then, and ours
// find room in the queue. The rest of the time it is read, because who looks for a wrong VRID or TTL wants to be told.
import type { Datagram } from '../ports/vrrp-port.ts';
import { isMulticast } from '../wire/address.ts';
import { VRRP_TTL } from '../wire/vrrp.ts';
import { monotonicUs } from './clock.ts';

const PERIOD_US = 100_000;
/** In a period; 5,000 a second. 255 virtual routers that speak each 100 ms are half of it. */
const FLOOD = 500;
/** Then it is looked again whether they still come. */
const SIEVED_MS = 10_000;

export interface FloodGuardOptions {
  /** The VRIDs that are ours; undefined: nobody has said. */
  readonly expected: () => ReadonlySet<number> | undefined;
  readonly sieve: (vrids: readonly number[] | undefined) => void;
  readonly onFlood: () => void;
}

export interface FloodGuard {
  /** Something was read. */
  heard(datagram: Datagram): void;
  /** Ours are others now. */
  expectedChanged(): void;
  close(): void;
}

/** One for each socket. `sieve` and `onFlood` are called as of `heard`, and when the time of a sieve is over. */
export function createFloodGuard({ expected, sieve, onFlood }: FloodGuardOptions): FloodGuard {
  let periodStart = 0;
  let foreign = 0;
  let ends: NodeJS.Timeout | undefined;

  function begin(ours: ReadonlySet<number>): void {
    sieve([...ours]);
    ends = setTimeout(end, SIEVED_MS);
    ends.unref();
    onFlood();
  }

  function end(): void {
    clearTimeout(ends);
    ends = undefined;
    foreign = 0;
    sieve(undefined);
  }

  return {
    heard(datagram) {
      const ours = expected();
      if (ours === undefined || ends !== undefined || mayBeOurs(datagram, ours)) return;
      const now = monotonicUs();
      if (now - periodStart > PERIOD_US) {
        periodStart = now;
        foreign = 0;
      }
      foreign++;
      if (foreign >= FLOOD) begin(ours);
    },
    expectedChanged() {
      const ours = expected();
      if (ends !== undefined) sieve(ours === undefined ? undefined : [...ours]);
    },
    close: () => clearTimeout(ends),
  };
}

/** As the filter of the socket decides: see `vridFilter`. The socket that hears Authentication Headers has none. */
function mayBeOurs({ payload, destination, ttl, ah }: Datagram, ours: ReadonlySet<number>): boolean {
  if (ah !== undefined) return true;
  if (payload.length < 8 || !ours.has(payload[1]!) || (payload[0] !== 0x21 && payload[0] !== 0x31)) return false;
  return ttl === undefined || ttl === VRRP_TTL || destination === undefined || !isMulticast(destination);
}
