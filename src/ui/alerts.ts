// What is wrong on a node, in words, from its snapshot alone.
import type { ListedFinding } from '../session/watch-picture.ts';
import { duration } from './format.ts';
import type { Model } from './state.ts';

export interface Alert {
  readonly level: 'critical' | 'attention';
  readonly text: string;
}

type AlertModel = Pick<Model, 'snapshot'> & Partial<Pick<Model, 'findings' | 'watch'>>;

/** What an operator must know, worst first. */
export function findAlerts({ snapshot, findings = [], watch }: AlertModel, now: number): Alert[] {
  if (snapshot === undefined) return [];
  const found = findings.flatMap(findingAlert);
  // Of virtual routers that are only watched, nothing is wrong that is no finding.
  if (watch !== undefined) return found;
  const forced = new Set(snapshot.overrides.filter((o) => o.kind === 'force-fault').map((o) => o.instance));
  const critical: Alert[] = [];
  const attention: Alert[] = [];
  for (const instance of snapshot.instances) {
    const { name, master } = instance;
    if (instance.state === 'FAULT') {
      const reason = instance.faults.join('; ') || instance.cause;
      (forced.has(name) ? attention : critical).push({
        level: forced.has(name) ? 'attention' : 'critical',
        text: `${name} FAULT for ${duration(now - instance.since)}: ${reason}`,
      });
      continue;
    }
    const missing = instance.addresses.filter(({ present }) => !present);
    if (instance.state === 'MASTER' && missing.length > 0) {
      critical.push({
        level: 'critical',
        text: `${name} is MASTER but ${missing[0]!.address} is not on ${missing[0]!.interface}`,
      });
    }
    if (master !== undefined && !master.self && now - master.lastAdvertAt > 2 * instance.masterIntervalUs) {
      attention.push({
        level: 'attention',
        text: `${name}: MASTER ${master.address} silent for ${duration(now - master.lastAdvertAt)}`,
      });
    }
    const failing = instance.trackers.filter(({ ok }) => ok === false).map((tracker) => tracker.name);
    if (failing.length > 0) {
      attention.push({
        level: 'attention',
        text: `${name}: ${failing.join(', ')} failing, priority ${instance.basePriority} -> ${instance.effectivePriority}`,
      });
    }
  }
  const worse = (level: Alert['level']): Alert[] => found.filter((alert) => alert.level === level);
  return [...critical, ...worse('critical'), ...attention, ...worse('attention')];
}

/** The snapshot itself tells of these. */
const TOLD: ReadonlySet<string> = new Set(['D17']);

function findingAlert({ id, severity, router, title, resolved }: ListedFinding): Alert[] {
  if (resolved !== undefined || severity === 'info' || TOLD.has(id)) return [];
  const about = title.startsWith(router) ? '' : `${router}: `;
  return [{ level: severity === 'error' ? 'critical' : 'attention', text: `${about}${title} (${id})` }];
}
