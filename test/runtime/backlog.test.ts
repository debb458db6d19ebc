// What waits behind the adverts of many instances that become MASTER at once: nobody is late for it, and nothing of it is
// done when it is no longer true.
import { expect, it } from 'vitest';
import type { NodeConfig } from '../../src/engine/config.ts';
import type { World } from '../../src/ports/world.ts';
import { createRuntime } from '../../src/runtime/create-runtime.ts';
import type { Runtime } from '../../src/runtime/runtime.ts';
import { createHost, type Host } from '../../src/sim/host.ts';
import { createRandom } from '../../src/sim/random.ts';
import { createSegment } from '../../src/sim/segment.ts';
import { createVirtualClock, type VirtualClock } from '../../src/sim/virtual-clock.ts';
import { encodeAdvert } from '../../src/wire/encode-vrrp.ts';
import { instance, router, SECOND } from '../simulation/builders.ts';

const COUNT = 1000;
/** Becomes MASTER as one of the last of a thousand. */
const LAST = '10.3.1.250';
/** The only address of eth4, which nobody takes away. */
const OWN = '10.4.0.1';
/** Priority 100 at 1 s, version 2. */
const MASTER_DOWN = 3_609_375;

interface Scene {
  readonly clock: VirtualClock;
  readonly host: Host;
  readonly runtime: Runtime;
  readonly config: NodeConfig;
  /** What the world was asked for, and what was told. */
  readonly acts: string[];
  /** Priority 200 for this instance. */
  betterAdvert(name: string, address?: string): void;
  /** How many virtual addresses the host holds. */
  held(): number;
}

const addressOf = (i: number): string => `10.${i % 4}.1.${Math.floor(i / 4) + 1}`;

function configOf(count: number): NodeConfig {
  const instances = Array.from({ length: count }, (_, i) =>
    instance({
      name: addressOf(i),
      interface: `eth${i % 4}`,
      vrid: Math.floor(i / 4) + 1,
      addresses: [{ interface: `eth${i % 4}`, address: addressOf(i), prefix: 32, scope: 0 }],
    }),
  );
  return { ...router(1, []).config, instances };
}

/** A host that hears no other router, up to the moment before its instances become MASTER. */
function scene(count: number, config = configOf(count)): Scene {
  const clock = createVirtualClock();
  const interfaces = [0, 1, 2, 3, 4].map((i) => ({
    name: `eth${i}`,
    mac: `02:00:00:00:0${i}:01`,
    addresses: [{ address: i === 4 ? OWN : `10.${i}.0.1`, prefix: 16 }],
  }));
  const lan = createSegment({ clock, random: createRandom(1) });
  const host = createHost({ name: 'lb1', clock, lan, interfaces });
  const world = host.boot();
  const acts: string[] = [];
  let hear: Parameters<World['vrrp']['onDatagram']>[0] = () => {};
  const watched: World = {
    ...world,
    vrrp: {
      ...world.vrrp,
      onDatagram: (listener) => {
        hear = listener;
      },
      send: (datagram) => {
        acts.push(`advert 10.${datagram.interface.slice(3)}.1.${datagram.payload[1]}`);
        return world.vrrp.send(datagram);
      },
    },
    network: {
      ...world.network,
      addAddresses: (specs) => {
        for (const { address } of specs) acts.push(`add ${address}`);
        return world.network.addAddresses(specs);
      },
      announce: (announcements) => {
        for (const { address } of announcements) acts.push(`announce ${address}`);
        return world.network.announce(announcements);
      },
    },
  };
  const runtime = createRuntime({
    config,
    world: watched,
    routerId: 'lb1',
    onRecord: ({ seq, state, instance: name }) => {
      acts.push(`line ${seq}`);
      if (state === 'MASTER') acts.push(`told ${name}`);
    },
  });
  runtime.start();
  clock.runUntil(MASTER_DOWN - 1);
  return {
    clock,
    host,
    runtime,
    config,
    acts,
    betterAdvert: (name, address = name) => {
      const [, segment, , vrid] = name.split('.').map(Number) as [number, number, number, number];
      const way = { family: 4, source: `10.${segment}.0.9`, destination: '224.0.0.18' } as const;
      const fields = { version: 2, vrid, priority: 200, intervalUs: SECOND, addresses: [address] } as const;
      hear({ ...way, interface: `eth${segment}`, ttl: 255, payload: encodeAdvert(fields, way), at: clock.now() });
    },
    held: () => config.instances.filter(({ name }) => host.hasAddress(name)).length,
  };
}

