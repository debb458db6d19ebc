// The kernel's neighbour table (ARP, neighbour discovery), as far as it tells who is there.
import type { IpAddress } from '../wire/address.ts';

export interface Neighbour {
  readonly address: IpAddress;
  /** How long ago it was last known to answer, µs. */
  readonly confirmedUs: number;
}
