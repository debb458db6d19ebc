// keepalived.data as keepalived 2.2.7 writes it on SIGUSR1: the sections and labels for what kavtui has.
import type { Link } from '../ports/network-port.ts';
import type { Command } from '../vrrp/config.ts';
import { stripControl } from '../wire/text.ts';
import type { NodeConfig, ScriptConfig, SyncGroupConfig } from './config.ts';
import { dumpInstance, entryLines, scriptLine, trackLines, weightText } from './dump-instance.ts';
import { delayLines, intervalLines, pacingLines, sockpoolLines } from './dump-network.ts';
import { fileLines, processLines } from './dump-trackers.ts';
import { dumpedCommand, dumpedInstances } from './dump-values.ts';
import type { InstanceSnapshot, ScriptSnapshot, Snapshot } from './snapshot.ts';

/** What only the host knows. */
export interface DumpContext {
  readonly links: readonly Link[];
  /** µs since the Unix epoch as `Sun Nov 22 13:04:41.057299 2026`. */
  readonly localTime: (microseconds: number) => string;
  /** `0:0`: whom a command runs as. */
  readonly identity: (command: Pick<Command, 'user' | 'group'>) => string;
}

/** The text of keepalived.data. Secrets are masked. */
export function dumpData(config: NodeConfig, snapshot: Snapshot, context: DumpContext): string {
  const groups = config.syncGroups ?? [];
  const lines = [
    title('Global definitions'),
    ...globalLines(config, snapshot, context),
    ...staticLines(config, snapshot),
    ...(config.pacing === undefined ? [] : [title('Gratuitous ARP delays'), ...pacingLines(config.pacing)]),
    title('VRRP Topology'),
    ...dumpedInstances(config.instances, snapshot).flatMap(({ instance, shown }) =>
      dumpInstance(instance, shown, snapshot, context),
    ),
    title('VRRP Sockpool'),
    ...sockpoolLines(config.instances),
    ...(groups.length > 0 ? [title('VRRP Sync groups')] : []),
    ...groups.flatMap((group) => groupLines(group, snapshot, context)),
    ...(config.scripts.length > 0 ? [title('VRRP Scripts')] : []),
    ...config.scripts.flatMap((script) => scriptLines(script, config, snapshot, context)),
    ...(config.trackFiles === undefined ? [] : [title('VRRP Track files')]),
    ...(config.trackFiles ?? []).flatMap((file) => fileLines(file, config, snapshot)),
    ...(config.trackProcesses === undefined ? [] : [title('VRRP Track processes')]),
    ...(config.trackProcesses ?? []).flatMap((process) => processLines(process, config, snapshot)),
    title('Interfaces'),
    ...context.links.flatMap((link) => linkLines(link, config)),
  ];
  return lines.map((line) => `${stripControl(line)}\n`).join('');
}

function title(text: string): string {
  return `------< ${text} >------`;
}

function globalLines(
  { globals, pacing }: NodeConfig,
  { routerId }: Snapshot,
  { identity }: DumpContext,
): readonly string[] {
  const { startupDelayUs, delayAfterBootUs, process = {} } = globals;
  const { netNamespace = '(default)', instanceName, nice = 0, realTimePriority = 0, umask = 0o177 } = process;
  return [
    ` Network namespace = ${netNamespace}`,
    ...(instanceName === undefined ? [] : [` Instance name = ${instanceName}`]),
    ` Router ID = ${routerId}`,
    ` Checkers log all failures = ${globals.checkerLogAllFailures}`,
    ` Default interface = ${globals.defaultInterface}`,
    ...(globals.notifyFifos ?? []).map(({ path }) => ` VRRP notify fifo = ${path}, uid:gid ${identity({})}`),
    ` FIFO write vrrp states on reload = ${globals.fifoStatesOnReload ?? false}`,
    ` Gratuitous ARP interval = ${((pacing?.garpUs ?? 0) / 1e6).toFixed(6)}`,
    ` Gratuitous NA interval = ${((pacing?.gnaUs ?? 0) / 1e6).toFixed(6)}`,
    ` VRRP default protocol version = ${globals.vrrpVersion}`,
    ` VRRP process priority = ${nice}`,
    ` VRRP realtime priority = ${realTimePriority}`,
    ` Script security ${globals.enableScriptSecurity ? 'enabled' : 'disabled'}`,
    ` Default script uid:gid ${identity({})}`,
    ...(startupDelayUs === undefined ? [] : [` vrrp_startup_delay = ${startupDelayUs / 1e6}`]),
    ...(delayAfterBootUs === undefined ? [] : [` vrrp_delay_after_boot = ${delayAfterBootUs / 1e6}`]),
    ` umask = 0${umask.toString(8)}`,
  ];
}

