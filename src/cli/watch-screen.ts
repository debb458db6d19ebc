// `watch` on a terminal: the screen over the live observer, or over a recording that is played.
import { hostname } from 'node:os';
import { basename } from 'node:path';
import { monotonicUs } from '../linux/clock.ts';
import type { SessionInfo } from '../session/messages.ts';
import { createReplay, type Recording } from '../session/replay.ts';
import { createWatchFeed, type WatchFeed } from '../session/watch-feed.ts';
import { watchPicture } from '../session/watch-picture.ts';
import { createWatchSession } from '../session/watch-session.ts';
import type { Screen } from '../ui/host.ts';
import { stripControl } from '../wire/text.ts';
import { DONE, FAILED, fail } from './exit-codes.ts';
import { fileProblem } from './file-problem.ts';
import { version } from './options.ts';
import type { ShowScreen } from './show-screen.ts';
import { takeSignals } from './signals.ts';
import { droppedText, type LogHappening, type ToWall } from './watch-lines.ts';
import type { Recorder } from './watch-recorder.ts';
import { readRecording } from './watch-recording.ts';
import type { WatchSink } from './watch-sink.ts';

/** How often a replay moves on. */
const STEP_MS = 50;
/** Reading a file for longer is told. */
const READING_MS = 500;

/** What a live watch goes to. */
export function liveScreen(show: ShowScreen, toWall: ToWall): WatchSink {
  const feed = createWatchFeed();
  let screen: Screen | undefined;
  return {
    begin(observer, interfaces, end, join) {
      const startedAt = monotonicUs();
      const session = createWatchSession({
        info: infoOf(interfaces.join(' ')),
        feed,
        revision: () => feed.events().last() + feed.packets().last() + (join?.revision() ?? 0),
        dump: (kinds) => join?.dump(kinds),
        picture() {
          const now = monotonicUs();
          const at = { now, wallTime: toWall(now) / 1000, startedAt, routerId: hostname() };
          const observed = observer.snapshot();
          const { snapshot, watch } = watchPicture(observed, at);
          const local = join?.local(observed);
          const findings = feed.findings(observer.findings(), join?.findings(observed));
          return { snapshot, watch: { ...watch, ...(local !== undefined && { local }) }, findings };
        },
      });
      screen = show({ session, ...terminal(), onQuit: end });
    },
    event(event) {
      if (event.type === 'log') feed.log(logRow(event));
      else if (event.type !== 'dropped') feed.event(event);
      else feed.note(event.at, 'warning', droppedText(event), event.interface);
    },
    note: (at, level, text) => feed.note(at, level, text, 'this host'),
    frame: (frame) => feed.frame(frame),
    signal: (name) => {
      if (name === 'SIGCONT') screen?.redraw();
    },
    end: ({ counts, segments }) => screen?.close(lastWords(counts.adverts, segments.length)),
  };
}

function logRow({ at, level, text, means, router, subject }: LogHappening): Parameters<WatchFeed['log']>[0] {
  const known = { ...(means !== undefined && { means }), ...(router !== undefined && { instance: router }) };
  return { at, level, text, subject, ...known };
}

/** Plays a capture until the screen is left; ends the process when it cannot be read at all. */
export async function replayOnScreen(show: ShowScreen, path: string, recorder: Recorder | undefined): Promise<void> {
  const patience = setTimeout(() => process.stderr.write(`kavtui: reading ${stripControl(path)} ...\n`), READING_MS);
  const { recording, problem, left } = await readRecording(path, recorder).catch((error: unknown) =>
    fail(FAILED, `${path} cannot be read: ${fileProblem(error)}`),
  );
  clearTimeout(patience);
  recorder?.close();
  if (problem !== undefined && recording.frames.length === 0) fail(FAILED, `${path}: ${problem}`);
  const status = problem === undefined ? DONE : FAILED;
  play(
    show,
    path,
    recording,
    [problem, left].flatMap((text) => text ?? []),
    status,
  );
}

function play(show: ShowScreen, path: string, recording: Recording, problems: readonly string[], status: number): void {
  const feed = createWatchFeed();
  const notes = (): void => {
    for (const problem of problems) feed.note(recording.start, 'warning', problem, basename(path));
  };
  const replay = createReplay(recording, {
    event: (event) => feed.event(event),
    frame: (frame) => feed.frame(frame),
    clear() {
      feed.clear();
      notes();
    },
  });
  notes();
  const session = createWatchSession({
    info: infoOf(basename(path)),
    feed,
    revision: () => JSON.stringify([replay.state(), feed.events().last()]),
    picture: () => replayPicture(replay, recording, feed),
    order(order) {
      replay.order(order, monotonicUs());
      drive();
    },
  });
  let driven: NodeJS.Immediate | undefined;

  /** In pieces: the keys that come meanwhile are answered between them. */
  function drive(): void {
    clearImmediate(driven);
    if (replay.advance(monotonicUs())) driven = setImmediate(drive);
  }

  function end(): void {
    clearInterval(timer);
    clearImmediate(driven);
    const { counts, segments } = replay.observer().snapshot();
    screen.close(lastWords(counts.adverts, segments.length));
    process.exit(status);
  }

  const timer = setInterval(drive, STEP_MS);
  drive();
  const screen = show({ session, ...terminal(), onQuit: end });
  takeSignals((name) => {
    if (name === 'SIGTERM' || name === 'SIGINT' || name === 'SIGHUP') end();
    else if (name === 'SIGCONT') screen.redraw();
  });
}

function replayPicture(replay: ReturnType<typeof createReplay>, { start }: Recording, feed: WatchFeed) {
  const state = replay.state();
  const observer = replay.observer();
  // A capture's clock is the wall clock.
  const at = { now: state.position, wallTime: state.position / 1000, startedAt: start, routerId: hostname() };
  const { snapshot, watch } = watchPicture(observer.snapshot(), at);
  return { snapshot, watch: { ...watch, replay: state }, findings: feed.findings(observer.findings()) };
}

/** `what`: the interfaces, or the name of the file. */
function infoOf(what: string): SessionInfo {
  const facts = { hostname: hostname(), version: version(), configFile: what, pid: process.pid };
  return { command: 'watch', operate: false, ...facts };
}

function terminal() {
  return { stdin: process.stdin, stdout: process.stdout, onNotice: () => {} };
}

function lastWords(adverts: number, routers: number): string {
  return `kavtui: ${adverts} adverts of ${routers} virtual ${routers === 1 ? 'router' : 'routers'} were seen`;
}
