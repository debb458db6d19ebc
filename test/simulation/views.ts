// What the checkers see of a cluster at a moment: plain facts from snapshots and hosts, nothing from inside the engine.
import type { InstanceSnapshot } from '../../src/engine/snapshot.ts';
import type { Cluster } from '../../src/sim/cluster.ts';
import type { SimRouter } from '../../src/sim/sim-router.ts';

export interface View {
  readonly router: string;
  /** `VRID/family`: the routers that elect one MASTER. */
  readonly group: string;
  readonly process: 'running' | 'paused' | 'dead';
  readonly connected: boolean;
  /** The longest of its sync group, or its own: an election of members takes as long as the slowest one's. */
  readonly intervalUs: number;
  readonly masterDownUs: number;
  /** The last one, when the process is dead. */
  readonly instance: InstanceSnapshot;
}

/** Runs, hears and speaks: what it does counts. */
export function isClean(view: View): boolean {
  return view.process === 'running' && view.connected;
}

export function isMaster(view: View): boolean {
  return view.process !== 'dead' && view.instance.state === 'MASTER';
}

/** Takes part in the election. */
export function isCandidate(view: View): boolean {
  return isClean(view) && (view.instance.state === 'BACKUP' || view.instance.state === 'MASTER');
}

/** Order in which candidates may hold the VIPs: priority, then address (RFC 9568 §6.4.3). Own code, on purpose. */
export function isBetter(a: View, b: View): boolean {
  const difference = a.instance.effectivePriority - b.instance.effectivePriority;
  if (difference !== 0) return difference > 0;
  return numeric(a.instance.source) > numeric(b.instance.source);
}

function numeric(address: string | undefined): number {
  const last = address?.split(/[.:]/).at(-1) ?? '';
  return Number.parseInt(last, address?.includes(':') ? 16 : 10);
}

/** Reads the routers that changed since the last call. Router and instance name → view. */
export function createViewer(cluster: Cluster): () => ReadonlyMap<string, View> {
  const stamps = new Map<string, string>();
  const views = new Map<string, View>();
  return () => {
    for (const router of cluster.routers) {
      const stamp = `${router.runtime()?.revision() ?? 'none'} ${router.host.process()} ${router.host.connected('eth0')}`;
      if (stamps.get(router.name) === stamp) continue;
      stamps.set(router.name, stamp);
      readViews(router, views);
    }
    return views;
  };
}

function readViews(router: SimRouter, views: Map<string, View>): void {
  const now = { process: router.host.process(), connected: router.host.connected('eth0') };
  const snapshot = router.snapshot();
  if (snapshot === undefined) {
    for (const [key, view] of views) if (view.router === router.name) views.set(key, { ...view, ...now });
    return;
  }
  for (const instance of snapshot.instances) {
    const group = `${instance.vrid}/${instance.family}`;
    const mates = snapshot.instances.filter(
      (mate) => mate === instance || (instance.syncGroup !== undefined && mate.syncGroup === instance.syncGroup),
    );
    const intervalUs = Math.max(...mates.map((mate) => mate.advertIntervalUs));
    const masterDownUs = Math.max(...mates.map((mate) => mate.masterDownUs));
    const view = { router: router.name, group, ...now, intervalUs, masterDownUs, instance };
    views.set(`${router.name} ${instance.name}`, view);
  }
}
