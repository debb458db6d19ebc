// Replays a captured pair of keepalived routers with our engine in the place of router a: what it would have sent, beside
// what a sent. Router b is the capture: it says what it said, when it said it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseConfig } from '../../src/config/parse-config.ts';
import { createEngine, type Engine } from '../../src/engine/engine.ts';
import type { EngineEffect, EngineEvent } from '../../src/engine/event.ts';
import type { Link } from '../../src/ports/network-port.ts';
import type { Datagram } from '../../src/ports/vrrp-port.ts';
import { decodeAh } from '../../src/wire/ah.ts';
import { decodeVrrp } from '../../src/wire/decode-vrrp.ts';
import { encodeAdvert } from '../../src/wire/encode-vrrp.ts';
import { decodeFrame, type IpFacts } from '../../src/wire/frame.ts';
import { readPcap } from '../../src/wire/pcap.ts';
import type { VrrpPacket } from '../../src/wire/vrrp.ts';

/** Addresses of the two routers in every trace. */
const A = '192.0.2.11';

/** From exec to running timers: keepalived's FIFOs tell of BACKUP 10 to 30 ms after the start. */
const START_UP_US = 20_000;

export interface SentAdvert {
  /** µs since the first frame of the capture. */
  readonly at: number;
  /** Version, VRID, priority, interval, authentication and addresses. */
  readonly what: string;
}

export interface Replay {
  readonly theirs: readonly SentAdvert[];
  readonly ours: readonly SentAdvert[];
  /** Steps that cannot be done to our engine. */
  readonly notDone: readonly string[];
}

interface Heard {
  readonly at: number;
  readonly datagram: Datagram;
}

export function replayTrace(folder: string): Replay {
  const capture = readCapture(join(folder, 'trace.pcap'));
  const written = readFileSync(join(folder, 'a.conf'), 'utf8');
  const { config } = parseConfig(written, 'a.conf');
  const ours: SentAdvert[] = [];
  const notDone: string[] = [];
  let engine: Engine | undefined;
  let now = 0;
  let [up, scriptsFail] = [true, false];

  function perform(effect: EngineEffect): readonly EngineEvent[] {
    if (effect.kind === 'openChannel') {
      const { interface: name, family } = effect.channel;
      return [{ kind: 'channelOpened', interface: name, family }];
    }
    if (effect.kind === 'startScript') {
      const outcome = { kind: 'exited', code: scriptsFail ? 1 : 0 } as const;
      return [{ kind: 'scriptExited', exit: { id: effect.run.id, outcome, output: '', durationUs: 1000 } }];
    }
    if (effect.kind === 'sendAdvert') {
      for (const destination of effect.destinations) {
        const ip = { family: effect.family, source: effect.source, destination };
        const packet = decodeVrrp(encodeAdvert(effect.fields, ip), ip);
        if (up && packet.ok) ours.push({ at: now, what: inWords(packet.value) });
      }
    }
    return [];
  }
  function deliver(first: EngineEvent): void {
    const queue = [first];
    for (let event = queue.shift(); event !== undefined && engine !== undefined; event = queue.shift()) {
      for (const effect of engine.handle(event, now)) queue.push(...perform(effect));
    }
  }
  function runTo(at: number): void {
    while (engine !== undefined && engine.nextDeadline() <= at) {
      now = Math.max(now, engine.nextDeadline());
      deliver({ kind: 'ticked' });
    }
    now = at;
  }
  /** `edit a.conf priority 90, SIGHUP a`: a number is a new priority. */
  function reload(text: string): void {
    const priority = /(\d+), SIGHUP a$/.exec(text)?.[1];
    if (priority === undefined || engine === undefined) return void notDone.push(text);
    const edited = written.replace(/priority \d+/, `priority ${priority}`);
    for (const effect of engine.reload(parseConfig(edited, 'a.conf').config, now)) perform(effect);
  }
  function doStep(text: string): void {
    if (text === 'start a') {
      engine = createEngine(config, 'a', now, { compat: '2.2' });
      deliver({ kind: 'started', links: [eth0(up)] });
    } else if (text === 'SIGTERM a') {
      deliver({ kind: 'stopped' });
      engine = undefined;
    } else if (text === 'SIGKILL a') engine = undefined;
    else if (text.startsWith('script ')) scriptsFail = text.includes('failing');
    else if (text.startsWith('link a eth0 ')) {
      up = text.endsWith('up');
      deliver({ kind: 'linkChanged', name: 'eth0', link: eth0(up) });
    } else if (text.endsWith(', SIGHUP a')) reload(text);
    else notDone.push(text);
  }

  const steps = readSteps(join(folder, 'steps.tsv'));
  const events = [
    ...steps.map(({ at, text }) => ({ at, run: () => doStep(text) })),
    ...capture.heard.map(({ at, datagram }) => ({
      at,
      run: () => up && deliver({ kind: 'datagramReceived', datagram }),
    })),
  ].sort((x, y) => x.at - y.at);
  for (const { at, run } of events) {
    runTo(at);
    run();
  }
  return { theirs: capture.sent, ours, notDone };
}

