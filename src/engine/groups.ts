// Sync groups (vrrp_sync_group): the members become and stop being MASTER together (keepalived: vrrp_sync.c).
import type { Conditions, InstanceEffect, VrrpState } from '../vrrp/state.ts';
import { OWNER_PRIORITY } from '../wire/vrrp.ts';
import type { NodeConfig } from './config.ts';
import type { Node, SyncGroup, VirtualRouter } from './node.ts';
import { log } from './node.ts';
import { tell } from './notify.ts';
import { step } from './step.ts';

/** The groups of a configuration, with the members that exist. */
export function planGroups(config: NodeConfig, routers: ReadonlyMap<string, VirtualRouter>): readonly SyncGroup[] {
  return (config.syncGroups ?? []).map((group) => {
    const members = group.members.flatMap((name) => routers.get(name) ?? []);
    const owners = members.filter((member) => member.config.priority === OWNER_PRIORITY);
    return { config: group, members, allOwners: owners.length === members.length, state: 'INIT' };
  });
}

export function groupOf(node: Node, router: VirtualRouter): SyncGroup | undefined {
  let groups = memberships.get(node.groups);
  if (groups === undefined) {
    // Of two groups with the same member the first counts.
    groups = new Map([...node.groups].reverse().flatMap((group) => group.members.map((member) => [member, group])));
    memberships.set(node.groups, groups);
  }
  return groups.get(router);
}

const memberships = new WeakMap<Node['groups'], ReadonlyMap<VirtualRouter, SyncGroup>>();

/** May this instance become MASTER when its timer expires? Only when all the others want it too. */
export function mayLead(node: Node, router: VirtualRouter): boolean {
  const group = groupOf(node, router);
  return group?.members.every((member) => member === router || member.state.wantsMaster) ?? true;
}

/** What a step of one member means for the others, in the order of the file; then the group's own notification. */
export function followGroup(
  node: Node,
  router: VirtualRouter,
  before: VrrpState,
  effects: readonly InstanceEffect[],
): void {
  const group = groupOf(node, router);
  if (group === undefined) return;
  const { name } = router.config;
  const others = group.members.filter((member) => member !== router);
  const after = router.state.state;
  if (before !== 'MASTER' && after === 'MASTER') {
    for (const member of others) step(node, member, { kind: 'groupMaster', cause: `${name} became MASTER` });
  } else if (before === 'MASTER' && after === 'BACKUP') {
    for (const member of others) step(node, member, { kind: 'groupBackup', cause: `${name} became BACKUP` });
  }
  if (effects.some((effect) => effect.kind === 'notify' && effect.state === 'MASTER_RX_LOWER_PRI')) {
    for (const member of others) step(node, member, { kind: 'groupAnnounce' });
  }
  if (group.members.every((member) => member.state.state === after)) enterGroup(node, group, after);
}

/** Before its members leave INIT a group says which way they go: `wanted` is what they are about to hear. */
export function startGroups(node: Node, wanted: ReadonlyMap<VirtualRouter, Conditions>): void {
  for (const group of node.groups) {
    const first = group.members[0];
    if (group.state !== 'INIT' || first === undefined) continue;
    const conditions = wanted.get(first);
    if (conditions === undefined) continue;
    const { faults, hold } = conditions;
    if (faults.length > 0) enterGroup(node, group, 'FAULT');
    else if (!hold) enterGroup(node, group, 'BACKUP');
  }
}

/** After the STOP of the instances. */
export function stopGroups(node: Node): void {
  for (const group of node.groups) if (group.members.length > 0) tellOfGroup(node, group, 'STOP');
}

function enterGroup(node: Node, group: SyncGroup, state: VrrpState): void {
  if (group.state === state || state === 'INIT') return;
  group.state = state;
  log(node, {
    level: state === 'FAULT' ? 'warning' : 'info',
    kind: 'state',
    text: `VRRP_Group(${group.config.name}) Syncing instances to ${state} state`,
  });
  tellOfGroup(node, group, state);
}

function tellOfGroup(node: Node, { config }: SyncGroup, state: VrrpState | 'STOP'): void {
  tell(node, { kind: 'GROUP', name: config.name, notify: config.notify }, state, 0);
}
