// `npm run score:observe -- DIR...`: how near the observer is to what the routers themselves told.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { observeCapture, observedChanges, toldChanges } from './observe-trace.ts';

const TOLERANCE_S = 0.05;

/** Prints a line for each change of MASTER in each trace below these folders; 1 when one is missing, wrong or too many. */
export function scoreObserve(folders: readonly string[], print: (line: string) => void): number {
  let [traces, matched, worst] = [0, 0, 0];
  for (const folder of folders.flatMap(tracesIn)) {
    traces += 1;
    const { lines, ok, worstS } = compareTrace(folder);
    if (ok) matched += 1;
    worst = Math.max(worst, worstS);
    print(`${folder}: ${ok ? 'matches' : 'DIFFERS'}`);
    for (const line of lines) print(`  ${line}`);
  }
  print(JSON.stringify({ traces, matched, worstMs: Math.round(worst * 1000) }));
  return matched === traces ? 0 : 1;
}

/** Told and observed changes side by side. */
export function compareTrace(folder: string): { lines: string[]; ok: boolean; worstS: number } {
  const observed = observeCapture(join(folder, 'trace.pcap'));
  const changes = observedChanges(observed);
  const told = toldChanges(folder, observed.start);
  let [ok, worstS] = [true, 0];
  const lines: string[] = [];
  for (let i = 0; i < Math.max(changes.length, told.length); i++) {
    const [our, their] = [changes[i], told[i]];
    const apart = our === undefined || their === undefined ? undefined : Math.abs(our.at - their.at);
    const good = apart !== undefined && apart <= TOLERANCE_S && our?.address === their?.address;
    ok &&= good;
    worstS = Math.max(worstS, apart ?? 0);
    const text = (change: typeof our): string => (change ? `${change.at.toFixed(3)} ${change.address}` : 'nothing');
    lines.push(`${good ? 'ok  ' : 'LOOK'} told ${text(their).padEnd(22)} observed ${text(our)}`);
  }
  return { lines, ok, worstS };
}

/** A folder is a trace, or has traces in it. */
function tracesIn(folder: string): string[] {
  if (existsSync(join(folder, 'trace.pcap'))) return [folder];
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name))
    .filter((path) => existsSync(join(path, 'trace.pcap')));
}