function readCapture(path: string): { readonly sent: readonly SentAdvert[]; readonly heard: readonly Heard[] } {
  const file = readPcap(readFileSync(path));
  if (!file.ok) throw new Error(`${path}: ${file.reason}`);
  const sent: SentAdvert[] = [];
  const heard: Heard[] = [];
  const [first] = file.value.packets;
  for (const { at: stamp, bytes } of file.value.packets) {
    const at = Number((stamp - first!.at) / 1000n);
    const frame = decodeFrame(bytes);
    if (!frame.ok || (frame.value.kind !== 'vrrp' && frame.value.kind !== 'ah')) continue;
    const { kind, ip, packet } = frame.value;
    if (ip.source !== A) {
      heard.push({ at, datagram: kind === 'ah' ? behindAh(ip) : datagramOf(ip) });
    } else if (packet !== undefined) sent.push({ at, what: inWords(packet) });
  }
  return { sent, heard };
}

function datagramOf({ family, source, destination, ttl, payload }: IpFacts): Datagram {
  return { interface: 'eth0', family, source, destination, ttl, payload };
}

function behindAh(ip: IpFacts): Datagram {
  const decoded = decodeAh(ip.payload);
  if (!decoded.ok || ip.id === undefined) return datagramOf(ip);
  const { payload, sequence } = decoded.value;
  return { ...datagramOf(ip), payload, ah: { id: ip.id, sequence, bytes: ip.payload } };
}

function inWords(packet: VrrpPacket): string {
  const { version, vrid, priority, intervalUs, authType, addresses } = packet;
  return `v${version} vrid ${vrid} prio ${priority} ${intervalUs / 1e6} s auth ${authType} ${addresses.join(' ')}`;
}

/** What was done to the routers; only what concerns a. */
function readSteps(path: string): readonly { readonly at: number; readonly text: string }[] {
  const lines = readFileSync(path, 'utf8').trim().split('\n').slice(1);
  const atOf = (seconds: string | undefined, text: string): number =>
    Math.round(Number(seconds) * 1e6) + (text === 'start a' ? START_UP_US : 0);
  return lines
    .map((line) => line.split('\t'))
    .filter(([, text = '']) => !/^(addrs|start b|SIG\w+ b)/.test(text))
    .map(([seconds, text = '']) => ({ at: atOf(seconds, text), text }));
}

function eth0(up: boolean): Link {
  const addresses = [{ address: A, prefix: 24, scope: 0, secondary: false, tentative: false }];
  const flags = { multicast: true, arp: true };
  return { name: 'eth0', index: 2, mac: '02:00:00:00:00:0a', up, ...flags, mtu: 1500, addresses };
}
