// `kavtui watch` beside real routers: what it tells, with which rights, and that nobody notices.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { createCaptureReader } from '../../src/wire/pcap-stream.ts';
import { run, until } from '../support/host.ts';
import type { Host } from '../support/lab.ts';
import { labTest } from '../support/lab-test.ts';
import { describeWithRoot } from '../support/require-root.ts';
import { routerConfig } from '../support/router-config.ts';
import { KAVTUI, type RouterProcess, startInHost } from '../support/router-process.ts';

const [A, B, W] = [1, 2, 3];
const variant = { version: 3, mode: 'multicast', family: 4, interval: 0.2 } as const;
const NET_RAW = '0000000000002000';
const NOBODY = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'];
const ONLY_RAW = ['--inh-caps', '+net_raw', '--ambient-caps', '+net_raw'];

interface Told {
  readonly time: number;
  readonly type: string;
  readonly [fact: string]: unknown;
}

describeWithRoot('kavtui watch', ['keepalived', 'tcpdump', 'setpriv'], () => {
  for (const [who, before, bounding] of [
    ['root', [], NET_RAW],
    ['nobody with CAP_NET_RAW', [...NOBODY, ...ONLY_RAW], undefined],
  ] as const) {
    labTest(
      `as ${who} tells who is MASTER and why, holds CAP_NET_RAW alone in every thread and joins no group`,
      async ({ lab, start }) => {
        const host = lab.host(W);
        const recording = join(host.directory, 'watch.pcapng');
        const record = who === 'root' ? ['-w', recording] : [];
        const command = [process.execPath, KAVTUI, 'watch', '-i', host.interface, '--json', ...record];
        const groups = await run('ip', ['-n', host.namespace, 'maddr', 'show']);
        const watch = startInHost(lab, 'kavtui', host, [...before, ...command], 'watch');
        await until('it is confined', 5000, () => allThreads(watch, 'CapEff').every((held) => held === NET_RAW));
        await until('it captures', 5000, async () => (await packetSockets(host)) > 0);

        const a = start('keepalived', A, routerConfig({ ...variant, priority: 150 }));
        const first = await lab.wire.firstAdvert({ from: A }, 5000);
        const b = start('keepalived', B, routerConfig({ ...variant, priority: 100 }));
        await b.logged(/Entering BACKUP STATE/);
        await a.crash();
        const second = await lab.wire.firstAdvert({ from: B }, 5000);
        await b.terminate();
        const resigned = await lab.wire.firstAdvert({ from: B, priority: 0 }, 2000);
        await until('it tells of the end', 2000, () => told(watch).at(-1)?.type === 'left');

        for (const set of ['CapEff', 'CapPrm', 'CapInh', 'CapAmb', ...(bounding === undefined ? [] : ['CapBnd'])]) {
          expect([set, ...new Set(allThreads(watch, set))]).toEqual([set, NET_RAW]);
        }
        expect(onlyIp(await run('ip', ['-n', host.namespace, 'maddr', 'show']))).toEqual(onlyIp(groups));
        expect(await watch.terminate()).toBe(0);

        const place = { interface: host.interface, vlan: null, family: 4, vrid: 51 };
        const masters = told(watch).filter(({ type }) => type === 'master');
        const [addressA, addressB] = [lab.host(A).address, lab.host(B).address];
        expect(masters).toMatchObject([
          { ...place, address: addressA, previous: null, priority: 150, cause: 'first' },
          { ...place, address: addressB, previous: addressA, priority: 100, cause: 'silence' },
        ]);
        const left = told(watch).filter(({ type }) => type === 'left');
        expect(left).toMatchObject([
          { address: addressA, cause: 'silence' },
          { address: addressB, cause: 'priority-0' },
        ]);
        const apart = [masters[0]!.time - first.at / 1000, masters[1]!.time - second.at / 1000];
        apart.push(left[1]!.time - resigned.at / 1000);
        console.info(
          `watch as ${who}: apart from the wire by ${apart.map((s) => `${(s * 1000).toFixed(3)} ms`).join(', ')}`,
        );
        for (const seconds of apart) expect(Math.abs(seconds)).toBeLessThan(0.05);
        if (who === 'root') expectRecorded(recording, host.interface, told(watch));
      },
      { hosts: [A, B, W] },
    );
  }

  labTest('without CAP_NET_RAW ends with exit code 4 and the line that helps', async ({ lab }) => {
    const host = lab.host(A);
    const watch = startInHost(lab, 'kavtui', host, [...NOBODY, process.execPath, KAVTUI, 'watch', '--json'], 'watch');
    expect(await watch.exited).toBe(4);
    expect(watch.log()).toMatch(/^kavtui: CAP_NET_RAW is missing; type: sudo .*watch --json\n$/);
  });
});

/** One of the capability sets in each thread of the process itself, without its `ip netns exec`. */
function allThreads({ pid }: RouterProcess, set: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map((thread) => {
      const status = readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8');
      return new RegExp(`^${set}:\\s*(\\w+)$`, 'm').exec(status)![1]!;
    });
  } catch {
    // A thread has just ended.
    return ['?'];
  }
}

async function packetSockets({ namespace }: Host): Promise<number> {
  const table = await run('ip', ['netns', 'exec', namespace, 'cat', '/proc/net/packet']);
  return table.trim().split('\n').length - 1;
}

/** The groups that were joined; those of the hardware are filters of the card and tell nobody. */
function onlyIp(groups: string): string[] {
  return groups.split('\n').filter((line) => /^\s+inet6? /.test(line));
}

function told({ log }: RouterProcess): Told[] {
  const lines = log().split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Told);
}

/** The recording holds the adverts and announcements, at the times that were told, and nothing else. */
function expectRecorded(path: string, name: string, events: readonly Told[]): void {
  const packets: { at: number; name: string | undefined; type: number; direction: string | undefined }[] = [];
  const reader = createCaptureReader(({ at, bytes, interface: { name: from }, direction }) => {
    packets.push({ at: at / 1e6, name: from, type: bytes[12]! * 256 + bytes[13]!, direction });
  });
  expect(reader.push(readFileSync(path))).toBeUndefined();
  expect(reader.whole).toBe(true);
  expect(new Set(packets.map((packet) => `${packet.name} ${packet.direction}`))).toEqual(new Set([`${name} received`]));
  expect(new Set(packets.map(({ type }) => type))).toEqual(new Set([0x0800, 0x0806]));
  const times = packets.map(({ at }) => at);
  for (const { time, type } of events) if (type === 'master') expect(times).toContain(time);
}
