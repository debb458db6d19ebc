// Two network namespaces with a wire between them and a process in each that holds the real ports.
import { createRequire } from 'node:module';
import type { VrrpAdapter } from '../../src/linux/vrrp-port.ts';
import { run, sleep, until } from '../support/host.ts';
import { type RemoteWorld, startWorld } from '../support/remote-world.ts';
import type { Pair, Station } from './station.ts';

export interface LinuxPair extends Pair {
  readonly left: Station & RemoteWorld;
  readonly right: Station & RemoteWorld;
  readonly namespaces: { readonly left: string; readonly right: string };
  /** Runs `ip` in the left namespace. */
  ip(...args: string[]): Promise<string>;
}

/** The adapters that can be tested here. raw-socket is optional for users, but not where nothing may be skipped. */
export const adapters: readonly VrrpAdapter[] =
  process.env.KAVTUI_REQUIRE_INTEROP === '1' || rawSocketLoads() ? ['koffi', 'raw-socket'] : ['koffi'];

function rawSocketLoads(): boolean {
  try {
    createRequire(import.meta.url)('raw-socket');
    return true;
  } catch {
    return false;
  }
}

let count = 0;

/** Makes the pair; `close` removes all of it. */
export async function linuxPair(adapter?: VrrpAdapter): Promise<LinuxPair> {
  const name = `lx${process.pid}x${++count}`;
  const namespaces = { left: `${name}a`, right: `${name}b` };
  const worlds: RemoteWorld[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(worlds.map((world) => world.close()));
    for (const namespace of Object.values(namespaces)) await run('ip', ['netns', 'del', namespace]).catch(() => '');
  };
  try {
    for (const namespace of Object.values(namespaces)) await run('ip', ['netns', 'add', namespace]);
    await connect(namespaces.left, namespaces.right);
    for (const namespace of Object.values(namespaces)) worlds.push(await startWorld(namespace, { adapter }));
  } catch (error) {
    await close();
    throw error;
  }
  const ip = (...args: string[]) => run('ip', ['-n', namespaces.left, ...args]);
  return {
    left: station(worlds[0]!, 'v1', 1),
    right: station(worlds[1]!, 'v2', 2),
    namespaces,
    ip,
    removeByHand: async ({ kind, spec }) => {
      const family = `-${spec.family}`;
      if (kind === 'rule') return void (await ip(family, 'rule', 'del', 'priority', String(spec.priority)));
      const { address, prefix } = spec.destination;
      await ip(family, 'route', 'del', `${address}/${prefix}`, 'table', String(spec.table ?? 'main'));
    },
    countPolicy: async () => {
      const lists = ['route show table all', 'rule show'].flatMap((what) =>
        ['-4', '-6'].map((v) => [v, ...what.split(' ')]),
      );
      const texts = await Promise.all(lists.map((args) => ip(...args)));
      return texts.join('\n').split('proto keepalived').length - 1;
    },
    plug: async (connected) => {
      // The carrier of a veth is gone while the other end is down, so one end each is enough.
      await run('ip', ['-n', namespaces.right, 'link', 'set', 'v2', connected ? 'up' : 'down']);
      if (connected) await linkLocalReady(namespaces.right, 'v2', 2);
    },
    until: (what, condition) => until(what, 5000, condition).then(() => {}),
    settle: () => sleep(150),
    close,
  };
}

/** Puts the wire between two namespaces: `v1` with 10.9.0.1 and fe80::1, `v2` with 10.9.0.2 and fe80::2. */
export async function connect(left: string, right: string): Promise<void> {
  await run('ip', ['link', 'add', 'v1', 'netns', left, 'type', 'veth', 'peer', 'name', 'v2', 'netns', right]);
  await Promise.all([dress(left, 'v1', 1), dress(right, 'v2', 2)]);
  await Promise.all([linkLocalReady(left, 'v1', 1), linkLocalReady(right, 'v2', 2)]);
}

async function dress(namespace: string, name: string, number: number): Promise<void> {
  const steps = [
    `addr add 10.9.0.${number}/24 dev ${name}`,
    `link set ${name} addrgenmode none`,
    `addr add fe80::${number}/64 dev ${name} nodad`,
    `link set ${name} up`,
    'link set lo up',
  ];
  await run('ip', ['-n', namespace, '-batch', '-'], steps.join('\n'));
}

async function linkLocalReady(namespace: string, name: string, number: number): Promise<void> {
  // Taking a link down removes its IPv6 addresses.
  await run('ip', ['-n', namespace, 'addr', 'replace', `fe80::${number}/64`, 'dev', name, 'nodad']);
  await until(`${name} is ready`, 5000, async () => {
    const text = await run('ip', ['-n', namespace, '-6', 'addr', 'show', 'dev', name, 'scope', 'link', '-tentative']);
    return text.includes(`fe80::${number}/`);
  });
}

function station(world: RemoteWorld, name: string, number: number): Station & RemoteWorld {
  return { ...world, interface: name, address: { 4: `10.9.0.${number}`, 6: `fe80::${number}` } };
}
