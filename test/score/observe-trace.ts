// A trace of two keepalived routers, observed: who became MASTER when, as the observer tells it and as the routers' own
// logs, their notifications and an independent reading of the capture (trace.tsv) tell it.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ObserverEvent } from '../../src/observe/event.ts';
import { createObserver } from '../../src/observe/observer.ts';
import type { ObserverSnapshot } from '../../src/observe/view.ts';
import { createCaptureReader } from '../../src/wire/pcap-stream.ts';

export interface Observed {
  readonly events: readonly ObserverEvent[];
  readonly snapshot: ObserverSnapshot;
  /** Of the first frame, µs since the Unix epoch. */
  readonly start: number;
}

/** Reads a capture to its end. */
export function observeCapture(path: string): Observed {
  const events: ObserverEvent[] = [];
  const observer = createObserver({ onEvent: (event) => void events.push(event) });
  let start: number | undefined;
  const reader = createCaptureReader(({ at, bytes, originalLength, interface: { linkType, name = '' } }) => {
    start ??= at;
    observer.observe({ interface: name, linkType, bytes, cut: bytes.length < originalLength }, at);
  });
  const problem = reader.push(readFileSync(path));
  if (problem !== undefined) throw new Error(`${path}: ${problem}`);
  observer.finish();
  return { events, snapshot: observer.snapshot(), start: start ?? 0 };
}

export interface MasterChange {
  /** Seconds since the first frame. */
  readonly at: number;
  readonly address: string;
}

/** What the observer says. */
export function observedChanges({ events, start }: Observed): MasterChange[] {
  return events.flatMap((event) =>
    event.type === 'master' ? [{ at: (event.at - start) / 1e6, address: event.address }] : [],
  );
}

/** The routers of the traces, by the names of their logs. */
const ROUTERS = [
  { log: 'a.log', ending: /(?:\.11|::11|:11)$/ },
  { log: 'b.log', ending: /(?:\.12|::12|:12)$/ },
];
/** AH, and what stands in front of VRRP: the table leaves these undecoded. Priority is the third byte of the message. */
const AH_DIGITS = 48;

interface TableAdvert extends MasterChange {
  readonly priority: number;
}

/**
 * What the logs say, to the second, made exact by the first advert of that router in `trace.tsv` from that second on, or
 * by `notify.tsv` where it has it.
 */
export function toldChanges(folder: string, start: number): MasterChange[] {
  const adverts = tableAdverts(join(folder, 'trace.tsv'));
  const notified = notifiedMasters(join(folder, 'notify.tsv'));
  return ROUTERS.flatMap(({ log, ending }) => {
    const own = adverts.filter(({ address, priority }) => ending.test(address) && priority > 0);
    return logSeconds(join(folder, log)).map((second) => {
      const from = second - start / 1e6;
      const first = own.find(({ at }) => at >= from);
      if (first === undefined || first.at > from + 1.05) throw new Error(`${folder}/${log}: no advert for ${second}`);
      const exact = log === 'a.log' ? notified.find((at) => Math.abs(at - first.at) < 1) : undefined;
      return { at: exact ?? first.at, address: first.address };
    });
  }).sort((x, y) => x.at - y.at);
}

function logSeconds(path: string): number[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.endsWith('Entering MASTER STATE'))
    .map((line) => Date.parse(`${line.slice(0, 24)} UTC`) / 1000);
}

function notifiedMasters(path: string): number[] {
  if (!existsSync(path)) return [];
  const rows = readFileSync(path, 'utf8').trim().split('\n');
  return rows
    .filter((row) => / MASTER \d+$/.test(row) && row.includes('\tfifo\t'))
    .map((row) => Number(row.split('\t')[0]));
}

function tableAdverts(path: string): TableAdvert[] {
  const rows = readFileSync(path, 'utf8').trim().split('\n').slice(1);
  return rows.flatMap((row) => {
    const [, at, , , protocol = '', address = '', , , payload = ''] = row.split('\t');
    const skip = protocol.startsWith('VRRP') ? 0 : protocol === 'proto 51' ? AH_DIGITS : undefined;
    if (skip === undefined) return [];
    return [{ at: Number(at), address, priority: Number.parseInt(payload.slice(skip + 4, skip + 6), 16) }];
  });
}

/** A row of `election.tsv`: who was MASTER, in what order, from when to when. */
export interface ElectionRow {
  readonly ip_version: number;
  readonly vrrp_version: number;
  readonly vrid: number;
  readonly order: number;
  readonly active_router: string;
  readonly priority: number;
  readonly first_adv_t: string;
  readonly last_adv_t: string;
  readonly adverts: number;
}

/** All times as MASTER, in the order of that table. */
export function electionRows({ snapshot, start }: Observed): ElectionRow[] {
  const seconds = (at: number): string => ((at - start) / 1e6).toFixed(3);
  return snapshot.segments
    .flatMap(({ family, vrid, reigns }) =>
      reigns.map(({ version, order, address, priority, first, last, adverts }) => ({
        ip_version: family,
        vrrp_version: version,
        vrid,
        order,
        active_router: address,
        priority,
        first_adv_t: seconds(first),
        last_adv_t: seconds(last),
        adverts,
      })),
    )
    .sort((x, y) => x.vrid - y.vrid || x.order - y.order);
}
