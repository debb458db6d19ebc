// How near our engine is to keepalived 2.2.7 on the wire: adverts in kind, order and time.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Replay, replayTrace } from './replay-trace.ts';

const TOLERANCE_US = 50_000;

/** Prints a line for each trace below these folders and the score last; 1 when a trace does not match. */
export function scoreTraces(folders: readonly string[], print: (line: string) => void): number {
  let [traces, matched] = [0, 0];
  for (const folder of folders.flatMap(tracesIn)) {
    traces += 1;
    const replay = replayTrace(folder);
    const difference = firstDifference(replay);
    if (difference === undefined) matched += 1;
    const { ours, notDone } = replay;
    const left = notDone.length === 0 ? '' : `; not done: ${notDone.join('; ')}`;
    print(`${folder}: ${difference ?? `${ours.length} adverts match`}${left}`);
  }
  print(JSON.stringify({ traces, matched }));
  return matched === traces ? 0 : 1;
}

/** Undefined: all adverts match. */
export function firstDifference({ ours, theirs }: Replay): string | undefined {
  for (let i = 0; i < Math.max(ours.length, theirs.length); i++) {
    const [our, their] = [ours[i], theirs[i]];
    if (our === undefined)
      return `advert ${i + 1}: keepalived sends ${their!.what} at ${seconds(their!.at)}, we nothing`;
    if (their === undefined) return `advert ${i + 1}: we send ${our.what} at ${seconds(our.at)}, keepalived nothing`;
    if (our.what === their.what && Math.abs(our.at - their.at) <= TOLERANCE_US) continue;
    return `advert ${i + 1}: keepalived ${their.what} at ${seconds(their.at)}, we ${our.what} at ${seconds(our.at)}`;
  }
  return undefined;
}

/** A folder is a trace, or has traces in it. */
function tracesIn(folder: string): readonly string[] {
  const names = readdirSync(folder).sort();
  return names.includes('trace.pcap') ? [folder] : names.map((name) => join(folder, name)).flatMap(onlyTraces);
}

function onlyTraces(folder: string): readonly string[] {
  try {
    return readdirSync(folder).includes('trace.pcap') ? [folder] : [];
  } catch {
    return [];
  }
}

function seconds(us: number): string {
  return `${(us / 1e6).toFixed(3)} s`;
}
