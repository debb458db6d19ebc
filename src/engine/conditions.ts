// From links, scripts, sockets and overrides to what one instance has to know about its surroundings.
import type { InstanceConfig } from '../vrrp/config.ts';
import type { Conditions, Fault } from '../vrrp/state.ts';
import { sourceAddress } from './addresses.ts';
import { advance } from './advance.ts';
import { channelKey } from './channels.ts';
import { devicesOf, isMaking, transportOf } from './devices.ts';
import { groupOf, startGroups } from './groups.ts';
import type { Node, VirtualRouter } from './node.ts';
import { applyOverrides, type Settings } from './overrides.ts';
import { policyInterfaces } from './policy-holdings.ts';
import { staticFaults } from './statics.ts';
import { FAULT_KIND, type Tracker, trackersOf } from './trackers.ts';

/** Tells every instance whose conditions changed. `concerned`: no other can have changed by itself. */
export function refreshConditions(node: Node, concerned?: (config: InstanceConfig) => boolean): void {
  if (node.stopped) return;
  const routers = [...node.routers.values()].filter(({ config }) => concerned?.(config) ?? true);
  const together = new Set(routers.flatMap((router) => groupOf(node, router)?.members ?? [router]));
  const own = new Map([...together].map((router) => [router, conditionsOf(node, router)]));
  const all = new Map([...own].map(([router, conditions]) => [router, withGroup(node, router, conditions, own)]));
  startGroups(node, all);
  // Where it begins first: then the members of a sync group that only follow.
  const cause = ([router]: [VirtualRouter, Conditions]): boolean => !sameOwnFaults(router, own.get(router)!);
  const changed = [...all].filter(([router, conditions]) => !same(router.state.conditions, conditions));
  for (const [router, conditions] of [...changed.filter(cause), ...changed.filter((each) => !cause(each))]) {
    advance(node, router, { kind: 'conditionsChanged', conditions });
  }
}

/** A member of a sync group is in FAULT, and held, with any other member. */
function withGroup(
  node: Node,
  router: VirtualRouter,
  conditions: Conditions,
  own: ReadonlyMap<VirtualRouter, Conditions>,
): Conditions {
  const group = groupOf(node, router);
  if (group === undefined) return conditions;
  const others = group.members.filter((member) => member !== router);
  const faults = others.flatMap((member) => {
    const [first] = own.get(member)!.faults;
    if (first === undefined) return [];
    const { name } = member.config;
    return [fault('group', name, `${name} of sync group ${group.config.name}: ${first.text}`)];
  });
  return {
    ...conditions,
    faults: [...conditions.faults, ...faults],
    hold: conditions.hold || others.some((member) => own.get(member)!.hold),
    syncGroup: group.allOwners ? 'owners' : 'mixed',
  };
}

function sameOwnFaults({ state }: VirtualRouter, { faults }: Conditions): boolean {
  const before = state.conditions.faults.filter(({ kind }) => kind !== 'group');
  return before.length === faults.length && before.every(({ key }, i) => key === faults[i]!.key);
}

/** Settings of an instance with the overrides in force. */
export function settingsOf(node: Node, { config }: VirtualRouter): Settings {
  return applyOverrides(node.overrides, config.name, { basePriority: config.priority, preempt: config.preempt });
}

function conditionsOf(node: Node, router: VirtualRouter): Conditions {
  const { config } = router;
  const settings = settingsOf(node, router);
  const trackers = trackersOf(node, router);
  const source = sourceAddress(config, node.links.get(sourceInterface(config)), node.virtual);
  const transport = transportOf(config);
  const channel = node.channels.get(channelKey({ interface: transport, family: config.family }));
  const undecided = trackers.some((each) => each.undecided);
  return {
    faults: [
      ...(settings.forced ? [fault('forced', '', 'forced by the operator')] : []),
      ...linkFaults(node, router),
      ...policyFaults(node, router),
      ...staticFaults(node, router),
      ...sourceFaults(node, router, source),
      ...(config.options?.noPeerFault ? [fault('config', '', 'unicast, but no peer is configured')] : []),
      ...(channel?.state === 'failed' ? [fault('port', '', `socket on ${transport}: ${channel.message}`)] : []),
      ...(router.addressFault === undefined ? [] : [fault('address', '', router.addressFault.text)]),
      ...trackers.flatMap(trackerFault),
    ],
    hold: undecided || channel?.state === 'opening' || channel?.state === 'closed' || isMaking(node, config),
    source,
    basePriority: settings.basePriority,
    contribution: contributionOf(router, trackers),
    preempt: settings.preempt,
    notBefore: node.listensFrom,
  };
}

