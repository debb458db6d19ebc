// From a seed to a scenario: three to five routers with valid configurations, and a plan with every kind of fault.
import type { OperatorCommand } from '../../src/engine/commands.ts';
import type { ScriptConfig } from '../../src/engine/config.ts';
import type { RouterSpec } from '../../src/sim/cluster.ts';
import { type Fault, type HostFault, healedAt, type LanFault } from '../../src/sim/faults.ts';
import { createRandom, type Random } from '../../src/sim/random.ts';
import type { InstanceConfig } from '../../src/vrrp/config.ts';
import type { Family, IpAddress } from '../../src/wire/address.ts';
import { addressOf, instance, router, SECOND, script, virtualAddress } from './builders.ts';
import { equip, type Happening, randomHappenings } from './equipment.ts';

export interface PlannedCommand {
  readonly at: number;
  readonly router: string;
  readonly order: OperatorCommand;
}

export interface Scenario {
  readonly seed: number;
  readonly routers: readonly RouterSpec[];
  readonly plan: readonly Fault[];
  readonly commands: readonly PlannedCommand[];
  readonly happenings: readonly Happening[];
  /** The origin of time is arbitrary, as it is in reality. */
  readonly startAt: number;
  readonly healedAt: number;
  readonly endAt: number;
}

/** Until a change of the host counts (fork_delay, terminate_delay). */
const LONGEST_DELAY_US = 3 * SECOND;

/** What all routers of a VRID agree upon. */
interface Group {
  readonly vrid: number;
  readonly version: 2 | 3;
  readonly family: Family;
  readonly unicast: boolean;
  readonly password: string | undefined;
  readonly intervalUs: number;
  readonly addresses: readonly IpAddress[];
}

export function randomScenario(seed: number): Scenario {
  const random = createRandom(seed);
  const startAt = random.between(0, 1_000_000) * SECOND;
  const size = random.between(3, 5);
  const groups = Array.from({ length: random.between(1, 2) }, (_, i) => randomGroup(random, i));
  const ranks = groups.map(() => randomPriorities(random, size));
  // A sync group makes sense only where its members rank alike.
  const inSync = groups.length > 1 && createRandom(seed).fork('sync').chance(0.5);
  const priorities = inSync ? groups.map(() => ranks[0]!) : ranks;
  const bare = Array.from({ length: size }, (_, i) =>
    randomRouter(random, i + 1, size, groups, (g) => priorities[g]![i]!, inSync),
  );
  const routers = equip(createRandom(seed).fork('equipment'), bare);
  const faultsFrom = startAt + random.between(0, 10 * SECOND);
  const plan = randomPlan(random, routers, faultsFrom);
  const orders = randomCommands(random, routers, faultsFrom);
  const commands = inSync ? orders.filter(({ order }) => order.kind === 'force-fault') : orders;
  const happenings = randomHappenings(createRandom(seed).fork('happenings'), routers, faultsFrom);
  const healed = Math.max(
    healedAt(plan),
    ...commands.map(({ at, order }) => at + lastsOf(order)),
    ...happenings.map(({ at }) => at + LONGEST_DELAY_US),
  );
  return { seed, routers, plan, commands, happenings, startAt, healedAt: healed, endAt: healed + 40 * SECOND };
}

function randomGroup(random: Random, i: number): Group {
  const version = random.pick([2, 3] as const);
  const family = version === 3 ? random.pick([4, 4, 6] as const) : 4;
  const addresses = Array.from({ length: random.between(1, 3) }, (_, n) =>
    family === 4 ? `10.0.0.${100 + 10 * i + n}` : `fd00::${100 + 10 * i + n}`,
  );
  return {
    vrid: random.between(1, 127) * 2 + i,
    version,
    family,
    unicast: random.chance(0.4),
    password: version === 2 && random.chance(0.5) ? '1111' : undefined,
    intervalUs: version === 2 ? random.pick([1, 1, 2]) * SECOND : random.pick([100_000, 250_000, 500_000, SECOND]),
    addresses,
  };
}

/** Mostly different ones; now and then two are equal, or one router owns the addresses. */
function randomPriorities(random: Random, size: number): readonly number[] {
  const priorities = Array.from({ length: size }, () => random.between(1, 254));
  if (random.chance(0.4)) priorities[1] = priorities[0]!;
  if (random.chance(0.2)) priorities[0] = 255;
  return random.shuffle(priorities);
}

function randomRouter(
  random: Random,
  n: number,
  size: number,
  groups: readonly Group[],
  priorityIn: (group: number) => number,
  inSync: boolean,
): RouterSpec {
  const scripts = Array.from({ length: random.between(0, 2) }, (_, i) => randomScript(random, `check${i}`));
  const instances = groups.map((group, i) => randomInstance(random, n, size, group, i, priorityIn(i), scripts));
  const [first] = instances;
  if (!inSync || first === undefined) return router(n, instances, scripts);
  const { preempt, preemptDelayUs } = first;
  return router(
    n,
    instances.map((each) => ({ ...each, preempt, preemptDelayUs })),
    scripts,
    { inSync },
  );
}

