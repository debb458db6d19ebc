// Who was heard for one virtual router, and what was wrong with it.

import type { RejectReason } from '../vrrp/reject.ts';
import type { IpAddress } from '../wire/address.ts';
import type { PeerSnapshot } from './snapshot.ts';

/** Who is new costs a line here: the one not heard for longest goes. */
const MAX_PEERS = 32;
/** So long nobody makes room for another one that is refused: a flood of forged sources shall not drive the good ones out. */
const ROOM_US = 100_000;

export interface Peers {
  accepted(
    heard: { address: IpAddress; priority: number; version: number; addressesDiffer: boolean },
    now: number,
  ): void;
  rejected(heard: { address: IpAddress; version: number; reason: RejectReason }, now: number): void;
  /** Counts anew; who was heard stays known. */
  clearCounts(): void;
  /** The same list until something has changed. */
  list(): readonly PeerSnapshot[];
}

export function createPeers(): Peers {
  const peers = new Map<IpAddress, PeerSnapshot>();
  let roomAt = Number.NEGATIVE_INFINITY;
  let listed: readonly PeerSnapshot[] | undefined;
  const put = (peer: PeerSnapshot): void => {
    peers.set(peer.address, peer);
    listed = undefined;
  };
  const at = (address: IpAddress, version: number, now: number): PeerSnapshot => {
    const known = peers.get(address);
    if (known === undefined && peers.size >= MAX_PEERS) peers.delete(leastRecent(peers));
    return {
      ...(known ?? { address, priority: undefined, accepted: 0, rejected: {}, addressMismatches: 0, wasMaster: false }),
      version,
      lastHeardAt: now,
    };
  };
  return {
    accepted({ address, priority, version, addressesDiffer }, now) {
      const peer = at(address, version, now);
      put({
        ...peer,
        accepted: peer.accepted + 1,
        addressMismatches: peer.addressMismatches + (addressesDiffer ? 1 : 0),
        priority: priority > 0 ? priority : peer.priority,
        wasMaster: peer.wasMaster || priority > 0,
      });
    },
    rejected({ address, version, reason }, now) {
      if (peers.size >= MAX_PEERS && !peers.has(address)) {
        if (now < roomAt) return;
        roomAt = now + ROOM_US;
      }
      const peer = at(address, version, now);
      put({ ...peer, rejected: { ...peer.rejected, [reason]: (peer.rejected[reason] ?? 0) + 1 } });
    },
    clearCounts() {
      for (const peer of peers.values()) put({ ...peer, accepted: 0, rejected: {}, addressMismatches: 0 });
    },
    list: () => (listed ??= [...peers.values()]),
  };
}

function leastRecent(peers: ReadonlyMap<IpAddress, PeerSnapshot>): IpAddress {
  let oldest: PeerSnapshot | undefined;
  for (const peer of peers.values()) if (oldest === undefined || peer.lastHeardAt < oldest.lastHeardAt) oldest = peer;
  return oldest!.address;
}
