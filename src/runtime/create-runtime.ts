// Drives an engine in a world: every event goes through one queue, every deadline through one timer.
import { createEngine } from '../engine/engine.ts';
import type { EngineEffect, EngineEvent } from '../engine/event.ts';
import { createBacklog } from './backlog.ts';
import { createLateness } from './lateness.ts';
import { perform, type Signatures } from './perform.ts';
import type { Runtime, RuntimeOptions } from './runtime.ts';

const STOP_LIMIT_US = 1_000_000;
/** What is still done when the process dies of an error. */
const LAST_WORDS: ReadonlySet<EngineEffect['kind']> = new Set([
  'sendAdvert',
  'removePolicy',
  'removeAddresses',
  'removeDevices',
  'setSysctls',
  'replaceFirewall',
  'signalScript',
]);
/** A timer later than this means that the process stood still: what has arrived meanwhile is heard first. */
const STALL_US = 10_000;
/** `onApproach` comes so long before a takeover: longer than it takes, and not so long that others need its caches. */
const APPROACH_US = 3_000;
/** What waits behind adverts is performed in slices of so many effects, or of so long: counts are the same in virtual time. */
const SLICE = 64;
const SLICE_US = 1_000;
/** So many turns of the event loop it waits for adverts that are due: who is late with them for ever still gets addresses. */
const PATIENCE = 32;

export function createRuntime({ config, world, routerId, onRecord, onApproach, ...options }: RuntimeOptions): Runtime {
  const { clock } = world;
  const engine = createEngine(config, routerId, clock.now(), options);
  const lateness = createLateness();
  const queue: EngineEvent[] = [];
  const backlog = createBacklog();
  let working = false;
  let passed = 0;
  const signatures: Signatures = new Map();
  let busy = false;
  let revision = 0;
  let started = false;
  let cancelTimer: () => void = () => {};
  let armedFor = Number.POSITIVE_INFINITY;
  let lastTime = clock.now();
  /** Notify scripts that `stop` waits for. */
  const awaited = new Set<number>();
  let onAllAwaited: () => void = () => {};

  function dispatch(event: EngineEvent): void {
    queue.push(event);
    drain();
  }

  /** Does `first`, then handles what waits in the queue. */
  function drain(first?: () => void): void {
    if (busy) return;
    busy = true;
    try {
      first?.();
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        run(engine.handle(next, timeOf(next)));
      }
    } finally {
      busy = false;
    }
    arm();
    workLater();
  }

  /** An advert counts from its arrival, but the engine's time never goes back. */
  function timeOf(event: EngineEvent): number {
    const arrival = event.kind === 'datagramReceived' ? event.datagram.at : undefined;
    if (arrival === undefined) return present();
    lastTime = Math.max(lastTime, arrival);
    return lastTime;
  }

  function present(): number {
    lastTime = clock.now();
    return lastTime;
  }

  function run(effects: readonly EngineEffect[]): void {
    revision += 1;
    act(backlog.sift(effects));
  }

  function act(effects: readonly EngineEffect[]): void {
    for (const effect of effects) queue.push(...perform(world, effect, onRecord, signatures));
  }

  /** In the next turn of the event loop, which hears the sockets and sends what is due before. */
  function workLater(): void {
    if (working || !backlog.waits()) return;
    working = true;
    clock.wakeAt(clock.now(), () => {
      working = false;
      drain(work);
    });
  }

  function work(): void {
    const began = clock.now();
    passed += 1;
    if (engine.nextDeadline() <= began && passed < PATIENCE) return;
    passed = 0;
    for (let count = 0; count < SLICE && backlog.waits() && clock.now() - began < SLICE_US; count++) {
      act([backlog.next()!]);
    }
  }

  function arm(): void {
    const deadline = engine.nextDeadline();
    if (deadline === armedFor) return;
    cancelTimer();
    armedFor = deadline;
    if (deadline === Number.POSITIVE_INFINITY) return;
    if (onApproach !== undefined && engine.takeoverIsNext() && deadline - clock.now() > APPROACH_US) {
      cancelTimer = clock.wakeAt(deadline - APPROACH_US, () => {
        // Woken late, there is no time to lose.
        if (deadline - clock.now() > APPROACH_US / 2) onApproach();
        waitFor(deadline);
      });
    } else waitFor(deadline);
  }

  function waitFor(deadline: number): void {
    cancelTimer = clock.wakeAt(deadline, () => {
      const late = clock.now() - deadline;
      lateness.add(clock.now(), late);
      // Else a BACKUP that was stopped would take over from a MASTER whose adverts wait in the socket.
      if (late > STALL_US) cancelTimer = clock.wakeAt(clock.now(), tick);
      else tick();
    });
  }

  function tick(): void {
    armedFor = Number.POSITIVE_INFINITY;
    dispatch({ kind: 'ticked' });
  }

  function listen(): void {
    world.vrrp.onDatagram((datagram) => {
      dispatch({ kind: 'datagramReceived', datagram, wallTime: clock.wallTime(datagram.at ?? clock.now()) });
    });
    world.vrrp.onFailure(({ interface: name, family }, message) => {
      dispatch({ kind: 'channelFailed', interface: name, family, message });
    });
    world.network.onLinkChange((name, link) => dispatch({ kind: 'linkChanged', name, link }));
    world.files.onChange((content) => dispatch({ kind: 'fileChanged', content }));
    world.routes.onRemoved((entry) => dispatch({ kind: 'policyRemoved', entry }));
    world.processes.onCount((name, count) => dispatch({ kind: 'processesCounted', name, count }));
    world.firewall?.onReplaced((result) => dispatch({ kind: 'firewallReplaced', result }));
    world.scripts.onExit((exit) => {
      dispatch({ kind: 'scriptExited', exit });
      if (awaited.delete(exit.id) && awaited.size === 0) onAllAwaited();
    });
  }

  return {
    start() {
      if (started) return;
      started = true;
      listen();
      dispatch({ kind: 'started', links: world.network.links() });
    },
    command(order) {
      const { result, effects } = engine.command(order, present());
      run(effects);
      dispatch({ kind: 'ticked' });
      return result;
    },
    reload(next) {
      drain(() => act(backlog.all()));
      run(engine.reload(next, present()));
      dispatch({ kind: 'ticked' });
    },
    clearCounters() {
      revision += 1;
      engine.clearCounters();
    },
    snapshot() {
      const now = clock.now();
      return engine.snapshot(now, clock.wallTime(now));
    },
    revision: () => revision,
    dueIn: () => engine.nextDeadline() - clock.now(),
    lateness: () => lateness.p99(clock.now()),
    stop(onDone) {
      const effects = engine.handle({ kind: 'stopped' }, present());
      for (const effect of effects) if (effect.kind === 'startScript') awaited.add(effect.run.id);
      let cancelLimit = (): void => {};
      let finished = false;
      onAllAwaited = () => {
        if (finished) return;
        finished = true;
        cancelLimit();
        onDone();
      };
      if (awaited.size > 0) cancelLimit = clock.wakeAt(clock.now() + STOP_LIMIT_US, onAllAwaited);
      run(effects);
      arm();
      if (awaited.size === 0) onAllAwaited();
    },
    farewell() {
      backlog.all();
      let effects: readonly EngineEffect[] = [];
      quietly(() => {
        effects = engine.handle({ kind: 'stopped' }, present());
      });
      for (const effect of effects) {
        if (LAST_WORDS.has(effect.kind)) quietly(() => perform(world, effect, undefined, signatures));
      }
    },
  };
}

/** For a process that is dying already: what fails must not keep the rest from being done. */
function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // The first error is told of; this one may be its echo.
  }
}
