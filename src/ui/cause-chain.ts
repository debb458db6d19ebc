// Why something happened and what came of it: script → weight → effective priority → election → VIP, out of the event log.
import type { EventRecord } from '../engine/record.ts';
import type { InstanceSnapshot, Snapshot } from '../engine/snapshot.ts';

/** The way a peer's advert takes until it decides: what happens at a priority may show that much later. */
const ELECTION_MASTER_DOWNS = 3;

export interface Link {
  readonly text: string;
  /** The event at hand. */
  readonly chosen: boolean;
}

/**
 * The chain of one event, first cause first. Events of one step of the engine have the same time: those that name no
 * instance, or the same one, belong together. A change of priority goes on to the next change of state, when that came
 * soon enough to be its election. Only what the log and the snapshot say: no link is guessed.
 */
export function causeChain(
  event: EventRecord,
  events: readonly EventRecord[],
  snapshot: Pick<Snapshot, 'instances'> | undefined,
): readonly Link[] {
  const name = event.instance ?? instanceNearby(event, events);
  const instance = snapshot?.instances.find((each) => each.name === name);
  const steps = stepsAround(event, events, name, instance);
  const links: Link[] = [];
  for (const each of steps) {
    links.push({ text: linkText(each), chosen: each === event });
    const weight = weightText(each, instance);
    if (weight !== undefined) links.push({ text: weight, chosen: false });
    const addresses = addressText(each, instance);
    if (addresses !== undefined) links.push({ text: addresses, chosen: false });
  }
  return links;
}

/** An event of a script has no instance: the one that it moved in the same step. */
function instanceNearby(event: EventRecord, events: readonly EventRecord[]): string | undefined {
  return events.find(({ at, seq, instance }) => at === event.at && seq > event.seq && instance !== undefined)?.instance;
}

function stepsAround(
  event: EventRecord,
  events: readonly EventRecord[],
  name: string | undefined,
  instance: InstanceSnapshot | undefined,
): readonly EventRecord[] {
  const ours = events.filter((each) => each.instance === name || (each.instance === undefined && isCause(each)));
  const step = (at: number): readonly EventRecord[] => {
    const same = ours.filter((each) => each.at === at);
    // A cause without an instance counts only where the instance moved with it.
    return same.some(({ instance: who }) => who !== undefined) ? same : same.filter((each) => each === event);
  };
  const patience = ELECTION_MASTER_DOWNS * (instance?.masterDownUs ?? 0);
  const present = step(event.at);
  const moved = present.find(({ kind }) => kind === 'state');
  const own = ours.filter((each) => each.instance === name && (each.kind === 'state' || each.kind === 'priority'));
  if (moved !== undefined) {
    const before = own.findLast(({ at }) => at < event.at);
    const led = before?.kind === 'priority' && event.at - before.at <= patience && isElection(moved);
    return led ? [...step(before.at), ...present] : present;
  }
  if (!present.some(({ kind }) => kind === 'priority')) return present;
  const after = own.find(({ at }) => at > event.at);
  const leads = after?.kind === 'state' && after.at - event.at <= patience && isElection(after);
  return leads ? [...present, ...step(after.at)] : present;
}

const CAUSES: ReadonlySet<EventRecord['kind']> = new Set(['script', 'link', 'override', 'port']);

const isCause = ({ kind }: EventRecord): boolean => CAUSES.has(kind);

/** Decided by comparing priorities. */
const isElection = ({ cause }: EventRecord): boolean => /priority/.test(cause ?? '');

function linkText({ kind, text, state, cause }: EventRecord): string {
  if (kind === 'state' && state !== undefined) return cause ? `${state} (${cause})` : state;
  return text.replace(/^Changing effective priority from (\d+) to (\d+)$/, 'effective priority $1 to $2');
}

/** What the failure, or its end, does to this instance. */
function weightText({ kind, subject }: EventRecord, instance: InstanceSnapshot | undefined): string | undefined {
  if ((kind !== 'script' && kind !== 'link') || subject === undefined) return undefined;
  const tracker = instance?.trackers.find((each) => each.name === subject);
  if (tracker === undefined) return undefined;
  return tracker.weight === 0 ? 'weight 0: FAULT while it fails' : `weight ${signed(tracker.weight)}`;
}

const signed = (value: number): string => (value > 0 ? `+${value}` : String(value));

function addressText({ kind, state }: EventRecord, instance: InstanceSnapshot | undefined): string | undefined {
  if (kind !== 'state' || instance === undefined || (state !== 'MASTER' && state !== 'BACKUP' && state !== 'FAULT'))
    return undefined;
  const count = instance.addresses.length;
  const what = count === 1 ? instance.addresses[0]!.address : `${count} VIPs`;
  if (count === 0) return undefined;
  return state === 'MASTER' ? `${what} here` : `${what} not here`;
}
