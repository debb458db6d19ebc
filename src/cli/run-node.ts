// One engine in one world until it is told to stop: logs, screen, signals, and a clean end on every way out.
import { closeSync, constants, openSync } from 'node:fs';
import type { NodeConfig } from '../engine/config.ts';
import { keepDeviceNames } from '../engine/device-names.ts';
import { hearsOn } from '../engine/devices.ts';
import type { EventRecord } from '../engine/record.ts';
import { readNeighbours } from '../linux/neighbours.ts';
import { applyProcessSettings, changedSettings } from '../linux/process-settings.ts';
import { uptimeUs } from '../linux/uptime.ts';
import type { ExpectedRouter } from '../linux/vrrp-port.ts';
import type { LinuxWorld } from '../linux/world.ts';
import type { Neighbour } from '../ports/neighbour-port.ts';
import { createRuntime } from '../runtime/create-runtime.ts';
import type { Audit, AuditEntry } from '../session/audit.ts';
import { createSession } from '../session/create-session.ts';
import { createFeed } from '../session/feed.ts';
import type { SessionInfo } from '../session/messages.ts';
import type { Screen } from '../ui/host.ts';
import type { Compat } from '../vrrp/config.ts';
import { stripControl } from '../wire/text.ts';
import { type DumpSignal, isDumpSignal, writeDump } from './dump-files.ts';
import { DONE, FAILED } from './exit-codes.ts';
import { runLifeScript } from './life-script.ts';
import type { LogFormat } from './log-line.ts';
import { type LogSink, stdoutSink, syslogSink } from './log-sink.ts';
import type { Judgement } from './read-for-run.ts';
import { rehearse } from './rehearse.ts';
import { whileFlagged } from './reload-flag.ts';
import { type ReloadSchedule, scheduleReloads } from './reload-schedule.ts';
import { settleMemory, withRoom } from './settle-memory.ts';
import type { ShowScreen } from './show-screen.ts';
import { type SignalName, takeSignals } from './signals.ts';
import { tellDrops } from './tell-drops.ts';

/** The kernel, the shell and the end of the input all tell of one terminal that closes: no second one asks for a reload. */
const ONE_HANG_UP_US = 2_000_000;

export interface NodeOptions {
  readonly config: NodeConfig;
  readonly world: LinuxWorld;
  readonly routerId: string;
  readonly compat: Compat;
  readonly info: SessionInfo;
  /** Where an operator's actions are written down before they are done. */
  readonly audit: Audit;
  /** Logs beside the screen; without a screen lines go to standard output too. */
  readonly logs: readonly LogSink[];
  readonly logFormat: LogFormat;
  /** Absent: headless. */
  readonly screen: ShowScreen | undefined;
  /** Reads the configuration again, for SIGHUP. */
  readonly reread: () => Judgement;
  readonly exit: (code: number) => void;
}

