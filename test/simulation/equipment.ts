// What routers of random scenarios have besides an election: signed adverts, virtual MAC addresses, routes, tracked files
// and programs, links that are believed late, paced announcements. Drawn apart, so that each seed's election stays what it is.
import type { NodeConfig } from '../../src/engine/config.ts';
import type { RouterSpec } from '../../src/sim/cluster.ts';
import type { Random } from '../../src/sim/random.ts';
import type { InstanceConfig } from '../../src/vrrp/config.ts';
import type { RouteSpec } from '../../src/wire/route.ts';
import { SECOND } from './builders.ts';

/** Something else that happens on a host. */
export type Happening = { readonly at: number; readonly router: string } & (
  | { readonly kind: 'file-written'; readonly text: string }
  | { readonly kind: 'program-ends' | 'program-starts' }
);

export const TRACKED_FILE = '/run/weight';
export const PROGRAM = '/usr/sbin/haproxy';

/** The routers with their equipment; those of a VRID agree where they have to. */
export function equip(random: Random, routers: readonly RouterSpec[]): readonly RouterSpec[] {
  const first = routers[0]!.config.instances;
  const terms = first.map((one) => instanceEquipment(random, one));
  return routers.map((router) => {
    const tracks = nodeEquipment(random);
    const { config } = router;
    const instances = config.instances.map((one, i) => {
      const trackFiles = (tracks.trackFiles ?? []).map(({ name, weight, reverse }) => ({ name, weight, reverse }));
      const trackProcesses = (tracks.trackProcesses ?? []).map(({ name, weight, reverse }) => ({
        name,
        weight,
        reverse,
      }));
      const own = { ...terms[i]!, trackFiles, trackProcesses };
      const { vmac } = own;
      const addresses = one.addresses.map((vip) => (vmac ? { ...vip, interface: vmac.name } : vip));
      return { ...one, ...own, addresses };
    });
    return { ...router, config: { ...config, ...tracks, instances } };
  });
}

function instanceEquipment(random: Random, { vrid, family, password, unicastPeers }: InstanceConfig) {
  const byte = vrid.toString(16).padStart(2, '0');
  const signs = random.chance(0.3) && password === undefined;
  const antiReplay = random.pick(['time', 'monotonic'] as const);
  const key = { keys: [{ id: 1, hex: byte.repeat(32) }], activeKey: 1, windowSeconds: 5, mode: 'enforce' } as const;
  const mac = `00:00:5e:00:0${family === 4 ? 1 : 2}:${byte}`;
  const vmac = { name: `vrrp.${vrid}`, base: 'eth0', kind: 'macvlan', mac, xmitBase: random.chance(0.3) } as const;
  const destination =
    family === 4 ? { address: `192.168.${vrid % 256}.0`, prefix: 24 } : { address: `fd01:${byte}::`, prefix: 64 };
  const route: RouteSpec = { family, type: 'unicast', destination, interface: 'eth0', placement: 'prepend' };
  return {
    ...(signs && { hmac: { ...key, antiReplay } }),
    ...(random.chance(0.3) && unicastPeers.length === 0 && { vmac }),
    ...(random.chance(0.4) && { routes: [route] }),
  };
}

function nodeEquipment(random: Random): Pick<NodeConfig, 'trackFiles' | 'trackProcesses' | 'linkDelays' | 'pacing'> {
  const delayUs = () => random.between(0, 3) * SECOND;
  const weighs = { weight: random.pick([0, 10, -20]), reverse: false };
  const program = { name: 'program', path: PROGRAM, parameters: [], match: 'command', quorum: 1 } as const;
  const delays = { forkDelayUs: delayUs(), terminateDelayUs: delayUs() };
  return {
    ...(random.chance(0.3) && { trackFiles: [{ name: 'file', path: TRACKED_FILE, weight: 1, reverse: false }] }),
    ...(random.chance(0.3) && { trackProcesses: [{ ...program, ...delays, ...weighs }] }),
    ...(random.chance(0.3) && { linkDelays: { eth0: { downUs: delayUs(), upUs: delayUs() } } }),
    ...(random.chance(0.3) && { pacing: { garpUs: random.pick([10_000, SECOND]), gnaUs: 10_000, groups: [] } }),
  };
}

/** Files are written, once so that the router is in FAULT, and programs end and start again. */
export function randomHappenings(random: Random, routers: readonly RouterSpec[], from: number): readonly Happening[] {
  return routers.flatMap(({ name: router, config }): readonly Happening[] => {
    const at = from + random.between(0, 20 * SECOND);
    const then = at + random.between(SECOND / 2, 10 * SECOND);
    const weights = [random.pick(['-254', '-50', '30', 'x']), String(random.between(-20, 20))] as const;
    return [
      ...(config.trackFiles ?? []).flatMap(() => [
        { at, router, kind: 'file-written', text: weights[0] } as const,
        { at: then, router, kind: 'file-written', text: weights[1] } as const,
      ]),
      ...(config.trackProcesses ?? []).flatMap(() => [
        { at, router, kind: 'program-ends' } as const,
        { at: then, router, kind: 'program-starts' } as const,
      ]),
    ];
  });
}