/** A thousand of which all have spoken and most have no address yet. */
function withBacklog(config?: NodeConfig): Scene {
  const made = scene(COUNT, config);
  while (made.acts.filter((act) => act.startsWith('advert')).length < COUNT) made.clock.step();
  expect(made.held(), 'some have theirs').toBeLessThan(COUNT / 2);
  expect(made.acts).not.toContain(`add ${LAST}`);
  return made;
}

it('a thousand that are due at once all speak before the last has its address, in the order of each', () => {
  const { clock, acts, held } = scene(COUNT);
  clock.runUntil(MASTER_DOWN);
  expect(held()).toBe(COUNT);
  const first = new Map<string, number>();
  for (const [i, act] of acts.entries()) if (!first.has(act)) first.set(act, i);
  const at = (act: string): number => first.get(act) ?? Number.NaN;
  const adverts = Array.from({ length: COUNT }, (_, i) => at(`advert ${addressOf(i)}`));
  const addresses = Array.from({ length: COUNT }, (_, i) => at(`add ${addressOf(i)}`));
  expect(Math.max(...adverts)).toBeLessThan(Math.max(...addresses));
  for (let i = 0; i < COUNT; i++) {
    const own = ['advert', 'add', 'announce', 'told'].map((what) => at(`${what} ${addressOf(i)}`));
    expect(own).toEqual(own.toSorted((a, b) => a - b));
  }
  const lines = acts.filter((act) => act.startsWith('line')).map((act) => Number(act.slice(5)));
  expect(lines).toEqual(lines.map((_, i) => i + 1));
  expect(acts.filter((act) => act === `announce ${LAST}`)).toHaveLength(5);
});

it.each([1, 16])('%i take over whole in one turn of the event loop', (count) => {
  const { clock, acts, held } = scene(count);
  acts.length = 0;
  clock.step();
  expect(held()).toBe(count);
  expect(acts.at(-1)).toBe(`told ${addressOf(count - 1)}`);
});

const LEAVES: [string, (scene: Scene) => void, left: number][] = [
  ['one hears a better advert', ({ betterAdvert }) => betterAdvert(LAST), COUNT - 1],
  ['the router stops', ({ runtime }) => runtime.stop(() => {}), 0],
  ['the process dies of an error', ({ runtime }) => runtime.farewell(), 0],
  [
    'a reload leaves one out',
    ({ runtime, config }) =>
      runtime.reload({ ...config, instances: config.instances.filter(({ name }) => name !== LAST) }),
    COUNT - 1,
  ],
  ['an operator makes one FAULT', ({ runtime }) => runtime.command({ kind: 'force-fault', instance: LAST }), COUNT - 1],
];

it.each(LEAVES)(
  '%s while addresses wait: none stays that should not, and none is announced any more',
  (_, act, left) => {
    const made = withBacklog();
    act(made);
    expect(made.host.hasAddress(LAST)).toBe(false);
    made.acts.length = 0;
    made.clock.runUntil(MASTER_DOWN + 2 * SECOND);
    expect(made.held()).toBe(left);
    expect(made.host.hasAddress(LAST)).toBe(false);
    expect(made.acts).not.toContain(`announce ${LAST}`);
    if (left === 0) expect(made.acts.filter((done) => !done.startsWith('line'))).toEqual([]);
  },
);

it('who hears a better advert announces no more, also where no address of it is removed', () => {
  const { instances, ...rest } = configOf(COUNT);
  const addresses = [{ interface: 'eth4', address: OWN, prefix: 16, scope: 0 }];
  const made = withBacklog({
    ...rest,
    instances: instances.map((each) => (each.name === LAST ? { ...each, addresses } : each)),
  });
  made.betterAdvert(LAST, OWN);
  expect(made.acts, 'was MASTER, and is no longer').toContain(`told ${LAST}`);
  expect(made.host.hasAddress(OWN)).toBe(true);
  made.acts.length = 0;
  made.clock.runUntil(MASTER_DOWN + 2 * SECOND);
  expect(made.acts).not.toContain(`announce ${OWN}`);
});

it('a reload begins when nothing waits any more', () => {
  const { runtime, config, held } = withBacklog();
  runtime.reload(config);
  expect(held()).toBe(COUNT);
});