/** IPv4 goes out under an address of the base whatever the device; IPv6 wants one of the interface it leaves by. */
function sourceInterface(config: InstanceConfig): string {
  const lent = config.family === 6 || config.vmac?.address !== undefined;
  return lent ? transportOf(config) : config.interface;
}

/** The instance's interface with its device, and those that carry its addresses (keepalived tracks them with weight 0). */
function linkFaults(node: Node, { config, state }: VirtualRouter): readonly Fault[] {
  const own = [config.interface, ...(config.vmac === undefined ? [] : [config.vmac.name])];
  const carriers = [...config.addresses, ...config.excluded].flatMap((vip) => (vip.noTrack ? [] : [vip.interface]));
  const names = new Set([...own, ...carriers, ...devicesOf(config).map(({ name }) => name)]);
  // Unicast without an interface.
  names.delete('');
  return [...names].flatMap((name) => {
    const link = node.links.get(name);
    if (link === undefined) {
      const device = node.devices.get(name);
      // At the start it is being made: that is no fault to report.
      if (device?.state === 'making' && state.state === 'INIT') return [];
      const text = device?.state === 'failed' ? device.message : `interface ${name} does not exist`;
      return [fault('interface', name, text)];
    }
    const ignored = own.includes(name) && config.options?.dontTrackPrimary;
    return link.up || ignored ? [] : [fault('interface', name, `interface ${name} is down`)];
  });
}

/** Interfaces that only its routes and rules name; of its own and its devices `linkFaults` speaks. */
function policyFaults(node: Node, { config }: VirtualRouter): readonly Fault[] {
  return policyInterfaces(config).flatMap((name) => {
    const carried = name === config.interface || devicesOf(config).some((device) => device.name === name);
    if (carried || node.links.get(name)?.up) return [];
    return [fault('tracked-interface', `${name} of routes`, `interface ${name} of a virtual route or rule is down`)];
  });
}

function sourceFaults(node: Node, { config }: VirtualRouter, source: Conditions['source']): readonly Fault[] {
  const link = node.links.get(config.interface);
  const anywhere = config.interface === '';
  if (!anywhere && (link === undefined || !node.links.has(sourceInterface(config)))) return [];
  if (source === undefined) {
    const what = config.family === 4 ? 'IPv4 address' : 'IPv6 link-local address';
    return [fault('source', '', `no ${what} on ${config.interface} to send from`)];
  }
  if (!config.options?.trackSource || config.source === undefined) return [];
  const places = config.options.routed || link === undefined ? [...node.links.values()] : [link];
  const present = places.some(({ addresses }) =>
    addresses.some(({ address, tentative }) => address === source && !tentative),
  );
  const where = config.options.routed ? 'this host' : config.interface;
  return present ? [] : [fault('source', '', `source address ${source} is not on ${where} (track_src_ip)`)];
}

function trackerFault({ name, kind, fault: text }: Tracker): readonly Fault[] {
  return text === undefined ? [] : [fault(FAULT_KIND[kind], name, text)];
}

/** A file whose value is a FAULT although it has a weight leaves the priority as it was (keepalived). */
function contributionOf(router: VirtualRouter, trackers: readonly Tracker[]): number {
  const frozen = trackers.some(({ kind, weight, fault }) => kind === 'file' && weight !== 0 && fault !== undefined);
  if (frozen) return router.state.conditions.contribution;
  return trackers.reduce((sum, { contribution }) => sum + contribution, 0);
}

function fault(kind: Fault['kind'], subject: string, text: string): Fault {
  return { kind, key: `${kind} ${subject}`, text };
}

function same(a: Conditions, b: Conditions): boolean {
  return (
    a.hold === b.hold &&
    a.source === b.source &&
    a.preempt === b.preempt &&
    a.basePriority === b.basePriority &&
    a.contribution === b.contribution &&
    a.syncGroup === b.syncGroup &&
    a.faults.length === b.faults.length &&
    a.faults.every(({ key, text }, i) => key === b.faults[i]!.key && text === b.faults[i]!.text)
  );
}
