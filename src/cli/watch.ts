// `kavtui watch`: sees every virtual router on the segment, or in a capture, and takes no part.
import { DONE, FAILED, fail, WRONG_USAGE } from './exit-codes.ts';
import { fileProblem } from './file-problem.ts';
import { type CommonOptions, canShowScreen } from './options.ts';
import { screenFor } from './show-screen.ts';
import { endOnSignals } from './signals.ts';
import { watchFile } from './watch-file.ts';
import type { ToWall } from './watch-lines.ts';
import { prepareWatch, watchLive } from './watch-live.ts';
import { createRecorder, type Recorder, RING } from './watch-recorder.ts';
import { liveScreen, replayOnScreen } from './watch-screen.ts';
import { lineSink, type WatchSink } from './watch-sink.ts';

export interface WatchOptions extends CommonOptions {
  readonly interface?: readonly string[];
  readonly read?: string;
  readonly write?: string;
  /** Of the files of `write`: MiB of one, and how many. */
  readonly ringSize?: number;
  readonly ringFiles?: number;
  readonly json: boolean;
}

/** Reads a file to its end, or watches interfaces until a signal comes. Sets the exit code. */
export async function watch(options: WatchOptions): Promise<void> {
  const { read, interface: names = [] } = options;
  if (read !== undefined && names.length > 0) fail(WRONG_USAGE, 'either -r or -i: a capture has its own interfaces');
  // Whoever read the lines has gone (`| head`): there is nobody left to tell.
  process.stdout.once('error', () => process.exit(DONE));
  const withScreen = options.tui && !options.json && canShowScreen(options);
  if (read === undefined) {
    const routers = prepareWatch();
    const show = withScreen ? await screenFor(options) : undefined;
    const makeSink = (toWall: ToWall): WatchSink =>
      show === undefined ? sinkFor(options, toWall) : liveScreen(show, toWall);
    watchLive(names, makeSink, recorderFor(options), routers);
    return;
  }
  endOnSignals();
  if (withScreen) return replayOnScreen(await screenFor(options), read, recorderFor(options));
  const recorder = recorderFor(options);
  // A capture's clock is the wall clock already.
  const sink = sinkFor(options, (at) => at);
  try {
    const problem = await watchFile(read, sink, recorder);
    if (problem !== undefined) process.stderr.write(`kavtui: ${read}: ${problem}\n`);
    process.exitCode = problem === undefined ? DONE : FAILED;
  } catch (error) {
    fail(FAILED, `${read} cannot be read: ${fileProblem(error)}`);
  } finally {
    recorder?.close();
  }
}

function sinkFor({ json }: WatchOptions, toWall: ToWall): WatchSink {
  return lineSink(json, toWall, (line) => void process.stdout.write(`${line}\n`));
}

function recorderFor({ read, write, ringSize, ringFiles }: WatchOptions): Recorder | undefined {
  if (write === undefined) return undefined;
  const limits = { size: ringSize === undefined ? RING.size : ringSize << 20, files: ringFiles ?? RING.files };
  try {
    return createRecorder(write, limits, (error) => {
      process.stderr.write(`kavtui: the recording ends, ${write} cannot be written: ${fileProblem(error)}\n`);
    });
  } catch (error) {
    // Not even root may write everywhere any more.
    const confined = read === undefined && (error as NodeJS.ErrnoException).code === 'EACCES';
    const hint = confined ? '; with CAP_NET_RAW alone only the folders of this user can be written, or /var/tmp' : '';
    return fail(FAILED, `${write} cannot be written: ${fileProblem(error)}${hint}`);
  }
}
