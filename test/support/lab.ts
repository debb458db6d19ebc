// A network laboratory in namespaces of its own: routers on one switch, everything they say captured per port.
// Any number of labs can be open at once; `close` removes all of a lab, whatever happened in it.
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kill, run, until } from './host.ts';
import { adoptOrphans, reap } from './reaper.ts';
import { captureWire, type WireLog } from './wire-log.ts';

const PREFIX = 'io';
let count = 0;
let cleaned: Promise<void> | undefined;

/**
 * A host in the lab. Its IPv4 address is 10.0.0.<number>, its link-local address fe80::ff:fe00:<number, hex>. On further
 * segments its interfaces are eth1, eth2, ... with 10.<segment>.0.<number>/16.
 */
export interface Host {
  readonly number: number;
  readonly namespace: string;
  readonly interface: string;
  readonly address: string;
  readonly linkLocal: string;
  /** Private folder for configuration, log and pid files. */
  readonly directory: string;
}

export interface LabOptions {
  /** Last octets of the hosts' addresses; default 1 and 2. */
  readonly hosts?: readonly number[];
  readonly interfaceName?: string;
  /** Switches, each with an interface of every host; default 1. */
  readonly segments?: number;
  /** false: `wire` stays empty, for whoever looks at the ports himself. */
  readonly capture?: boolean;
}

export interface Lab {
  readonly hosts: ReadonlyMap<number, Host>;
  readonly wire: WireLog;
  /** Network namespace of the switch. */
  readonly switchNamespace: string;
  host(number: number): Host;
  /** Addresses on the interfaces of a host, without loopback, as the kernel has them now. */
  addresses(host: number): Promise<string[]>;
  /** No host hears another any more; every link stays up. */
  partition(): Promise<void>;
  heal(): Promise<void>;
  /** Takes the carrier away from a host's interface, or gives it back. */
  plug(host: number, how: 'down' | 'up'): Promise<void>;
  /** Runs `ip` inside a host. */
  ip(host: number, ...args: string[]): Promise<string>;
  /** Children of this process that `close` must not wait for itself. */
  readonly spawned: Set<number>;
  close(): Promise<void>;
}

export async function createLab(options: LabOptions = {}): Promise<Lab> {
  adoptOrphans();
  cleaned ??= removeLeftovers();
  await cleaned;
  const name = `${PREFIX}${process.pid}x${++count}`;
  const directory = mkdtempSync(join(tmpdir(), `kavtui-${name}-`));
  chmodSync(directory, 0o755);
  const numbers = options.hosts ?? [1, 2];
  const hosts = new Map(
    numbers.map((number) => [number, describeHost(name, number, directory, options.interfaceName)]),
  );
  const spawned = new Set<number>();
  const close = async () => {
    await removeNamespaces([`${name}-switch`, ...[...hosts.values()].map((host) => host.namespace)], spawned);
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    const segments = options.segments ?? 1;
    await buildSwitch(`${name}-switch`, segments);
    await Promise.all([...hosts.values()].map((host) => plugIn(`${name}-switch`, host, segments)));
    const ports = portsOf(numbers, segments);
    const wire = await captureWire(`${name}-switch`, options.capture === false ? [] : ports, directory, spawned);
    await Promise.all([...hosts.values()].map(linkLocalReady));
    return assemble(name, hosts, wire, spawned, close);
  } catch (error) {
    await close();
    throw error;
  }
}

function assemble(
  name: string,
  hosts: Map<number, Host>,
  wire: WireLog,
  spawned: Set<number>,
  close: () => Promise<void>,
): Lab {
  const host = (number: number) => {
    const found = hosts.get(number);
    if (!found) throw new Error(`no host ${number} in this lab`);
    return found;
  };
  const isolate = async (how: 'on' | 'off') => {
    const lines = [...hosts.keys()].map((number) => `link set dev ${portOf(number)} type bridge_slave isolated ${how}`);
    await batch(`${name}-switch`, lines);
  };
  return {
    hosts,
    wire,
    switchNamespace: `${name}-switch`,
    host,
    spawned,
    addresses: async (number) => {
      const text = await run('ip', ['-n', host(number).namespace, '-o', 'address', 'show']);
      return [...text.matchAll(/^\d+: (?!lo )\S+ +inet6? ([^/ ]+)/gm)].map((match) => match[1]!);
    },
    partition: () => isolate('on'),
    heal: () => isolate('off'),
    plug: (number, how) => batch(`${name}-switch`, [`link set dev ${portOf(host(number).number)} ${how}`]),
    ip: (number, ...args) => run('ip', ['-n', host(number).namespace, ...args]),
    close: async () => {
      wire.close();
      await close();
    },
  };
}

