// Tracked files and processes in keepalived.data, as keepalived 2.2.7 writes them.
import type { NodeConfig, TrackFileConfig, TrackProcessConfig } from './config.ts';
import { weightText } from './dump-instance.ts';
import type { Snapshot } from './snapshot.ts';
import { type TrackerKind, tracksIn } from './tracks.ts';

/** Lines of the section `VRRP Track files` for one. */
export function fileLines(file: TrackFileConfig, config: NodeConfig, { files }: Snapshot): readonly string[] {
  return [
    ` Track file = ${file.name}`,
    `   File = ${file.path}`,
    `   Status = ${files.find(({ name }) => name === file.name)?.value ?? 0}`,
    `   Weight = ${weightText(file).slice('weight '.length)}`,
    ...users(config, 'file', file.name),
  ];
}

/** Lines of the section `VRRP Track processes` for one. */
export function processLines(
  process: TrackProcessConfig,
  config: NodeConfig,
  { processes, takenAt }: Snapshot,
): readonly string[] {
  const shown = processes.find(({ name }) => name === process.name);
  const running = shown?.changesAt !== undefined && shown.changesAt > takenAt;
  const timer = (what: string, runs: boolean) => `   ${what} delay timer ${runs ? '' : 'not '}running`;
  const { match, parameters } = process;
  return [
    ` VRRP Track process = ${process.name}`,
    `   Process = ${process.path}`,
    ...(parameters.length > 0 ? [`   Parameters = ${parameters.join(' ')}`] : []),
    ...(match === 'initial' || match === 'partial' ? [`   Param match = ${match}`] : []),
    ...(match === 'exact' ? ['   Param match'] : []),
    `   Min processes = ${process.quorum}`,
    ...(process.quorumMax === undefined ? [] : [`   Max processes = ${process.quorumMax}`]),
    `   Current processes = ${shown?.count ?? 0}`,
    `   Have quorum = ${shown?.ok ?? false}`,
    `   Weight = ${weightText(process).slice('weight '.length)}`,
    `   Terminate delay = ${(process.terminateDelayUs / 1e6).toFixed(6)}s`,
    `   Fork delay = ${(process.forkDelayUs / 1e6).toFixed(6)}s`,
    timer('Fork', running && shown?.ok === false),
    timer('Terminate', running && shown?.ok === true),
    `   Full command = ${match !== 'name'}`,
    ...users(config, 'process', process.name),
  ];
}

/** Instances that track it, with their weight or their group's. */
function users({ instances, syncGroups = [] }: NodeConfig, kind: TrackerKind, name: string): readonly string[] {
  const lines = instances.flatMap((instance) => {
    const groups = syncGroups.filter(({ members }) => members.includes(instance.name));
    const tracks = [instance, ...groups].flatMap((holder) => tracksIn(holder, kind));
    return tracks.filter((track) => track.name === name).map((track) => `     ${instance.name}, ${weightText(track)}`);
  });
  return ['   Tracking instances :', ...lines];
}
