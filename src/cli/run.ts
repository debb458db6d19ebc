// `kavtui run`: all that can be refused is refused before an address is touched; then the engine on this host.
import { hostname } from 'node:os';
import { claimNamespace } from '../linux/namespace-lock.ts';
import { enterNetNamespace } from '../linux/net-namespace.ts';
import { missingPrivileges } from '../linux/privileges.ts';
import { applyProcessSettings } from '../linux/process-settings.ts';
import { createLinuxWorld } from '../linux/world.ts';
import type { Compat } from '../vrrp/config.ts';
import { auditFile, defaultAuditFile, operatorName } from './audit-file.ts';
import { FAILED, fail, MISSING_PERMISSION } from './exit-codes.ts';
import type { LogFormat } from './log-line.ts';
import { fileSink, type LogSink, syslogSink } from './log-sink.ts';
import { type CommonOptions, canShowScreen, version } from './options.ts';
import { judgeForRun, readForRun } from './read-for-run.ts';
import { runNode } from './run-node.ts';
import { screenFor } from './show-screen.ts';

export interface RunOptions extends CommonOptions {
  readonly file: string;
  readonly headless: boolean;
  readonly operate: boolean;
  readonly auditLog?: string;
  readonly log?: string;
  readonly logFormat: LogFormat;
  readonly takeOver: boolean;
  readonly ignoreUnsupported: boolean;
  readonly compat: Compat;
}

/** Returns when the router runs; the process ends itself. */
export async function run(options: RunOptions): Promise<void> {
  const withScreen = options.tui && !options.headless && canShowScreen(options);
  const screen = withScreen ? await screenFor(options) : undefined;
  const config = readForRun(options.file, options.ignoreUnsupported);
  const { scriptUser, process: settings = {} } = config.globals;
  const notMoved = settings.netNamespace === undefined ? undefined : enterNetNamespace(settings.netNamespace);
  const missing = missingPrivileges();
  if (missing !== undefined) fail(MISSING_PERMISSION, missing);
  if (notMoved !== undefined) fail(FAILED, notMoved);
  const claim = claimNamespace(options.takeOver);
  if (!claim.ok) fail(FAILED, claim.message);
  for (const problem of applyProcessSettings(settings)) process.stderr.write(`kavtui: ${problem}\n`);
  runNode({
    config,
    world: createLinuxWorld({ ...(scriptUser && { defaultUser: scriptUser }) }),
    routerId: config.globals.routerId ?? hostname(),
    compat: options.compat,
    info: {
      command: 'run',
      hostname: hostname(),
      version: version(),
      configFile: options.file,
      operate: options.operate,
      operator: operatorName(process.env),
      pid: process.pid,
    },
    audit: auditFile(options.auditLog ?? defaultAuditFile(process.env, process.getuid?.() ?? 0)),
    logs: openLogs(options),
    logFormat: options.logFormat,
    screen,
    reread: () => judgeForRun(options.file, options.ignoreUnsupported),
    exit: (code) => process.exit(code),
  });
}

function openLogs({ log, logFormat }: RunOptions): readonly LogSink[] {
  if (log === undefined) return [];
  if (log === 'syslog') return [syslogSink((problem) => process.stderr.write(`kavtui: ${problem}\n`))];
  try {
    return [fileSink(log, logFormat)];
  } catch (error) {
    return fail(FAILED, `the log ${log} cannot be opened: ${error instanceof Error ? error.message : String(error)}`);
  }
}
