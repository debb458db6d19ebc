// What one call costs: nanoseconds, and bytes of the young generation. Printed beside the stored baseline.
import { readFileSync, writeFileSync } from 'node:fs';
import { createEngine } from '../../src/engine/engine.ts';
import type { Datagram } from '../../src/ports/vrrp-port.ts';
import { initialState, stepInstance } from '../../src/vrrp/instance.ts';
import { decodeVrrp } from '../../src/wire/decode-vrrp.ts';
import { encodeAdvert } from '../../src/wire/encode-vrrp.ts';
import { instance, router } from '../simulation/builders.ts';
import { type Figure, summary } from './figures.ts';

const BASELINE = 'test/bench/micro-baseline.json';
const ROUNDS = 9;
/** The collector must not run within a round. */
const ROUND_BYTES = 64 << 20;

interface Cost {
  readonly ns: number;
  readonly bytes: number;
}

/** Figures of every call, with what the baseline says; `save` makes them the new baseline. */
export function measureMicro(save: boolean): Promise<readonly Figure[]> {
  const baseline = JSON.parse(readFileSync(BASELINE, 'utf8')) as Record<string, Cost>;
  const costs = new Map(Object.entries(calls()).map(([what, call]) => [what, cost(call)]));
  if (save) writeFileSync(BASELINE, `${JSON.stringify(Object.fromEntries(costs), null, 2)}\n`);
  const figures = [...costs].flatMap(([what, { ns, bytes }]): Figure[] => {
    const before = baseline[what];
    const than = (now: number, then: number | undefined): { note?: string } =>
      then === undefined ? {} : { note: `baseline ${then}, ${now <= then ? '' : '+'}${percent(now, then)} %` };
    return [
      { what, who: 'kavtui', unit: 'ns', values: ns, ...than(ns, before?.ns) },
      { what, who: 'kavtui', unit: 'B', values: bytes, ...than(bytes, before?.bytes) },
    ];
  });
  return Promise.resolve(figures);
}

function percent(now: number, then: number): string {
  return ((100 * (now - then)) / then).toFixed(0);
}

/** The median round, after the compiler has seen enough. */
function cost(call: () => unknown): Cost {
  let kept: unknown;
  const round = (times: number): Cost => {
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    const began = process.hrtime.bigint();
    for (let i = 0; i < times; i++) kept = call();
    const ns = Number(process.hrtime.bigint() - began) / times;
    return { ns, bytes: (process.memoryUsage().heapUsed - before) / times };
  };
  const first = round(10);
  round(Math.ceil(Math.min(20_000, 500e6 / first.ns)));
  const { bytes, ns } = round(50);
  const times = Math.max(50, Math.min(200_000, ROUND_BYTES / Math.max(bytes, 1), 200e6 / ns));
  const rounds = Array.from({ length: ROUNDS }, () => round(Math.floor(times)));
  if (kept === undefined) throw new Error('the call gives nothing');
  const middle = (values: readonly number[]): number => Math.round(summary(values).median);
  return { ns: middle(rounds.map((each) => each.ns)), bytes: middle(rounds.map((each) => each.bytes)) };
}

function calls(): Readonly<Record<string, () => unknown>> {
  const config = instance({ version: 3, advertIntervalUs: 100_000 });
  const ip = { family: 4, source: '10.0.0.2', destination: '224.0.0.18' } as const;
  const fields = { version: 3, vrid: 51, priority: 200, intervalUs: 100_000, addresses: ['10.0.0.100'] } as const;
  const payload = encodeAdvert(fields, ip);
  const advert = { source: '10.0.0.2', priority: 200, intervalUs: 100_000, addressesDiffer: false };
  const backup = { ...initialState(config, 0), state: 'BACKUP', masterDownAt: 1e9 } as const;
  const conditions = { ...backup.conditions, source: '10.0.0.1', hold: false };
  const master = { ...backup, state: 'MASTER', conditions, masterDownAt: undefined, advertAt: 1000 } as const;
  const many = engineOf(1000);
  let now = 1_000_000;
  const datagram: Datagram = { ...ip, interface: 'eth0', ttl: 255, payload };
  return {
    'decode an advert': () => decodeVrrp(payload, ip),
    'encode an advert': () => encodeAdvert(fields, ip),
    'step: advert in BACKUP': () => stepInstance(config, backup, { kind: 'advertReceived', advert }, 500),
    'step: timer in MASTER': () => stepInstance(config, master, { kind: 'ticked' }, 1000),
    'engine of 1000: advert for one': () => many.handle({ kind: 'datagramReceived', datagram }, ++now),
    'engine of 1000: next deadline': () => many.nextDeadline(),
    'engine of 1000: snapshot': () => many.snapshot(now, 0),
    'engine of 1000: advert for one, snapshot': () => {
      many.handle({ kind: 'datagramReceived', datagram }, ++now);
      return many.snapshot(now, 0);
    },
  };
}

/** `count` instances in BACKUP. */
function engineOf(count: number): ReturnType<typeof createEngine> {
  const instances = Array.from({ length: count }, (_, i) =>
    instance({ name: `VI_${i}`, interface: `eth${i % 4}`, vrid: 51 + (i >> 2), version: 3, advertIntervalUs: 100_000 }),
  );
  const { config } = router(1, instances);
  const engine = createEngine(config, 'bench', 0);
  const links = [0, 1, 2, 3].map((i) => ({
    name: `eth${i}`,
    index: i + 2,
    mac: `02:00:00:00:00:0${i}`,
    up: true,
    multicast: true,
    arp: true,
    mtu: 1500,
    addresses: [{ address: `10.0.0.${i + 1}`, prefix: 24, scope: 0, secondary: false, tentative: false }],
  }));
  engine.handle({ kind: 'started', links }, 0);
  for (const { name } of links) engine.handle({ kind: 'channelOpened', interface: name, family: 4 }, 0);
  return engine;
}
