// What must hold in a cluster, whatever happened to it; run after every step:
// (1) a group that has been left alone for master-down and two intervals has a MASTER, and at the end exactly one;
// (2) on a LAN without faults two MASTERs coexist for at most one interval and one delay;
// (3) a VIP, or a route, is on a host exactly while its instance is MASTER;
// (4) the better router becomes MASTER within preempt_delay and master-down when it may preempt; otherwise nobody takes
//     over from a healthy MASTER, and a MASTER gives way to a better one only;
// (5) who stops being MASTER by itself says so with priority 0;
// (6) the members of a sync group agree;
// (7) a step is pure, and (8) after a tick the next deadline lies in the future: see watched-engine.ts.
import type { EventRecord } from '../../src/engine/record.ts';
import type { Cluster } from '../../src/sim/cluster.ts';
import type { LanFault } from '../../src/sim/faults.ts';
import type { Resignations } from './resignations.ts';
import { createViewer, isBetter, isCandidate, isClean, isMaster, type View } from './views.ts';

export interface Checkers {
  /** Call after every step of the clock. Throws an Error that says which rule is broken, where and when. */
  afterStep(): void;
  /** Hand over every record of every router. */
  record(router: string, record: EventRecord): void;
  /** At the end, when all is healed: exactly one MASTER in each group that has a candidate. */
  atEnd(): void;
}

interface Group {
  readonly name: string;
  members: View[];
  /** Last time something happened that excuses it: a fault, a priority, a process, a router in or out of the election. */
  disturbedAt: number;
  /** Since when two MASTERs who hear each other coexist. */
  dualSince: number | undefined;
}

