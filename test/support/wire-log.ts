// Everything that passed the switch of a lab: one tcpdump per port, so that the sender is known by its port.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Advert, type Announcement, readFrames, type WireEvent } from './frames.ts';
import { kill, until } from './host.ts';

export interface AdvertFilter {
  readonly from?: number;
  readonly vrid?: number;
  /** Exactly this priority; without it, every advert but priority 0. */
  readonly priority?: number;
  /** Kernel times in milliseconds, exclusive. */
  readonly after?: number;
  readonly before?: number;
}

export interface WireLog {
  adverts(filter?: AdvertFilter): Advert[];
  announcements(filter: { from: number; after: number; address?: string }): Announcement[];
  /** The first advert that fits, waiting for it at most so many milliseconds. */
  firstAdvert(filter: AdvertFilter, milliseconds: number): Promise<Advert>;
  /** The last advert that fits, now. Throws when there is none. */
  lastAdvert(filter: AdvertFilter): Advert;
  /** The whole story, one line per change of speaker: for the message of a failed test. */
  story(): string;
  close(): void;
}

interface Port {
  readonly from: number;
  readonly file: string;
  readonly tcpdump: ChildProcess;
  size: number;
  events: WireEvent[];
}

/** Starts to capture on ports of the switch, each of which belongs to a router. */
export async function captureWire(
  namespace: string,
  wanted: readonly { readonly from: number; readonly name: string }[],
  directory: string,
  pids: Set<number>,
): Promise<WireLog> {
  const ports = await Promise.all(wanted.map((port) => openPort(namespace, port, directory, pids)));
  const events = () => ports.flatMap(refresh).sort((a, b) => a.at - b.at);
  const adverts = (filter: AdvertFilter = {}) =>
    events().filter((event): event is Advert => event.kind === 'advert' && fits(event, filter));
  return {
    adverts,
    announcements: ({ from, after, address }) =>
      events().filter(
        (event): event is Announcement =>
          event.kind === 'announcement' &&
          event.from === from &&
          event.at > after &&
          (address === undefined || event.address === address),
      ),
    firstAdvert: (filter, milliseconds) =>
      until(`an advert ${JSON.stringify(filter)}`, milliseconds, () => adverts(filter)[0]),
    lastAdvert(filter) {
      const last = adverts(filter).at(-1);
      if (!last) throw new Error(`no advert ${JSON.stringify(filter)}`);
      return last;
    },
    story: () => tell(events()),
    close: () => {
      for (const { tcpdump } of ports) if (tcpdump.exitCode === null && tcpdump.pid) kill(tcpdump.pid, 'SIGKILL');
    },
  };
}

async function openPort(
  namespace: string,
  { from, name }: { readonly from: number; readonly name: string },
  directory: string,
  pids: Set<number>,
): Promise<Port> {
  const file = join(directory, `${name}.pcap`);
  const options = '--time-stamp-precision=nano --immediate-mode -B 4096 -s 2048 -U -n -Z root -Q in'.split(' ');
  const args = ['netns', 'exec', namespace, 'tcpdump', ...options, '-i', name, '-w', file];
  const tcpdump = spawn('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  if (tcpdump.pid) pids.add(tcpdump.pid);
  let said = '';
  tcpdump.stderr.on('data', (chunk) => {
    said += chunk;
  });
  await until(`tcpdump listens (${said})`, 5000, () => said.includes('listening on'));
  return { from, file, tcpdump, size: 0, events: [] };
}

function refresh(port: Port): WireEvent[] {
  const size = existsSync(port.file) ? statSync(port.file).size : 0;
  if (size !== port.size) {
    port.size = size;
    port.events = readFrames(port.file, port.from);
  }
  return port.events;
}

function fits(advert: Advert, filter: AdvertFilter): boolean {
  return (
    (filter.from === undefined || advert.from === filter.from) &&
    (filter.vrid === undefined || advert.vrid === filter.vrid) &&
    (filter.priority === undefined ? advert.priority !== 0 : advert.priority === filter.priority) &&
    advert.at > (filter.after ?? 0) &&
    advert.at < (filter.before ?? Number.POSITIVE_INFINITY)
  );
}

/** Adverts and announcements in order; a run of equal ones is one line with its count. */
function tell(events: readonly WireEvent[]): string {
  const lines: { text: string; first: number; last: number; count: number }[] = [];
  for (const event of events) {
    const what =
      event.kind === 'advert'
        ? `advert v${event.version} vrid ${event.vrid} prio ${event.priority} ${event.source}`
        : 'announces its addresses';
    const text = `router ${event.from} ${what}`;
    const line = lines.at(-1);
    if (line?.text === text) Object.assign(line, { last: event.at, count: line.count + 1 });
    else lines.push({ text, first: event.at, last: event.at, count: 1 });
  }
  const time = (at: number) => new Date(at).toISOString().slice(14, 23);
  return lines
    .map((l) => `${time(l.first)} ${l.text}${l.count > 1 ? ` x${l.count} until ${time(l.last)}` : ''}`)
    .join('\n');
}
