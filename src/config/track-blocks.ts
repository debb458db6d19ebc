// track_file and vrrp_track_process blocks: what instances track by name, and its own weight.
import type { TrackWeight } from '../vrrp/config.ts';
import type { Report } from './report.ts';
import type { Statement } from './tree.ts';
import { readInteger } from './values.ts';

/** Adds a track_file block; without a file it is left out. */
export function addTrackFile(block: Statement, files: Map<string, TrackWeight>, report: Report): void {
  addBlock(block, files, { needs: 'file', weight: 1 }, report);
}

/** Adds a vrrp_track_process block; without a process it is left out. */
export function addTrackProcess(block: Statement, processes: Map<string, TrackWeight>, report: Report): void {
  addBlock(block, processes, { needs: 'process', weight: 0 }, report);
}

interface Kind {
  readonly needs: string;
  readonly weight: number;
}

function addBlock(block: Statement, into: Map<string, TrackWeight>, { needs, weight }: Kind, report: Report): void {
  const name = block.words[0];
  if (name === undefined) {
    report.error('missing-value', block.keyword, `${block.known.name} needs a name after it: the block is left out`);
    return;
  }
  if (!block.statements.some(({ known, words }) => known.name === needs && words.length > 0)) {
    const message = `${block.known.name} ${name.text.slice(0, 64)} has no ${needs}; it is left out`;
    report.error('missing-value', block.closed ?? name, message);
    return;
  }
  const line = block.statements.findLast(({ known }) => known.name === 'weight');
  const word = line?.words[0];
  const range = { min: -254, max: 254 };
  const own = word && readInteger(word, 'weight', range, `${weight} is used`, report);
  into.set(name.text, { name: name.text, weight: own ?? weight, reverse: line?.words[1]?.text === 'reverse' });
}
