// All vrrp_script and vrrp_instance blocks of a file, in its order, and what they may not have in common.
import type { ScriptConfig, SyncGroupConfig, TrackFileConfig, TrackProcessConfig } from '../engine/config.ts';
import type { InstanceConfig } from '../vrrp/config.ts';
import type { Globals } from './globals.ts';
import type { HostFacts } from './host-facts.ts';
import { completeInstance } from './instance.ts';
import { newDraft, type ReadContext } from './instance-draft.ts';
import { readInstanceKeyword } from './instance-keywords.ts';
import { lacksUser } from './judge-host.ts';
import type { PolicyReader } from './policy-blocks.ts';
import type { Report } from './report.ts';
import { resolveScript } from './scripts.ts';
import type { Statement, Word } from './statement.ts';
import { addGroup, completeGroups, type GroupDraft } from './sync-groups.ts';
import { addTrackFile, addTrackProcess } from './track-blocks.ts';

export interface ScriptsAndInstances {
  readonly scripts: readonly ScriptConfig[];
  readonly trackFiles?: readonly TrackFileConfig[];
  readonly trackProcesses?: readonly TrackProcessConfig[];
  readonly instances: readonly InstanceConfig[];
  readonly syncGroups?: readonly SyncGroupConfig[];
}

interface Completed {
  readonly name: Word;
  readonly config: InstanceConfig;
}

/** Resolves the blocks in order: a script has to stand above the instances that track it. */
export function resolveInstances(
  statements: readonly Statement[],
  globals: Globals,
  host: HostFacts | undefined,
  policy: PolicyReader,
  report: Report,
): ScriptsAndInstances {
  const scripts = new Map<string, ScriptConfig>();
  const completed: Completed[] = [];
  const leftOut = new Set<string>();
  const files = new Map<string, TrackFileConfig>();
  const processes = new Map<string, TrackProcessConfig>();
  const { scriptUser } = globals.config;
  const noUser = lacksScriptUser(globals, host);
  const sessions = new Set<string>();
  const context: ReadContext = {
    report,
    scripts,
    leftOut,
    scriptUser,
    noUser,
    host,
    policy,
    files,
    processes,
    sessions,
  };
  const groups: GroupDraft[] = [];
  for (const statement of statements) {
    const kind = statement.known.name;
    if (kind === 'track_file' || kind === 'vrrp_track_file') addTrackFile(statement, files, report);
    else if (kind === 'bfd_instance') sessions.add(statement.words[0]?.text ?? '');
    else if (kind === 'vrrp_track_process') addTrackProcess(statement, processes, report);
    else if (kind === 'vrrp_sync_group') addGroup(statement, groups, context);
    else if (kind === 'vrrp_script') addScript(statement, scripts, leftOut, context);
    else if (kind === 'vrrp_instance') {
      const name = statement.words[0];
      if (name === undefined) continue;
      const config = resolveInstance(statement, name, globals, context);
      if (config !== undefined) completed.push({ name, config });
    }
  }
  reportSharedVrids(completed, report);
  const instances = completed.map(({ config }) => config);
  report.completing = true;
  const resolved = completeGroups(groups, instances, globals, report);
  report.completing = false;
  return {
    scripts: [...scripts.values()],
    ...(files.size > 0 && { trackFiles: [...files.values()] }),
    ...(processes.size > 0 && { trackProcesses: [...processes.values()] }),
    ...resolved,
  };
}

/** True when scripts that name no user themselves have none to run as, on this host. */
export function lacksScriptUser(globals: Globals, host: HostFacts | undefined): boolean {
  const { scriptUser, enableScriptSecurity } = globals.config;
  if (globals.noUser || globals.hasUser) return globals.noUser;
  return lacksUser(scriptUser, enableScriptSecurity, host);
}

function addScript(
  statement: Statement,
  scripts: Map<string, ScriptConfig>,
  leftOut: Set<string>,
  context: ReadContext,
): void {
  const script = resolveScript(statement, context);
  if (script === undefined) {
    const name = statement.words[0]?.text;
    if (name !== undefined) leftOut.add(name);
  } else if (scripts.has(script.name)) {
    const message = `vrrp_script ${script.name} is defined already: this one is left out`;
    context.report.info('duplicate', statement.words[0]!, message);
  } else scripts.set(script.name, script);
}

function resolveInstance(
  statement: Statement,
  name: Word,
  globals: Globals,
  context: ReadContext,
): InstanceConfig | undefined {
  const draft = newDraft(name);
  if (statement.closed !== undefined) draft.closed = statement.closed;
  for (const inner of statement.statements) readInstanceKeyword(inner, draft, context);
  context.report.completing = true;
  const config = completeInstance(draft, globals, context.report);
  context.report.completing = false;
  return config;
}

/** A VRID belongs to one instance per interface and family (multicast), or per pair of addresses (unicast). */
function reportSharedVrids(completed: readonly Completed[], report: Report): void {
  const owners = new Map<string, string>();
  report.completing = true;
  for (const { name, config } of completed) {
    for (const key of vridKeys(config)) {
      const other = owners.get(key);
      if (other === undefined || other === config.name) {
        owners.set(key, config.name);
        continue;
      }
      const where = `IPv${config.family} on ${config.interface}`;
      const message = `instances ${other} and ${config.name} both have virtual_router_id ${config.vrid} for ${where}`;
      report.fatalError('duplicate-vrid', name, message, {
        hint: 'give one of them another virtual_router_id, on all routers',
      });
      break;
    }
  }
  report.completing = false;
}

function vridKeys(config: InstanceConfig): readonly string[] {
  const base = `${config.family} ${config.interface} ${config.vrid}`;
  if (config.unicastPeers.length === 0) return [base];
  return config.unicastPeers.map((peer) => `${base} ${config.source ?? ''} ${peer}`);
}
