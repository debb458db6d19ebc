// `watch -i IF...`: a packet socket for each interface, and no other right than to have them.
import { createCapturePort } from '../linux/capture-port.ts';
import { monotonicUs } from '../linux/clock.ts';
import { confineTo } from '../linux/confine.ts';
import { createLinkTable } from '../linux/link-table.ts';
import { findLocalRouters, handOver, type LocalRouter, takeOver } from '../linux/local-routers.ts';
import { createPoller } from '../linux/poller.ts';
import { missingPrivileges } from '../linux/privileges.ts';
import { createObserver } from '../observe/observer.ts';
import type { CapturedFrame } from '../ports/capture-port.ts';
import type { Link } from '../ports/network-port.ts';
import { LINKTYPE_ETHERNET } from '../wire/cooked.ts';
import { DONE, FAILED, fail, MISSING_PERMISSION } from './exit-codes.ts';
import { takeSignals } from './signals.ts';
import { createWatchJoin, type WatchJoin } from './watch-join.ts';
import type { ToWall } from './watch-lines.ts';
import type { Recorder } from './watch-recorder.ts';
import type { WatchSink } from './watch-sink.ts';

/** Silence is told so much later than it is over: frames may still wait in a socket. */
const LAG_US = 200_000;
const TICK_MS = 50;
const DROPS_EVERY_MS = 1000;

/**
 * All that can fail before there is anything to see: rights. May become the same program anew, with fewer of them; the
 * routers of this host are looked for before that. Returns them.
 */
export function prepareWatch(): readonly LocalRouter[] {
  const missing = missingPrivileges(['CAP_NET_RAW']);
  if (missing !== undefined) fail(MISSING_PERMISSION, missing);
  const handed = takeOver();
  const routers = handed ?? findLocalRouters();
  if (handed === undefined) handOver(routers);
  const confined = confineTo('CAP_NET_RAW');
  takeOver();
  if (!confined) {
    process.stderr.write('kavtui: the kernel lets go of no more rights; more than CAP_NET_RAW is kept\n');
  }
  return routers;
}

/** Watches until a signal ends the process. `names`: empty for all interfaces that are up and have an address. */
export function watchLive(
  names: readonly string[],
  makeSink: (toWall: ToWall) => WatchSink,
  recorder: Recorder | undefined,
  routers: readonly LocalRouter[],
): void {
  const poller = createPoller();
  const table = createLinkTable(poller);
  const capture = createCapturePort(poller, table);
  // Our clock and that of the kernel's stamps; looked at with each frame, because someone may set the latter.
  let offsetUs = Date.now() * 1000 - monotonicUs();
  const sink = makeSink((at) => at + offsetUs);
  const observer = createObserver({ onEvent: sink.event });

  capture.onFrame((frame) => {
    if (frame.stamp !== undefined) offsetUs = frame.stamp.us - frame.at;
    const { interface: name, bytes, at } = frame;
    const seen = observer.observe({ interface: name, linkType: LINKTYPE_ETHERNET, bytes, cut: false }, at);
    recorder?.record(packetOf(frame, offsetUs), seen);
    sink.frame?.(frame);
  });

  const watched =
    names.length > 0
      ? names
      : table
          .all()
          .filter(isWatched)
          .map(({ name }) => name);
  if (watched.length === 0) fail(FAILED, 'no interface is up and has an address; name one with -i');
  for (const name of watched) {
    const result = capture.open(name);
    if (!result.ok) fail(FAILED, result.message);
  }

  const join = routers.length === 0 ? undefined : joined(routers);
  sink.begin?.(observer, watched, () => end(), join);

  function joined(found: readonly LocalRouter[]): WatchJoin {
    return createWatchJoin({
      routers: found,
      own: () => new Set(table.all().flatMap(({ addresses }) => addresses.map(({ address }) => address))),
      offsetUs: () => offsetUs,
      now: monotonicUs,
      onLog: sink.event,
      onFinding: sink.event,
      onNote: (level, text) => sink.note?.(monotonicUs(), level, text),
    });
  }

  const told = new Map<string, number>();
  const tick = setInterval(() => observer.tick(monotonicUs() - LAG_US), TICK_MS);
  const drops = setInterval(() => {
    tellDrops();
    join?.tell(observer.snapshot());
  }, DROPS_EVERY_MS);

  function tellDrops(): void {
    for (const name of watched) {
      const drops = capture.dropped(name);
      const count = drops.adverts + drops.others;
      if (count <= (told.get(name) ?? 0)) continue;
      told.set(name, count);
      sink.event({ type: 'dropped', at: monotonicUs(), interface: name, count, ...drops });
    }
  }

  function end(): void {
    clearInterval(tick);
    clearInterval(drops);
    tellDrops();
    join?.close();
    observer.finish();
    sink.end(observer.snapshot());
    recorder?.close();
    capture.closeAll();
    table.close();
    poller.close();
    // What is still to be written goes first.
    process.stdout.write('', () => process.exit(DONE));
  }

  takeSignals((name) => {
    if (name === 'SIGTERM' || name === 'SIGINT' || name === 'SIGHUP') end();
    else sink.signal?.(name);
  });
}

function isWatched({ name, up, mac, addresses }: Link): boolean {
  return up && name !== 'lo' && mac !== '' && addresses.length > 0;
}

function packetOf({ interface: name, bytes, direction, stamp, at }: CapturedFrame, offsetUs: number) {
  return {
    interface: { name, linkType: LINKTYPE_ETHERNET },
    at: stamp?.us ?? at + offsetUs,
    nanoseconds: stamp?.ns ?? 0,
    bytes,
    originalLength: bytes.length,
    direction,
  };
}