function describeHost(lab: string, number: number, directory: string, interfaceName = 'eth0'): Host {
  const own = join(directory, `host${number}`);
  mkdirSync(own);
  return {
    number,
    namespace: `${lab}-${number}`,
    interface: interfaceName,
    address: `10.0.0.${number}`,
    linkLocal: `fe80::ff:fe00:${number.toString(16)}`,
    directory: own,
  };
}

/** One `ip -batch` run inside a namespace: a fork for many lines. */
async function batch(namespace: string, lines: readonly string[]): Promise<void> {
  await run('ip', ['-n', namespace, '-batch', '-'], `${lines.join('\n')}\n`);
}

async function buildSwitch(namespace: string, segments: number): Promise<void> {
  await run('ip', ['netns', 'add', namespace]);
  const lines = range(segments).flatMap((segment) => [
    `link add br${segment} type bridge stp_state 0 forward_delay 0 mcast_snooping 0`,
    `link set br${segment} addrgenmode none`,
    `link set br${segment} up`,
  ]);
  await batch(namespace, lines);
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}

/** All ports of the switch of a lab. */
export function portsOf(
  hosts: readonly number[],
  segments: number,
): readonly { readonly from: number; readonly segment: number; readonly name: string }[] {
  return hosts.flatMap((from) => range(segments).map((segment) => ({ from, segment, name: portOf(from, segment) })));
}

/** The switch's end of a host's cable: s1, s2; on further segments s1x1, s2x1. */
function portOf(host: number, segment = 0): string {
  return segment === 0 ? `s${host}` : `s${host}x${segment}`;
}

/** Duplicate address detection and reverse-path filtering are off: both would only add delays and surprises. */
async function plugIn(switchNamespace: string, host: Host, segments: number): Promise<void> {
  await run('ip', ['netns', 'add', host.namespace]);
  const off = ['ipv4.conf.all.rp_filter', 'ipv4.conf.default.rp_filter', 'ipv6.conf.default.accept_ra']
    .concat('ipv6.conf.all.accept_dad', 'ipv6.conf.default.accept_dad')
    .map((key) => `net.${key}=0`);
  await run('ip', ['netns', 'exec', host.namespace, 'sysctl', '-qw', ...off]);
  await batch(host.namespace, ['link set lo up']);
  for (const segment of range(segments)) {
    const port = portOf(host.number, segment);
    const name = segment === 0 ? host.interface : `eth${segment}`;
    const address = segment === 0 ? `${host.address}/24` : `10.${segment}.0.${host.number}/16`;
    const mac = `02:00:00:00:0${segment}:${host.number.toString(16).padStart(2, '0')}`;
    await batch(switchNamespace, [
      `link add ${port} type veth peer name ${name} netns ${host.namespace} address ${mac}`,
      `link set ${port} addrgenmode none`,
      `link set ${port} master br${segment} up`,
    ]);
    await batch(host.namespace, [`address add ${address} brd + dev ${name}`, `link set ${name} up`]);
  }
}

async function linkLocalReady(host: Host): Promise<void> {
  await until(`link-local address of ${host.namespace}`, 5000, async () => {
    const text = await run('ip', ['-n', host.namespace, '-6', '-o', 'address', 'show', 'scope', 'link', '-tentative']);
    return text.includes(host.linkLocal);
  });
}

/** Kills by pid what runs inside, waits for the orphans among them, and deletes the namespaces. */
async function removeNamespaces(namespaces: readonly string[], spawned: ReadonlySet<number>): Promise<void> {
  for (const namespace of namespaces) {
    const pids = await run('ip', ['netns', 'pids', namespace]).catch(() => '');
    const inside = pids.split('\n').filter(Boolean).map(Number);
    for (const pid of inside) kill(pid, 'SIGSTOP');
    for (const pid of inside) kill(pid, 'SIGKILL');
    await reap(inside.filter((pid) => !spawned.has(pid)));
    await run('ip', ['netns', 'del', namespace]).catch(() => '');
  }
}

/** Labs of test runs that died: their names hold the pid of the run. */
async function removeLeftovers(): Promise<void> {
  const owner = (name: string) => Number(new RegExp(`^(?:kavtui-)?${PREFIX}(\\d+)x\\d+-`).exec(name)?.[1] ?? 0);
  const dead = (name: string) => owner(name) > 0 && !isAlive(owner(name));
  const list = await run('ip', ['netns', 'list']);
  const namespaces = list.split('\n').map((line) => line.split(' ')[0] ?? '');
  await removeNamespaces(namespaces.filter(dead), new Set());
  for (const entry of readdirSync(tmpdir()).filter(dead))
    rmSync(join(tmpdir(), entry), { recursive: true, force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
