// The demo without a terminal: an election and two failover drills in virtual time, printed as lines.
import type { EventRecord } from '../engine/record.ts';
import type { InstanceSnapshot } from '../engine/snapshot.ts';
import { createVirtualClock } from '../sim/virtual-clock.ts';
import { createDemo, type Demo } from './demo-cluster.ts';
import { createObserver, instanceOf, type Observer } from './demo-drill.ts';
import { logText } from './log-line.ts';

const SECOND = 1_000_000;
/** The simulated LAN needs up to 0.3 ms for a frame; the engine's own timers are exact in virtual time. */
const TOLERANCE_US = 5_000;

/** Writes the drill line by line and returns when it is over: about 40 s of virtual time in a moment. */
export function runDemoLines(write: (line: string) => void): void {
  const clock = createVirtualClock();
  const onRecord = (router: string, record: EventRecord) => {
    if (['state', 'override'].includes(record.kind)) write(`${seconds(record.at)}  ${router}  ${logText(record)}`);
  };
  const demo = createDemo({ clock, onRecord });
  const observer = createObserver(demo, clock, (at, router, what) => write(`${seconds(at)}  ${router}  ${what}`));

  write('kavtui demo: three simulated routers on one LAN, virtual time. In a terminal it is a screen.');
  write('');
  write('Start and election (master-down = 3 intervals + skew; the highest priority has the shortest skew)');
  demo.start();
  observer.run(8 * SECOND);
  write('');
  writeCluster(demo, write);
  drill({ demo, observer, instance: 'VI_1', write });
  drill({ demo, observer, instance: 'VI_2', write });
  write('');
  write('Clean stop of all routers (each MASTER says priority 0)');
  demo.stop();
  observer.run(SECOND);
}

interface Drill {
  readonly demo: Demo;
  readonly observer: Observer;
  readonly instance: string;
  readonly write: (line: string) => void;
}

function drill({ demo, observer, instance, write }: Drill): void {
  const { observed } = observer;
  const master = demo.routers.find(({ name }) => viewOf(demo, name, instance).state === 'MASTER')!;
  const heir = best(demo, instance, master.name);
  const expectedUs = heir.view.skewUs;
  write('');
  write(`Drill on ${instance}: ${master.name} is MASTER; it is forced into FAULT, then released`);
  observer.reset(instance);
  master.runtime().command({ kind: 'force-fault', instance });
  observer.run(5 * SECOND);
  const { resignedAt = 0, takenOverAt = Number.POSITIVE_INFINITY, darkUs } = observed;
  const promotions = [...observed.masters];

  observer.reset(instance);
  master.runtime().command({ kind: 'undo-all' });
  observer.run(7 * SECOND);
  const released = viewOf(demo, master.name, instance);
  const expectedMaster = released.preempt ? master.name : heir.name;
  const nowMaster = demo.routers.find(({ name }) => viewOf(demo, name, instance).state === 'MASTER')?.name ?? 'nobody';

  write('');
  write(row('report', 'expected', 'measured', '', ''));
  const takeoverUs = takenOverAt - resignedAt;
  write(
    time(
      'priority 0 -> first advert',
      expectedUs,
      takeoverUs,
      `skew of ${heir.name}, priority ${heir.view.effectivePriority}`,
    ),
  );
  write(
    time('VIP dark for a client', expectedUs, darkUs, 'from removal on the old to the announcement of the new MASTER'),
  );
  write(count('takeovers', 1, promotions.length, promotions.join(' -> ')));
  write(
    row('MASTER after release', expectedMaster, nowMaster, verdict(expectedMaster === nowMaster), whyMaster(released)),
  );
  write(count('takeovers after release', released.preempt ? 1 : 0, observed.masters.length, ''));
  if (released.preempt) write(time('VIP dark at the return', 0, observed.darkUs, 'both have the VIP for one delay'));
}

function whyMaster({ preempt, effectivePriority, masterDownUs }: InstanceSnapshot): string {
  return preempt
    ? `preempt: priority ${effectivePriority} is the best, it returns after its master-down time of ${seconds(masterDownUs).trim()}`
    : 'nopreempt: a healthy MASTER is left alone, whatever its priority';
}

function writeCluster(demo: Demo, write: (line: string) => void): void {
  for (const { name, runtime } of demo.routers) {
    for (const view of runtime().snapshot().instances) {
      const { vrid, version, state, effectivePriority, preempt, addresses } = view;
      const vips = addresses.map(({ address }) => address).join(' ');
      const rule = preempt ? 'preempt' : 'nopreempt';
      write(
        `  ${name}  ${view.name}  VRRPv${version} vrid ${vrid}  priority ${effectivePriority}  ${rule}  ${state}  ${vips}`,
      );
    }
  }
}

function viewOf({ routers }: Demo, router: string, instance: string): InstanceSnapshot {
  return instanceOf(
    routers
      .find(({ name }) => name === router)!
      .runtime()
      .snapshot(),
    instance,
  );
}

/** Who takes over when `master` goes. */
function best(
  demo: Demo,
  instance: string,
  master: string,
): { readonly name: string; readonly view: InstanceSnapshot } {
  const others = demo.routers.filter(({ name }) => name !== master);
  const views = others.map(({ name }) => ({ name, view: viewOf(demo, name, instance) }));
  return views.reduce((a, b) => (b.view.effectivePriority > a.view.effectivePriority ? b : a));
}

function time(what: string, expectedUs: number, measuredUs: number, why: string): string {
  const ok = Math.abs(measuredUs - expectedUs) <= TOLERANCE_US;
  return row(what, seconds(expectedUs).trim(), seconds(measuredUs).trim(), verdict(ok), why);
}

function count(what: string, expected: number, measured: number, why: string): string {
  return row(what, String(expected), String(measured), verdict(expected === measured), why);
}

function row(what: string, expected: string, measured: string, result: string, why: string): string {
  return `  ${what.padEnd(28)}${expected.padStart(10)}${measured.padStart(11)}  ${result.padEnd(5)}${why}`.trimEnd();
}

function verdict(ok: boolean): string {
  return ok ? 'ok' : 'LOOK';
}

function seconds(us: number): string {
  return `${(us / SECOND).toFixed(3).padStart(7)} s`;
}
