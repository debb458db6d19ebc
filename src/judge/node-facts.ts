// What a running router knows of itself, for the rules that judge it (node-*.ts).
import type { EventRecord } from '../engine/record.ts';
import type { InstanceSnapshot, Snapshot } from '../engine/snapshot.ts';
import type { IpAddress } from '../wire/address.ts';
import type { HostFinding } from './host-finding.ts';

/** A router that the capture has heard for a virtual router of ours: in front of the IP stack of this host. */
export interface CapturedSpeaker {
  readonly address: IpAddress;
  readonly destination: IpAddress;
  readonly ah: boolean;
  readonly intervalUs: number;
  readonly firstHeard: number;
  readonly lastHeard: number;
}

/** All times are µs of the engine's clock. */
export interface NodeFacts {
  readonly snapshot: Snapshot;
  /** How late the timer was, p99 of the last ten seconds, µs. */
  readonly latenessUs: number;
  /** Lines of the event log about an instance, oldest first; those of the last ten minutes are enough. */
  events(instance: string): readonly EventRecord[];
  /** When each reason of a FAULT was first seen; see `faultTimes`. */
  readonly faultSince: ReadonlyMap<string, number>;
  /** Whom the capture has heard on the instance's interface. */
  heard(instance: InstanceSnapshot): readonly CapturedSpeaker[];
  /** When a querier of multicast groups was last heard on the instance's interface; undefined: never. */
  querier(instance: InstanceSnapshot): number | undefined;
}

export type NodeRule = (facts: NodeFacts) => readonly HostFinding[];

/** A duration for people: `0.512 s`. */
export function secondsText(us: number): string {
  return `${(us / 1e6).toFixed(3).replace(/\.?0+$/, '')} s`;
}