function randomScript(random: Random, name: string): ScriptConfig {
  const intervalUs = random.between(1, 2) * SECOND;
  const weight = random.chance(0.4) ? 0 : random.between(-100, 100);
  return script({
    name,
    intervalUs,
    timeoutUs: intervalUs,
    weight,
    rise: random.between(1, 3),
    fall: random.between(1, 3),
  });
}

function randomInstance(
  random: Random,
  n: number,
  size: number,
  group: Group,
  i: number,
  priority: number,
  scripts: readonly ScriptConfig[],
): InstanceConfig {
  const owner = priority === 255;
  const preempt = owner || random.chance(0.6);
  // An owner's trackers with a weight are removed by the configuration's completion.
  const tracked = scripts.filter(({ weight }) => random.chance(0.6) && !(owner && weight !== 0));
  const others = Array.from({ length: size }, (_, k) => k + 1).filter((k) => k !== n);
  return instance({
    name: `VI_${i + 1}`,
    vrid: group.vrid,
    version: group.version,
    family: group.family,
    priority,
    preempt,
    preemptDelayUs: preempt && !owner && random.chance(0.4) ? random.between(1, 5) * SECOND : 0,
    advertIntervalUs: group.intervalUs * (group.version === 3 && random.chance(0.2) ? 2 : 1),
    addresses: group.addresses.map(virtualAddress),
    unicastPeers: group.unicast ? others.map((k) => addressOf(k, group.family)) : [],
    trackScripts: tracked.map(({ name, weight }) => ({ name, weight, reverse: weight !== 0 && random.chance(0.1) })),
    ...(group.password === undefined ? {} : { password: group.password }),
  });
}

/** At least one fault of every kind. Faults of one host do not overlap; those of different hosts and of the LAN may. */
function randomPlan(random: Random, routers: readonly RouterSpec[], from: number): readonly Fault[] {
  const names = routers.map(({ name }) => name);
  const span = () => {
    const at = from + random.between(0, 30 * SECOND);
    return { at, until: at + random.between(SECOND / 2, 8 * SECOND) };
  };
  const direction = () => ({
    ...(random.chance(0.5) ? { from: random.pick(names) } : {}),
    ...(random.chance(0.3) ? { to: random.pick(names) } : {}),
  });
  const split = random.between(1, names.length - 1);
  const shuffled = random.shuffle(names);
  const lan: LanFault[] = [
    { kind: 'drop', ...span(), ...direction(), rate: random.pick([0.1, 0.3, 0.6, 1]) },
    { kind: 'delay', ...span(), ...direction(), byUs: random.between(1_000, 2 * SECOND) },
    { kind: 'duplicate', ...span(), ...direction(), rate: random.pick([0.2, 0.5, 1]) },
    { kind: 'reorder', ...span(), ...direction(), rate: random.pick([0.2, 0.5]), byUs: random.between(1_000, SECOND) },
    { kind: 'partition', ...span(), groups: [shuffled.slice(0, split), shuffled.slice(split)] },
  ];
  return [...lan, ...randomHostFaults(random, routers, from)];
}

function randomHostFaults(random: Random, routers: readonly RouterSpec[], from: number): readonly HostFault[] {
  const kinds: HostFault['kind'][] = ['crash', 'stall'];
  for (const kind of ['crash', 'stall', 'stop', 'link-down', 'script-fail'] as const)
    if (random.chance(0.6)) kinds.push(kind);
  const freeFrom = new Map<string, number>();
  return random.shuffle(kinds).flatMap((kind): HostFault[] => {
    const { name: host, config } = random.pick(routers);
    const at = (freeFrom.get(host) ?? from) + random.between(0, 10 * SECOND);
    const until = at + random.between(SECOND / 2, 8 * SECOND);
    freeFrom.set(host, until + 1);
    const common = { at, until, host };
    if (kind === 'crash') return [{ ...common, kind, how: random.pick(['process', 'power'] as const) }];
    if (kind === 'link-down') return [{ ...common, kind, interface: 'eth0' }];
    if (kind !== 'script-fail') return [{ ...common, kind }];
    return config.scripts.length === 0 ? [] : [{ ...common, kind, script: random.pick(config.scripts).name }];
  });
}

function randomCommands(random: Random, routers: readonly RouterSpec[], from: number): readonly PlannedCommand[] {
  return Array.from({ length: random.between(0, 3) }, () => {
    const { name, config } = random.pick(routers);
    const { name: instanceName } = random.pick(config.instances);
    const common = { instance: instanceName, lastsUs: random.between(SECOND, 10 * SECOND) };
    const order: OperatorCommand = random.pick([
      { kind: 'force-fault', ...common },
      { kind: 'set-priority', ...common, priority: random.between(1, 254) },
      { kind: 'add-priority', ...common, delta: random.between(-50, 50) },
      { kind: 'toggle-nopreempt', ...common },
    ] as const);
    return { at: from + random.between(0, 30 * SECOND), router: name, order };
  });
}

function lastsOf(order: OperatorCommand): number {
  return 'lastsUs' in order ? (order.lastsUs ?? 0) : 0;
}
