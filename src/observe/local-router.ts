// What a router on this host knows of itself, beside what is seen on the wire: its processes, its file, its dumps.
import type { Family } from '../wire/address.ts';

export type DumpKind = 'data' | 'stats' | 'json';

/** One instance as a dump tells it; what that dump does not hold is undefined. */
export interface DumpedInstance {
  readonly name: string;
  readonly interface?: string;
  readonly vrid?: number;
  /** `MASTER`, `BACKUP`, `FAULT`, `INIT`. */
  readonly state?: string;
  readonly priority?: number;
  readonly effectivePriority?: number;
  /** Seconds since the Unix epoch. */
  readonly lastTransition?: number;
  /** Failed trackers that are a FAULT. */
  readonly faults?: number;
  /** Virtual addresses as the dump writes them, and whether they are set. */
  readonly addresses?: readonly { readonly text: string; readonly set: boolean }[];
  /** Tracked scripts: `GOOD`, `BAD`, ... */
  readonly scripts?: readonly { readonly name: string; readonly status: string }[];
  /** `Received` → 12, in words of the dump of statistics. */
  readonly counters?: readonly (readonly [name: string, count: number])[];
}

/** A dump file that was read. */
export interface ReadDump {
  readonly kind: DumpKind;
  readonly file: string;
  /** When it was written, µs since the Unix epoch. */
  readonly writtenAt: number;
  readonly instances: readonly DumpedInstance[];
}

/** A keepalived (or kavtui run) of this host and network namespace. */
export interface LocalProcess {
  readonly pid: number;
  readonly name: 'keepalived' | 'kavtui';
  readonly configFile: string | undefined;
  /** It is there still. */
  readonly alive: boolean;
  /** What its log is read from, or why it is not. */
  readonly log: string;
}

/** An instance of its file and, where it is heard, the row that it is. */
export interface LocalInstance {
  readonly pid: number;
  readonly program: LocalProcess['name'];
  readonly name: string;
  readonly interface: string;
  readonly family: Family;
  readonly vrid: number;
  readonly priority: number;
  /** Name of the virtual router on the wire. */
  readonly router: string;
  /** Whether something of that virtual router has been heard. */
  readonly heard: boolean;
  /** What this host is in it, as the wire tells: `MASTER`; `BACKUP` when another one is and this one listens. */
  readonly role: 'MASTER' | 'BACKUP' | 'none';
  /** What file, dump and wire say of the same thing, one line each. */
  readonly agreement: readonly { readonly ok: boolean; readonly text: string }[];
  readonly dumps: readonly (Omit<ReadDump, 'instances'> & { readonly instance: DumpedInstance })[];
}

export interface LocalKnowledge {
  readonly processes: readonly LocalProcess[];
  readonly instances: readonly LocalInstance[];
  /** What could not be had, and which right it needs. */
  readonly notes: readonly string[];
}
