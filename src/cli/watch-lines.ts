// What `watch` tells as lines: one JSON object for each happening, or a sentence.
import type { ObserverEvent, Place, Reign } from '../observe/event.ts';
import { eventText as observedText } from '../observe/event-text.ts';
import type { Finding } from '../observe/finding.ts';
import type { ObserverSnapshot, SegmentView, SpeakerView } from '../observe/view.ts';
import { stripControl } from '../wire/text.ts';

/** Frames that the kernel has dropped on an interface so far, because more came than are read. */
export interface Dropped {
  readonly type: 'dropped';
  readonly at: number;
  readonly interface: string;
  /** All of them: `adverts`, and `others` as ARP, which have a queue of their own. */
  readonly count: number;
  readonly adverts: number;
  readonly others: number;
}

/** A line of the log of a router that runs on this host. */
export interface LogHappening {
  readonly type: 'log';
  readonly at: number;
  readonly level: 'info' | 'warning' | 'error';
  /** `keepalived`. */
  readonly subject: string;
  /** The virtual router that it names: `eth0 v4 51`. */
  readonly router: string | undefined;
  readonly text: string;
  /** What it says, and the page that tells more, where they are known. */
  readonly means: string | undefined;
  readonly finding: string | undefined;
}

export type WatchEvent = ObserverEvent | Dropped | LogHappening;

/** Microseconds of the capture's clock → microseconds since the Unix epoch. */
export type ToWall = (at: number) => number;

type Fields = Readonly<Record<string, unknown>>;

/**
 * One JSON line without its end: `time` (seconds of the capture's clock), `type`, then the facts. Durations are in seconds,
 * what is not known is null.
 */
export function eventJson({ at, ...event }: WatchEvent, toWall: ToWall): string {
  if (event.type === 'finding') return line(at, findingFacts(event.finding, toWall), toWall);
  if (event.type === 'log') return line(at, event as unknown as Fields, toWall);
  if (event.type === 'left') {
    const { reign, ...rest } = event;
    return line(at, { ...rest, ...reignFacts(reign, toWall) }, toWall);
  }
  return line(at, { ...event, ...('since' in event && { since: seconds(toWall(event.since)) }) }, toWall);
}

/** The lines that end a watch: for each MASTER since when, for each router what it did, and the counts. */
export function endJson({ now, segments, counts }: ObserverSnapshot, toWall: ToWall): string[] {
  const at = Number.isFinite(now) ? now : toWall(0);
  const reigning = segments.flatMap((segment) =>
    segment.reigns
      .filter(({ end }) => end === undefined)
      .map((reign) => ({ type: 'still-master', ...idOf(segment), ...reignFacts(reign, toWall) })),
  );
  const speakers = segments.flatMap((segment) =>
    segment.speakers.map((speaker) => ({ type: 'router', ...idOf(segment), ...speakerFacts(speaker, toWall) })),
  );
  return [...reigning, ...speakers, { type: 'end', ...counts }].map((fields) => line(at, fields, toWall));
}

function line(at: number, fields: Fields, toWall: ToWall): string {
  const { type, interface: name, ...rest } = fields;
  const place = name === undefined ? {} : { interface: name === '' ? null : name };
  const facts = Object.entries(rest).map(([key, value]) => {
    const duration = key.endsWith('Us');
    const told = duration && typeof value === 'number' ? seconds(value) : (value ?? null);
    return [duration ? key.slice(0, -2) : key, told];
  });
  return JSON.stringify({ time: seconds(toWall(at)), type, ...place, ...Object.fromEntries(facts) });
}

function idOf({ interface: name, vlan, family, vrid }: SegmentView): Fields {
  return { interface: name, vlan, family, vrid };
}

function findingFacts(finding: Finding, toWall: ToWall): Fields {
  const { segment, firstSeen, lastSeen, resolved, evidence, address, vip, ...facts } = finding;
  return {
    type: 'finding',
    ...segment,
    address,
    vip,
    ...facts,
    evidence: evidence.map((one) => (one.kind === 'frame' ? { ...one, at: seconds(toWall(one.at)) } : one)),
    firstSeen: seconds(toWall(firstSeen)),
    lastSeen: seconds(toWall(lastSeen)),
    resolved: resolved === undefined ? null : seconds(toWall(resolved)),
  };
}

function reignFacts(
  { order, address, version, priority, cause, first, last, adverts, end }: Reign,
  toWall: ToWall,
): Fields {
  const became = { order, address, version, priority, electedBy: cause };
  return { ...became, cause: end?.cause, first: seconds(toWall(first)), last: seconds(toWall(last)), adverts };
}

function speakerFacts(speaker: SpeakerView, toWall: ToWall): Fields {
  const { address, mac, role, version, priority, intervalUs, addresses, adverts, gaps, refused, masterDownUs } =
    speaker;
  return {
    ...{ address, mac, role, version, priority, intervalUs, masterDownUs, addresses, adverts },
    firstHeard: seconds(toWall(speaker.firstHeard)),
    lastHeard: seconds(toWall(speaker.lastHeard)),
    gaps: {
      count: gaps.count,
      p50: seconds(gaps.p50Us),
      p99: seconds(gaps.p99Us),
      max: seconds(gaps.maxUs),
      nearMisses: gaps.nearMisses,
    },
    refused,
  };
}

function seconds(us: number): number {
  return us / 1_000_000;
}

/** `2014-03-05T21:55:06.745Z eth0 vlan 7 vrid 42: 10.0.0.91 is MASTER (priority 191), heard first` */
export function eventText(event: WatchEvent, toWall: ToWall): string {
  if (event.type === 'log') {
    const { at, subject, text, means } = event;
    return stripControl(`${timeText(toWall(at))} ${subject}: ${text}${means === undefined ? '' : `: ${means}`}`);
  }
  const where = event.type === 'finding' ? event.finding.segment : event;
  const place = event.type === 'dropped' ? event.interface : placeText(where as Place);
  const group = 'vrid' in where ? ` vrid ${where.vrid}` : '';
  return stripControl(`${timeText(toWall(event.at))} ${place}${group}: ${sentence(event)}`);
}

function timeText(wallUs: number): string {
  const date = new Date(wallUs / 1000);
  return Number.isNaN(date.getTime()) ? `${seconds(wallUs)} s` : date.toISOString();
}

function placeText({ interface: name, vlan, family }: Place): string {
  const parts = [name, vlan !== undefined && `vlan ${vlan}`, `IPv${family}`];
  return parts.filter((part) => part !== '' && part !== false).join(' ');
}

function sentence(event: ObserverEvent | Dropped): string {
  return event.type === 'dropped' ? droppedText(event) : observedText(event);
}

/** Who sees it wants to know first whether adverts are missing. */
export function droppedText({ adverts, others }: Pick<Dropped, 'adverts' | 'others'>): string {
  const rest = others > 0 ? `${others} other frames` : '';
  const what = [adverts > 0 ? `${adverts} adverts` : '', rest].filter((text) => text !== '').join(' and ');
  return `${what} dropped so far: more came than are read`;
}
