// Runs a scenario in virtual time under all checkers.
import type { EventRecord } from '../../src/engine/record.ts';
import { type Cluster, createCluster } from '../../src/sim/cluster.ts';
import { describeFault, isLanFault } from '../../src/sim/faults.ts';
import { createRandom } from '../../src/sim/random.ts';
import { createVirtualClock } from '../../src/sim/virtual-clock.ts';
import { createCheckers } from './checkers.ts';
import { PROGRAM, TRACKED_FILE } from './equipment.ts';
import { createResignations } from './resignations.ts';
import type { Scenario } from './scenario.ts';
import { checkDeadlines } from './watched-engine.ts';

/** How a run ended: `broken` names the rule and the moment. */
export interface Outcome {
  readonly steps: number;
  readonly masters: number;
  readonly broken?: string;
  /** What happened, one line an event, with the faults among them. */
  readonly transcript: readonly string[];
}

export function runScenario(scenario: Scenario): Outcome {
  const clock = createVirtualClock(scenario.startAt);
  const transcript: string[] = [];
  const note = (text: string) => transcript.push(`${time(clock.now() - scenario.startAt)} ${text}`);
  let masters = 0;
  let steps = 0;
  const onRecord = (router: string, record: EventRecord) => {
    checkers.record(router, record);
    if (record.state === 'MASTER') masters++;
    if (record.state !== undefined) note(`${router} ${record.instance} ${record.text} (${record.cause})`);
    else if (['priority', 'override', 'link'].includes(record.kind))
      note(`${router} ${record.instance ?? ''} ${record.text}`);
  };
  const resignations = createResignations();
  const cluster = createCluster({
    clock,
    random: createRandom(scenario.seed).fork('lan'),
    routers: scenario.routers,
    onRecord,
    decorateWorld: (world, router) => checkDeadlines(resignations.decorate(world, router), router),
  });
  const checkers = createCheckers(cluster, scenario.plan.filter(isLanFault), resignations);
  arrange(cluster, scenario, note);
  try {
    cluster.start();
    for (let next = clock.nextAt(); next !== undefined && next <= scenario.endAt; next = clock.nextAt()) {
      clock.step();
      steps++;
      checkers.afterStep();
    }
    checkers.atEnd();
    return { steps, masters, transcript };
  } catch (error) {
    return {
      steps,
      masters,
      transcript,
      broken: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
}

/** The scenario on top of the transcript, for who has to understand a failure. */
export function describeScenario({ routers, plan, startAt }: Scenario): string[] {
  return [
    ...routers.flatMap(({ name, config }) =>
      config.instances.map(
        (i) =>
          `${name} ${i.name} v${i.version} vrid ${i.vrid} prio ${i.priority} int ${i.advertIntervalUs / 1e6} s ` +
          `${i.preempt ? `preempt${i.preemptDelayUs ? ` after ${i.preemptDelayUs / 1e6} s` : ''}` : 'nopreempt'} ` +
          `${i.unicastPeers.length > 0 ? 'unicast' : 'multicast'}${i.vmac ? ' vmac' : ''}${i.hmac ? ' hmac' : ''} ${i.trackScripts.map((t) => `${t.name}:${t.weight}`).join(' ')}`,
      ),
    ),
    ...plan.map((fault) => `${time(fault.at - startAt)} to ${time(fault.until - startAt)} ${describeFault(fault)}`),
  ];
}

function arrange(cluster: Cluster, { plan, commands, ...scenario }: Scenario, note: (text: string) => void): void {
  const { clock } = cluster;
  happen(cluster, scenario, note);
  cluster.applyFaults(plan);
  for (const fault of plan) {
    clock.wakeAt(fault.at, () => note(`fault begins: ${describeFault(fault)}`));
    clock.wakeAt(fault.until, () => note(`fault ends: ${describeFault(fault)}`));
  }
  for (const { at, router, order } of commands) {
    clock.wakeAt(at, () => {
      if (cluster.router(router).host.process() === 'running') cluster.router(router).runtime()?.command(order);
    });
  }
}

/** What is tracked on the hosts: all is well at first. */
function happen(
  { clock, router }: Cluster,
  { routers, happenings }: Pick<Scenario, 'routers' | 'happenings'>,
  note: (text: string) => void,
): void {
  const programs = new Map(routers.map(({ name }) => [name, router(name).host.programs.run([PROGRAM])]));
  for (const each of happenings) {
    clock.wakeAt(each.at, () => {
      const { programs: running, files } = router(each.router).host;
      note(`${each.router} ${each.kind}${each.kind === 'file-written' ? ` ${each.text}` : ''}`);
      if (each.kind === 'file-written') files.write(TRACKED_FILE, each.text);
      else if (each.kind === 'program-ends') programs.get(each.router)?.();
      else programs.set(each.router, running.run([PROGRAM]));
    });
  }
}

/** Seconds with microseconds: `12.345678`. */
function time(us: number): string {
  return (us / 1e6).toFixed(6).padStart(11);
}
