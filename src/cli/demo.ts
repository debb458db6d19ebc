// `kavtui demo`: a simulated cluster on the screen; without a terminal, a drill as lines.

import { createSession } from '../session/create-session.ts';
import { createFeed, type Feed } from '../session/feed.ts';
import { createRealClock } from '../sim/real-clock.ts';
import type { Screen } from '../ui/host.ts';
import { operatorName } from './audit-file.ts';
import { createDemo, type Demo } from './demo-cluster.ts';
import { runDemoLines } from './demo-lines.ts';
import { DONE } from './exit-codes.ts';
import { type CommonOptions, canShowScreen, version } from './options.ts';
import { type ShowScreen, screenFor } from './show-screen.ts';
import { endOnSignals, takeSignals } from './signals.ts';

/** On a terminal the screen, until it is left; else lines. Needs no privileges. */
export async function demo(options: CommonOptions): Promise<void> {
  if (options.tui && canShowScreen(options)) return demoOnScreen(await screenFor(options));
  endOnSignals();
  runDemoLines((line) => void process.stdout.write(`${line}\n`));
}

function demoOnScreen(showScreen: ShowScreen): void {
  const feeds = new Map<string, Feed>();
  const clock = createRealClock();
  const cluster = createDemo({
    clock,
    onRecord: (router, record) => feeds.get(router)?.record(record),
  });
  for (const { name, runtime, capture } of cluster.routers) {
    const feed = createFeed(name, runtime, undefined, () => clock.now());
    feeds.set(name, feed);
    capture.onFrame(feed.frame);
  }
  cluster.start();
  const screen = showScreen({
    session: createSession({ info: sessionInfo(), feeds: [...feeds.values()] }),
    stdin: process.stdin,
    stdout: process.stdout,
    onNotice: () => {},
    // There is nothing that could go on without a screen.
    onQuit: () => end(screen, cluster),
  });
  takeSignals((signal) => {
    if (signal === 'SIGTERM' || signal === 'SIGINT') end(screen, cluster);
    else if (signal === 'SIGHUP') screen.hangUp('SIGHUP');
    else if (signal === 'SIGTSTP') screen.suspendRequested();
    else if (signal === 'SIGCONT') screen.redraw();
  });
}

function end(screen: Screen, { stop }: Demo): void {
  stop();
  screen.close('kavtui: the demo has ended; nothing of it was real');
  process.exit(DONE);
}

function sessionInfo(): Parameters<typeof createSession>[0]['info'] {
  return {
    command: 'demo',
    hostname: 'demo',
    version: version(),
    configFile: 'three simulated routers',
    operate: true,
    operator: operatorName(process.env),
    pid: process.pid,
  };
}