function staticLines({ trackGroups = [] }: NodeConfig, { statics }: Snapshot): readonly string[] {
  return [
    ...entryLines(title('Static Addresses'), statics, 'address'),
    ...entryLines(title('Static Routes'), statics, 'route'),
    ...entryLines(title('Static Rules'), statics, 'rule'),
    ...(trackGroups.length === 0 ? [] : [title('Static Track groups')]),
    ...trackGroups.flatMap(({ name, members }) => [
      ` Static Track Group = ${name}`,
      '   VRRP member instances :',
      ...members.map((member) => `     ${member}`),
    ]),
  ];
}

function groupLines(group: SyncGroupConfig, { instances }: Snapshot, context: DumpContext): readonly string[] {
  const states = instances.filter(({ name }) => group.members.includes(name)).map(({ state }) => state);
  const count = (wanted: InstanceSnapshot['state']) => states.filter((state) => state === wanted).length;
  const first = states[0] ?? 'INIT';
  const common = count('FAULT') > 0 ? 'FAULT' : states.every((state) => state === first) ? first : 'BACKUP';
  return [
    ` VRRP Sync Group = ${group.name}, ${common}`,
    `   Num member fault ${count('FAULT')}, num member init ${count('INIT')}`,
    '   VRRP member instances :',
    ...group.members.map((name) => `     ${name}`),
    '   Using smtp notification = no',
    ...trackLines('Tracked files', group.trackFiles, ','),
    ...trackLines('Tracked processes', group.trackProcesses, ','),
    ...scriptLine('Backup', group.notify.backup, context),
    ...scriptLine('Master', group.notify.master, context),
    ...scriptLine('Fault', group.notify.fault, context),
    ...scriptLine('Stop', group.notify.stop, context),
    ...scriptLine('Generic', group.notify.any, context),
  ];
}

function scriptLines(
  script: ScriptConfig,
  { instances }: NodeConfig,
  snapshot: Snapshot,
  { identity }: DumpContext,
): readonly string[] {
  const shown = snapshot.scripts.find(({ name }) => name === script.name);
  const users = instances.flatMap(({ name, trackScripts }) =>
    trackScripts.filter((track) => track.name === script.name).map((track) => `     ${name}, ${weightText(track)}`),
  );
  return [
    ` VRRP Script = ${script.name}`,
    `   Command = ${dumpedCommand(script.command)}`,
    `   Interval = ${script.intervalUs / 1e6} sec`,
    `   Timeout = ${script.timeoutUs / 1e6} sec`,
    `   Weight = ${weightText(script).slice('weight '.length)}`,
    `   Rise = ${script.rise}`,
    `   Fall = ${script.fall}`,
    `   Result = ${shown === undefined ? 0 : resultNumber(shown)}`,
    '   Insecure = no',
    `   Init state = ${script.initFail ? 'failed' : 'unknown'}`,
    `   Status = ${shown?.ok === undefined ? 'INIT' : shown.ok ? 'GOOD' : 'BAD'}`,
    `   Script uid:gid = ${identity(script.command)}`,
    '   VRRP instances :',
    '   Tracking instances :',
    ...users,
    `   State = ${shown?.running ? 'running' : 'idle'}`,
  ];
}

/** keepalived's counter between 0 (surely bad) and rise + fall - 1 (surely good); good from `rise` on. */
function resultNumber({ ok, streak, rise, fall, history }: ScriptSnapshot): number {
  const passing = history.at(-1)?.ok ?? false;
  const best = rise + fall - 1;
  if (ok) return passing ? best : Math.max(rise, best - streak);
  return passing ? Math.min(rise - 1, streak) : 0;
}

function linkLines(link: Link, config: NodeConfig): readonly string[] {
  const first = (v6: boolean) =>
    link.addresses.find(({ address }) => address.includes(':') === v6)?.address ?? '(none)';
  const state = [link.up ? 'UP, RUNNING' : 'not UP, not RUNNING', ...(link.multicast ? [] : ['no multicast'])];
  const users = config.instances.flatMap(({ name, interface: own, trackInterfaces }) => {
    const track = trackInterfaces.find((each) => each.name === link.name);
    if (track !== undefined) return [`     ${name}, ${weightText(track)}`];
    return own === link.name ? [`     ${name}, weight 0`] : [];
  });
  return [
    ` Name = ${link.name}`,
    `   index = ${link.index}`,
    `   IPv4 address = ${first(false)}`,
    `   IPv6 address = ${first(true)}`,
    ...(/[1-9a-f]/.test(link.mac) ? [`   MAC = ${link.mac}`] : []),
    `   State = ${state.join(', ')}`,
    ...delayLines(link.name, config),
    `   MTU = ${link.mtu}`,
    ...intervalLines(link.name, config),
    ...(users.length > 0 ? ['   Tracking VRRP instances :', ...users] : []),
  ];
}