export function runNode({
  config,
  world,
  routerId,
  compat,
  info,
  audit,
  logs,
  logFormat,
  screen: showScreen,
  exit,
  reread,
}: NodeOptions): void {
  const sinks = new Set<LogSink>(logs);
  let screen: Screen | undefined;
  let stopping = false;
  let lostAt: number | undefined;
  let running = config;
  let schedules: ReloadSchedule | undefined;
  /** Plays a takeover once more. */
  let again: (() => void) | undefined;

  const feed = createFeed(
    routerId,
    () => runtime,
    neighboursOf,
    () => world.clock.now(),
    { room: followed(config), leftOut: (name) => world.capture.dropped(name).others },
  );
  const uptime = uptimeUs();
  const runtime = createRuntime({
    config,
    world,
    routerId,
    compat,
    onRecord: take,
    onApproach: () => again?.(),
    ...(uptime !== undefined && { uptimeUs: uptime }),
  });

  function neighboursOf(name: string): readonly Neighbour[] {
    const link = world.network.links().find((each) => each.name === name);
    return link === undefined ? [] : readNeighbours(link.index);
  }

  function take(record: EventRecord): void {
    feed.record(record);
    const wallTime = world.clock.wallTime(record.at);
    for (const sink of sinks) sink.write(record, wallTime);
  }

  /** A line of the program itself, in the log only. */
  function note(text: string, level: EventRecord['level'] = 'info'): void {
    const at = world.clock.now();
    for (const sink of sinks) sink.write({ seq: 0, at, level, kind: 'node', text }, world.clock.wallTime(at));
  }

  /** What an operator waits for: in the log, and among the events of the screen. */
  function tell(text: string, level: EventRecord['level'] = 'info'): void {
    note(text, level);
    feed.record({ at: world.clock.now(), level, kind: 'node', text: stripControl(text) });
  }

  /** On disk, and in the event log: both before the action. */
  function writeDown(entry: AuditEntry): string | undefined {
    const { who, action, instance, script, why, result } = entry;
    const subject = instance ?? script;
    const target = subject === undefined ? '' : ` on ${subject}`;
    if (result === undefined)
      note(`Operator ${who}: ${action}${target}${why === undefined ? '' : ` (${why})`}`, 'warning');
    return audit(entry);
  }

  function stop(why: string): void {
    if (stopping) return;
    stopping = true;
    note(`Stopping: ${why}`);
    runtime.stop(() => {
      const lastWords = farewellText(config, runtime.snapshot().instances.length);
      life('shutdown', () => end(DONE, lastWords));
    });
  }

  /** Runs the script of the beginning or of the end, and goes on when it has ended. */
  function life(key: 'startup' | 'shutdown', then: () => void): void {
    const script = running.globals.process?.[key];
    if (script !== undefined) tell(`Running the ${key} script ${script.command.text}`);
    runLifeScript(world.scripts, script, (problem) => {
      if (problem !== undefined) tell(`The ${key} script ${problem}`, 'warning');
      then();
    });
  }

  function end(code: number, lastWords: string): void {
    screen?.close(lastWords);
    for (const sink of sinks) sink.close();
    world.close();
    exit(code);
  }

  function crash(error: unknown): void {
    runtime.farewell();
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    note(`Stopping after an internal error: ${text}`, 'error');
    screen?.close();
    try {
      world.close();
    } catch {
      // Half closed, perhaps by the error itself; what is left goes with the process.
    }
    process.stderr.write(`kavtui: internal error, addresses are released: ${text}\n`);
    exit(FAILED);
  }

  function onSignal(signal: SignalName): void {
    if (signal === 'SIGTERM' || signal === 'SIGINT') stop(signal);
    else if (signal === 'SIGHUP') hangUp();
    else if (signal === 'SIGTSTP') screen?.suspendRequested();
    else if (signal === 'SIGCONT') screen?.redraw();
    else if (isDumpSignal(signal)) dump(signal);
  }

  function dump(signal: DumpSignal): void {
    const source = { config: running, snapshot: runtime.snapshot(), links: world.network.links() };
    const problem = writeDump(signal, source);
    if (problem !== undefined) tell(problem, 'warning');
    if (signal === 'SIGSTATSCLEAR') runtime.clearCounters();
  }

  /** The terminal has gone, or an operator asks for a reload. */
  function hangUp(): void {
    if (screen !== undefined && terminalGone()) return screen.hangUp('SIGHUP');
    if (lostAt !== undefined && world.clock.now() - lostAt < ONE_HANG_UP_US) return;
    withRoom(reload);
  }

  function reload(): void {
    const judgement = whileFlagged(running.globals.process?.reloadFile, reread);
    const fixed = judgement.ok ? fixedSetting(running, judgement.config) : undefined;
    if (judgement.ok && fixed === undefined) takeUp(judgement.config);
    // Behind what goes to the wire: there may be much to tell.
    for (const { file, line, message } of judgement.findings) tell(`${file}:${line}: ${message}`, 'warning');
    if (fixed !== undefined) tell(`Reload refused, nothing changes: ${fixed} cannot change while kavtui runs`, 'error');
    if (!judgement.ok) tell(`Reload refused, nothing changes: ${judgement.message}`, 'error');
  }

  function takeUp(next: NodeConfig): void {
    if (screen !== undefined) capture(next);
    const settings = changedSettings(running.globals.process ?? {}, next.globals.process ?? {});
    for (const problem of applyProcessSettings(settings)) tell(problem, 'warning');
    runtime.reload(next);
    running = keepDeviceNames(running, next);
    world.vrrp.expect(expectedRouters(running));
    schedule();
  }

  /** Watches the reload_time_file of the configuration that runs. */
  function schedule(): void {
    schedules?.close();
    const { reloadTimeFile: path, reloadRepeat: repeat = false } = running.globals.process ?? {};
    schedules = path === undefined ? undefined : scheduleReloads({ path, repeat, onDue: reload, onNote: tell });
  }

  function capture({ instances }: NodeConfig): void {
    world.capture.heed(
      instances.flatMap((each) => [...each.addresses, ...each.excluded].map(({ address }) => address)),
    );
    for (const name of interfacesOf(instances)) world.capture.open(name);
  }

  /** Each frame that is read takes time from the engine: nobody looks any more. */
  function captureNoMore(): void {
    for (const name of interfacesOf(running.instances)) world.capture.close(name);
  }

  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
  takeSignals(onSignal);
  if (showScreen === undefined) {
    sinks.add(stdoutSink(logFormat));
  } else {
    // Only for the screen: each frame that is read takes time from the engine.
    capture(config);
    world.capture.onFrame(feed.frame);
    screen = showScreen({
      session: createSession({ info, feeds: [feed], audit: writeDown }),
      stdin: process.stdin,
      stdout: process.stdout,
      onNotice: (text) => note(text, 'warning'),
      onQuit(how, detail) {
        if (how === 'release') return stop('asked for on the screen');
        screen = undefined;
        captureNoMore();
        if (how === 'lost') lostAt = world.clock.now();
        if (how === 'detach') sinks.add(stdoutSink(logFormat));
        // There is no terminal to write to: without a log of its own the engine would go on unheard.
        else if (sinks.size === 0) sinks.add(syslogSink(() => {}));
        note(`The screen has gone (${detail ?? how}), the engine goes on as pid ${process.pid}`, 'warning');
      },
    });
  }
  life('startup', () => {
    if (stopping) return;
    settleMemory(config.instances.length);
    world.vrrp.expect(expectedRouters(config));
    runtime.start();
    again = rehearse(world.clock);
    tellDrops(world, () => interfacesOf(running.instances), tell);
    schedule();
  });
}

