// From what is tracked to what it does now: what it adds to the priority, and whether it is a FAULT
// (keepalived: track_script, track_interface, track_file, track_process).
import type { TrackWeight } from '../vrrp/config.ts';
import type { Fault } from '../vrrp/state.ts';
import type { TrackProcessConfig } from './config.ts';
import type { Node, VirtualRouter } from './node.ts';
import type { TrackerSnapshot } from './snapshot.ts';
import { TRACKER_KINDS, type TrackerKind, tracksOf } from './tracks.ts';

/** A product of value and weight down there is a FAULT; one above counts as that. */
const FILE_FAULT = -254;
const FILE_MOST = 253;

export interface Tracker extends TrackerSnapshot {
  /** Why it is a FAULT now. */
  readonly fault: string | undefined;
  /** The instance does not start before this is known. */
  readonly undecided: boolean;
}

export const FAULT_KIND = {
  script: 'script',
  interface: 'tracked-interface',
  file: 'tracked-file',
  process: 'tracked-process',
} as const satisfies Readonly<Record<TrackerKind, Fault['kind']>>;

/** Every tracker of an instance, its sync group's too, with what it does now. */
export function trackersOf(node: Node, router: VirtualRouter): readonly Tracker[] {
  return TRACKER_KINDS.flatMap((kind) => tracksOf(node, router, kind).map((track) => JUDGES[kind](node, track)));
}

const JUDGES: Readonly<Record<TrackerKind, (node: Node, track: TrackWeight) => Tracker>> = {
  script(node, track) {
    const state = node.scripts.get(track.name)?.state;
    const bad = `failed (${state?.lastFailure})`;
    const tracker = judge('script', track, state?.ok, { good: 'succeeds', bad });
    // A weighted one counts from its first result on; only a FAULT may depend on waiting for it.
    return { ...tracker, undecided: state?.ok === undefined && track.weight === 0 };
  },
  interface(node, track) {
    const up = node.links.get(track.name)?.up ?? false;
    const tracker = judge('interface', track, up, { good: 'is up', bad: 'is down' });
    return { ...tracker, fault: tracker.fault && `tracked ${tracker.fault}` };
  },
  file(node, track) {
    const value = node.files.get(track.name)?.value;
    const detail = value === undefined ? undefined : String(value);
    if (value === undefined || track.weight === 0) {
      const ok = value === undefined ? undefined : value === 0;
      return judge('file', track, ok, { good: 'holds 0', bad: `holds ${value}`, detail });
    }
    return weighFile(track, value);
  },
  process(node, track) {
    const entry = node.processes.get(track.name);
    const { count, quorum } = entry?.state ?? {};
    const detail = count === undefined ? undefined : `${count} of ${wanted(entry!.config)}`;
    const [good, bad] = [`has its quorum (${detail})`, `has no quorum (${detail})`];
    return judge('process', track, quorum, { good, bad, detail });
  },
};

interface Words {
  readonly good: string;
  readonly bad: string;
  readonly detail?: string | undefined;
}

/** Weight above 0 is added while good, below 0 while bad; `reverse` turns the sign. Weight 0: being bad is a FAULT. */
function judge(kind: TrackerKind, track: TrackWeight, ok: boolean | undefined, { good, bad, detail }: Words): Tracker {
  const { name, weight, reverse } = track;
  const counts = ok !== undefined && weight !== 0 && ok === weight > 0;
  const why = ok ? `${kind} ${name} ${good} (reverse)` : `${kind} ${name} ${bad}`;
  return {
    name,
    kind,
    ok,
    weight,
    reverse,
    contribution: counts ? (reverse ? -weight : weight) : 0,
    ...(detail !== undefined && { detail }),
    fault: weight === 0 && ok !== undefined && ok === reverse ? why : undefined,
    undecided: ok === undefined,
  };
}

function weighFile({ name, weight, reverse }: TrackWeight, value: number): Tracker {
  const product = value * (reverse ? -weight : weight);
  const bad = product <= FILE_FAULT;
  return {
    name,
    kind: 'file',
    ok: !bad,
    weight,
    reverse,
    contribution: bad ? 0 : Math.min(FILE_MOST, product) || 0,
    detail: String(value),
    fault: bad ? `file ${name} holds ${value}, weight ${weight}${reverse ? ' reverse' : ''}` : undefined,
    undecided: false,
  };
}

function wanted({ quorum, quorumMax }: TrackProcessConfig): string {
  return quorumMax === undefined ? `${quorum}` : `${quorum}..${quorumMax}`;
}
