// Takes a made-up router through takeovers and reloads, so that the first real one finds compiled code: it would be 2 ms
// late.
import { parseConfig } from '../config/parse-config.ts';
import { createRehearsalWorld } from '../linux/rehearsal-world.ts';
import type { Clock } from '../ports/clock.ts';
import { createRuntime } from '../runtime/create-runtime.ts';
import { encodeAdvert } from '../wire/encode-vrrp.ts';
import { logLine } from './log-line.ts';

const SECOND = 1_000_000;
/** So long it works at a time, and so often: a deadline that comes meanwhile is late by that. */
const SLICE_MS = 2;
const PAUSE_US = 21_000;
const SLICES = 16;
const RELOAD_EVERY = 4;

const text = (priority: number): string => `vrrp_instance rehearsal {
  interface rehearsal
  virtual_router_id 1
  priority ${priority}
  version 3
  virtual_ipaddress {
    192.0.2.3/32
  }
}
`;

/**
 * Works in the background for less than half a second, woken by `clock`, which learns by that how late it is. What it
 * returns plays one takeover more, for one that is near: what has not run for some hundred milliseconds takes three times
 * as long. A failure says nothing about the router, and is kept quiet.
 */
export function rehearse(clock: Clock): () => void {
  const scene = createScene();
  let slices = 0;
  const work = (): void => {
    try {
      const began = performance.now();
      while (performance.now() - began < SLICE_MS) scene.play();
      slices += 1;
      if (slices < SLICES) return pause();
    } catch {}
  };
  const pause = (): void => void clock.wakeAt(clock.now() + PAUSE_US, work);
  pause();
  return () => {
    try {
      scene.takeOver();
    } catch {}
  };
}

/**
 * A router that becomes MASTER, speaks, and gives way, over and over. `play` tells how often it was MASTER so far;
 * `takeOver` is the shortest part of it.
 */
export function createScene(): { play(): number; takeOver(): void; close(): void } {
  const world = createRehearsalWorld();
  const runtime = createRuntime({
    config: parseConfig(text(100), 'rehearsal').config,
    world,
    routerId: 'rehearsal',
    onRecord: (record) => void logLine(record, world.clock.wallTime(record.at), 'text'),
  });
  const fields = { version: 3, vrid: 1, priority: 200, intervalUs: SECOND, addresses: ['192.0.2.3'] } as const;
  const better = encodeAdvert(fields, { family: 4, source: '192.0.2.2', destination: '224.0.0.18' });
  const resigning = encodeAdvert(
    { ...fields, priority: 0 },
    { family: 4, source: '192.0.2.2', destination: '224.0.0.18' },
  );
  let plays = 0;
  runtime.start();
  function takeOver(): void {
    world.receive(better);
    world.receive(resigning);
    world.elapse(SECOND);
  }
  return {
    takeOver,
    play() {
      world.receive(better);
      world.elapse(SECOND);
      world.receive(better);
      // As MASTER after the silence of the other, and after its farewell.
      world.elapse(10 * SECOND);
      world.receive(better);
      world.elapse(SECOND);
      world.receive(resigning);
      world.elapse(2 * SECOND);
      plays += 1;
      if (plays % RELOAD_EVERY === 0)
        runtime.reload(parseConfig(text(100 + (plays % (2 * RELOAD_EVERY))), 'rehearsal').config);
      return runtime.snapshot().instances[0]?.counters.becomeMaster ?? 0;
    },
    close: () => world.close(),
  };
}