/** Checkers of a cluster that meets these faults of the LAN. */
export function createCheckers(cluster: Cluster, lanFaults: readonly LanFault[], resignations: Resignations): Checkers {
  const { clock, lan } = cluster;
  const read = createViewer(cluster);
  const groups = new Map<string, Group>();
  const stopped: string[] = [];
  /** Who has been BACKUP since the last step, perhaps on its way to another state. */
  const gaveWay = new Set<string>();
  let before = new Map<string, View>();

  const broken = (rule: string, view: View | Group, text: string): never => {
    const where =
      'router' in view ? `${view.router} ${view.instance.name} (group ${view.group})` : `group ${view.name}`;
    throw new Error(`rule ${rule} is broken at ${clock.now()}: ${where}: ${text}`);
  };
  /** The LAN has been without fault for `forUs`, and nothing of it is under way. */
  const lanQuiet = (forUs: number) =>
    lanFaults.every((fault) => clock.now() < fault.at || clock.now() - endOf(fault) >= forUs);
  const quiet = (group: Group, forUs: number) => lanQuiet(forUs) && clock.now() - group.disturbedAt >= forUs;
  const groupOf = (view: View) => {
    const group = groups.get(view.group) ?? { name: view.group, members: [], disturbedAt: 0, dualSince: undefined };
    groups.set(view.group, group);
    return group;
  };

  /** (3) A VIP, or a route, is on the host exactly while the instance is MASTER. */
  const checkAddresses = (view: View) => {
    if (view.process === 'dead') return;
    for (const { address } of view.instance.addresses) {
      const there = cluster.router(view.router).host.hasAddress(address);
      if (there !== isMaster(view))
        broken('3', view, `${view.instance.state}, but ${address} is ${there ? '' : 'not '}there`);
    }
    const { config, host } = cluster.router(view.router);
    const routes = config.instances.find(({ name }) => name === view.instance.name)?.routes ?? [];
    for (const spec of routes) {
      const there = host.routes.list().some((entry) => entry.spec === spec);
      if (there !== isMaster(view))
        broken('3', view, `${view.instance.state}, and its route is ${there ? '' : 'not '}there`);
    }
  };
  /** (4) Nobody takes over from a healthy MASTER unless it preempts and is better. */
  const checkPromotion = (view: View, group: Group) => {
    if (!quiet(group, settleTime(group))) return;
    const healthy = group.members.filter((other) => other.router !== view.router && isMaster(other) && isClean(other));
    for (const master of healthy) {
      if (clock.now() - master.instance.since < settleTime(group)) continue;
      const mayPreempt = view.instance.preempt && view.instance.effectivePriority > master.instance.effectivePriority;
      if (!mayPreempt)
        broken('4', view, `became MASTER although ${master.router} is a healthy MASTER it may not preempt`);
    }
  };
  /** (4) A MASTER gives way to a better one only: higher priority, or equal priority and greater address. */
  const checkYield = (view: View, group: Group) => {
    if (!quiet(group, lan.longestDelayUs + 1) || !isClean(view)) return;
    const better = group.members.some(
      (other) => other.router !== view.router && isMaster(other) && isBetter(other, view),
    );
    if (!better) broken('4', view, `gave way although no better MASTER is there (${view.instance.cause})`);
  };
  /** (5) Who stops being MASTER by itself says so with priority 0, before it lets go of the addresses. */
  const checkResignation = (view: View) => {
    if (!view.connected || resignations.last(view.router, view.instance.vrid) === clock.now()) return;
    broken('5', view, `left MASTER without an advert of priority 0 (${view.instance.cause})`);
  };

  /** (6) The members of a sync group are in the same state. */
  const checkSync = (views: Iterable<View>) => {
    const states = new Map<string, View>();
    for (const view of views) {
      if (view.instance.syncGroup === undefined || view.process === 'dead') continue;
      const key = `${view.router} ${view.instance.syncGroup}`;
      const first = states.get(key) ?? view;
      states.set(key, first);
      if (first.instance.state === view.instance.state) continue;
      broken('6', view, `${view.instance.state}, but ${first.instance.name} is ${first.instance.state}`);
    }
  };

  const noticeChange = (was: View | undefined, is: View) => {
    const group = groupOf(is);
    if (was === undefined || isDisturbance(was, is)) group.disturbedAt = clock.now();
    checkAddresses(is);
    const from = was?.process === 'dead' ? undefined : was?.instance.state;
    const to = is.instance.state;
    if (is.process !== 'running' || from === to) return;
    if (to === 'MASTER') checkPromotion(is, group);
    if (from === 'MASTER' && to === 'BACKUP') checkYield(is, group);
    const direct = !gaveWay.has(`${is.router} ${is.instance.name}`);
    if (from === 'MASTER' && to === 'FAULT' && direct) checkResignation(is);
  };

  /** (1) Somebody is MASTER. (2) Two MASTERs hear each other for at most one interval and one delay. */
  const checkMasters = (group: Group) => {
    const candidates = group.members.filter(isCandidate);
    const masters = candidates.filter(isMaster);
    if (masters.length === 0 && candidates.length > 0 && quiet(group, settleTime(group))) {
      broken('1', group, `no MASTER among ${candidates.map(({ router }) => router).join(', ')}`);
    }
    if (masters.length < 2 || !lanQuiet(lan.longestDelayUs)) {
      group.dualSince = undefined;
      return;
    }
    group.dualSince ??= clock.now();
    const longest = Math.max(...masters.map(({ instance }) => instance.advertIntervalUs)) + lan.longestDelayUs;
    if (clock.now() - group.dualSince > longest) {
      broken('2', group, `${masters.map(({ router }) => router).join(' and ')} have been MASTER for too long`);
    }
  };
  /** (4) With preempt, no candidate stays better than the MASTER for longer than preempt_delay and master-down. */
  const checkPreemption = (group: Group) => {
    const master = group.members.find((view) => isMaster(view) && isClean(view));
    if (master === undefined || !lanQuiet(lan.longestDelayUs)) return;
    for (const view of group.members) {
      const { preempt, effectivePriority, state, preemptDelayUs, since } = view.instance;
      if (!isClean(view) || state !== 'BACKUP' || !preempt) continue;
      if (effectivePriority <= master.instance.effectivePriority) continue;
      // keepalived counts preempt_delay from the first advert it hears, which is up to one interval away.
      const limit = master.intervalUs + lan.longestDelayUs + preemptDelayUs + view.masterDownUs;
      const from = Math.max(group.disturbedAt, master.instance.since, since, ...pastEnds(lanFaults, clock.now()));
      if (clock.now() - from > limit) broken('4', view, `is better than ${master.router} and has not preempted it`);
    }
  };
  return {
    record: (router, { state, instance }) => {
      if (state === 'STOP') stopped.push(`${router} ${instance}`);
      if (state === 'BACKUP') gaveWay.add(`${router} ${instance}`);
    },
    afterStep: () => {
      const views = read();
      const changed = [...views].filter(([key, view]) => before.get(key) !== view);
      if (changed.length > 0) {
        for (const group of groups.values()) group.members = [];
        for (const view of views.values()) groupOf(view).members.push(view);
      }
      for (const key of stopped.splice(0))
        if (before.get(key)?.instance.state === 'MASTER') checkResignation(before.get(key)!);
      for (const [key, view] of changed) noticeChange(before.get(key), view);
      gaveWay.clear();
      if (changed.length > 0) {
        before = new Map(views);
        checkSync(views.values());
      }
      for (const group of groups.values()) {
        checkMasters(group);
        checkPreemption(group);
      }
    },
    atEnd: () => {
      for (const group of groups.values()) {
        const masters = group.members.filter(isMaster);
        if (masters.length !== 1 && group.members.some(isCandidate)) {
          broken('1', group, `${masters.length} MASTERs at the end`);
        }
      }
    },
  };
}

/** From here on everybody has had the time to hear or to miss everybody: master-down and two intervals. */
function settleTime(group: Group): number {
  const longest = Math.max(...group.members.map(({ intervalUs }) => intervalUs));
  const inSync = group.members.some(({ instance }) => instance.syncGroup !== undefined);
  const longestSkew = inSync || group.members[0]?.instance.version === 2 ? Math.max(longest, 1_000_000) : longest;
  return 3 * longest + longestSkew + 2 * longest;
}

/** Something that changes the terms of the election. */
function isDisturbance(was: View, is: View): boolean {
  const outside = (view: View) => view.instance.state === 'FAULT' || view.instance.state === 'INIT';
  return (
    was.process !== is.process ||
    was.connected !== is.connected ||
    outside(was) !== outside(is) ||
    was.instance.effectivePriority !== is.instance.effectivePriority ||
    was.instance.preempt !== is.instance.preempt
  );
}

/** When the last frame that a fault touched has arrived. */
function endOf(fault: LanFault): number {
  return fault.until + (fault.kind === 'delay' || fault.kind === 'reorder' ? fault.byUs : 0);
}

function pastEnds(faults: readonly LanFault[], now: number): number[] {
  return faults.map(endOf).filter((end) => end <= now);
}
