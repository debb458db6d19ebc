// `kavtui doctor`: looks at this host and says what is wrong with it for a VRRP router, with evidence and what mends it.

import type { Diagnostic } from '../config/diagnostic.ts';
import { type ConfiguredHost, configuredHost } from '../judge/configured-host.ts';
import { examineHost } from '../judge/examine-host.ts';
import { type HostFinding, severityExit } from '../judge/host-finding.ts';
import { readHostLinks } from '../linux/host-network.ts';
import { readRouters } from '../linux/host-processes.ts';
import { createUnseen } from '../linux/host-read.ts';
import { readHostState } from '../linux/host-state.ts';
import type { HostState, RunningRouter } from '../ports/host-state.ts';
import type { Command } from '../vrrp/config.ts';
import { stripControl } from '../wire/text.ts';
import { UNREADABLE, type Write } from './check.ts';
import { countFindings, findingLines } from './finding-lines.ts';
import { loadConfig } from './load-config.ts';

export interface DoctorOptions {
  /** Default: what the command line of the running router names. */
  readonly file?: string;
  readonly json: boolean;
  /** Of listening; default: long enough for four adverts. */
  readonly seconds?: number;
}

/** Exit status: 4 when the file cannot be read; else by the worst finding: 0, 10, 11; 11 too when it has errors. */
export async function doctor(options: DoctorOptions, write: Write): Promise<number> {
  const file =
    options.file ?? readRouters().find(({ certain, configFile }) => certain && configFile !== undefined)?.configFile;
  const loaded = file === undefined ? undefined : loadConfig(file);
  if (loaded !== undefined && !loaded.ok) write.err(`kavtui: ${stripControl(loaded.message)}\n`);
  if (loaded?.ok === false && options.file !== undefined) return UNREADABLE;
  const host = loaded?.ok ? configuredHost('this host', file!, loaded.result) : undefined;
  const state = await readHostState({
    interfaces: interfacesOf(host),
    milliseconds: options.seconds === undefined ? listenMs(host) : options.seconds * 1000,
    scripts: scriptsOf(host),
  });
  const findings = examineHost(state, host);
  const broken = loaded?.ok ? brokenIn(file!, loaded.result.diagnostics) : [];
  const unseen = [...state.unseen, ...unknownOf(host, loaded?.ok === false), ...broken];
  // What is hidden by an error may be the worst of all.
  const exit = severityExit([...findings.map(({ severity }) => severity), ...broken.map(() => 'error' as const)]);
  if (options.json) write.out(`${JSON.stringify({ ...toJson(state, findings, unseen, file), exit }, null, 2)}\n`);
  else write.out(textOf(state, findings, unseen, file));
  return exit;
}

function unknownOf(host: ConfiguredHost | undefined, unreadable: boolean): HostState['unseen'] {
  if (host !== undefined) return [];
  const why = unreadable ? 'its file cannot be read' : 'no router runs here, and no file is given: use -f FILE';
  return [{ what: 'the configuration', why }];
}

/** What a file with errors hides: `check` is where they are told. */
function brokenIn(file: string, diagnostics: readonly Diagnostic[]): HostState['unseen'] {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  if (errors === 0) return [];
  const why = `${errors === 1 ? 'an error is' : `${errors} errors are`} in it: kavtui check ${file}`;
  return [{ what: 'what the configuration means where it is wrong', why }];
}

const LONGEST_MS = 15_000;

/** Four intervals of the slowest instance. */
function listenMs(host: ConfiguredHost | undefined): number {
  const slowest = Math.max(
    1_000_000,
    ...(host?.config.instances ?? []).map(({ advertIntervalUs }) => advertIntervalUs),
  );
  return Math.min(LONGEST_MS, (4.3 * slowest) / 1000);
}

/** Those of the instances; without a configuration all that are up and have an address. */
function interfacesOf(host: ConfiguredHost | undefined): string[] {
  const named = (host?.config.instances ?? []).map(({ interface: name }) => name).filter((name) => name !== '');
  if (named.length > 0) return [...new Set(named)];
  const links = readHostLinks(createUnseen());
  return links.filter(({ name, up, addresses }) => up && name !== 'lo' && addresses.length > 0).map(({ name }) => name);
}

/** Absolute paths of all that the configuration runs. */
function scriptsOf(host: ConfiguredHost | undefined): string[] {
  if (host === undefined) return [];
  const { scripts, instances, syncGroups = [] } = host.config;
  const notify = [...instances, ...syncGroups].flatMap((each) => Object.values(each.notify) as Command[]);
  const programs = [...scripts.map(({ command }) => command), ...notify].map(({ argv }) => argv[0] ?? '');
  return [...new Set(programs.filter((program) => program.startsWith('/')))];
}

function toJson(state: HostState, findings: readonly HostFinding[], unseen: HostState['unseen'], file?: string) {
  return {
    configuration: file ?? null,
    routers: state.routers.map(routerJson),
    listened: state.streams === undefined ? null : { seconds: state.listenedUs / 1e6, adverts: state.streams },
    findings,
    unseen,
  };
}

function routerJson({ pid, name, certain, configFile }: RunningRouter): unknown {
  return { pid, name, certain, configFile: configFile ?? null };
}

function textOf(
  state: HostState,
  findings: readonly HostFinding[],
  unseen: HostState['unseen'],
  file?: string,
): string {
  const { routers, streams, listenedUs } = state;
  const lines = [
    ...findings.flatMap(findingLines),
    ...unseen.map(({ what, why }) => `not looked at: ${what} (${why})`),
    `routers here: ${routers.map(({ name, pid }) => `${name} (pid ${pid})`).join(', ') || 'none'}; configuration: ${file ?? 'none'}`,
    ...(streams ?? []).map(
      ({ interface: name, vrid, source, direction, seen, delivered }) =>
        `${name} vrid ${vrid}: ${seen} adverts ${direction === 'sent' ? `sent from ${source}` : `of ${source}, ${delivered ?? 'it is not known how many'} delivered`}`,
    ),
    `${streams === undefined ? '' : `listened for ${(listenedUs / 1e6).toFixed(1)} s: `}${countFindings(findings)}`,
  ];
  return `${lines.map((line) => stripControl(line)).join('\n')}\n`;
}