function interfacesOf(instances: NodeConfig['instances']): ReadonlySet<string> {
  return new Set(instances.flatMap(({ interface: name }) => (name === '' ? [] : [name])));
}

/** Strangers and the peers of all instances. */
function followed({ instances }: NodeConfig): number {
  return Math.max(256, 4 * instances.length);
}

function expectedRouters({ instances }: NodeConfig): readonly ExpectedRouter[] {
  return instances.flatMap((instance) =>
    hearsOn(instance).map((name) => ({ interface: name, family: instance.family, vrid: instance.vrid })),
  );
}

/** The keyword of what a running process cannot change, when the new configuration does (as in keepalived). */
function fixedSetting({ globals: before }: NodeConfig, { globals: after }: NodeConfig): string | undefined {
  if (before.process?.netNamespace !== after.process?.netNamespace) return 'net_namespace';
  return before.process?.instanceName === after.process?.instanceName ? undefined : 'instance';
}

/** A controlling terminal that was hung up cannot be opened any more. */
function terminalGone(): boolean {
  try {
    closeSync(openSync('/dev/tty', constants.O_RDONLY | constants.O_NOCTTY | constants.O_NONBLOCK));
    return false;
  } catch {
    return true;
  }
}

function farewellText(config: NodeConfig, instances: number): string {
  const addresses = config.instances.reduce(
    (sum, instance) => sum + instance.addresses.length + instance.excluded.length,
    0,
  );
  return `kavtui: stopped ${instances} instance(s); priority 0 sent where MASTER, ${addresses} address(es) released`;
}
