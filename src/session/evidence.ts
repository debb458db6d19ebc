// Who is there although no advert tells so: hosts that report themselves in the VRRP group, and unicast peers in the
// kernel's neighbour table. What a forecast may rest on when a backup was never heard as MASTER.
import type { ReachableHost, Snapshot } from '../engine/snapshot.ts';
import { readMembership } from '../observe/membership.ts';
import type { CapturedFrame } from '../ports/capture-port.ts';
import type { Neighbour } from '../ports/neighbour-port.ts';
import { decodeFrame } from '../wire/frame.ts';

const VRRP_GROUPS: readonly string[] = ['224.0.0.18', 'ff02::12'];
/** Group membership interval (RFC 9776 §8.4): a report holds for so long, µs. */
const REPORT_US = 260_000_000;
/** A neighbour that was last confirmed longer ago may be gone, µs. */
const CONFIRMED_US = 120_000_000;
/** How often the neighbour table is read, µs. */
const READ_US = 10_000_000;
/** Hosts that are kept, so that forged reports cost no memory. */
const KEPT = 256;

export interface Evidence {
  /** Takes a captured frame that is none of the packet list. */
  frame(frame: CapturedFrame): void;
  /** Hosts that are there at the time of the snapshot. */
  of(snapshot: Snapshot): readonly ReachableHost[];
}

/** `neighbours` reads the kernel's table of an interface; absent where there is none. */
export function createEvidence(neighbours?: (interfaceName: string) => readonly Neighbour[]): Evidence {
  const reports = new Map<string, ReachableHost>();
  let table: readonly ReachableHost[] = [];
  let readAt = Number.NEGATIVE_INFINITY;

  function read({ instances, takenAt }: Snapshot): void {
    if (neighbours === undefined || takenAt - readAt < READ_US) return;
    readAt = takenAt;
    const peers = instances.filter(({ unicast }) => unicast);
    const wanted = new Set(peers.flatMap(({ destinations }) => destinations));
    table = [...new Set(peers.map((instance) => instance.interface))].flatMap((name) =>
      neighbours(name)
        .filter(({ address, confirmedUs }) => wanted.has(address) && confirmedUs <= CONFIRMED_US)
        .map(({ address, confirmedUs }) => ({
          address,
          interface: name,
          how: 'neighbour' as const,
          at: takenAt - confirmedUs,
        })),
    );
  }

  return {
    frame(frame) {
      if (frame.direction === 'sent') return;
      const decoded = decodeFrame(frame.bytes);
      if (!decoded.ok || decoded.value.kind !== 'other' || decoded.value.ip === undefined) return;
      const { ip } = decoded.value;
      for (const { group, member } of readMembership(ip)) {
        if (!VRRP_GROUPS.includes(group)) continue;
        const key = `${frame.interface} ${ip.source}`;
        reports.delete(key);
        if (member) reports.set(key, { address: ip.source, interface: frame.interface, how: 'report', at: frame.at });
        const [oldest] = reports.keys();
        if (reports.size > KEPT && oldest !== undefined) reports.delete(oldest);
      }
    },
    of(snapshot) {
      read(snapshot);
      const fresh = [...reports.values()].filter(({ at }) => snapshot.takenAt - at <= REPORT_US);
      return [...table, ...fresh];
    },
  };
}
