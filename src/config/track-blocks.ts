// track_file and vrrp_track_process blocks: what instances track by name.
import type { TrackFileConfig, TrackProcessConfig } from '../engine/config.ts';
import type { TrackWeight } from '../vrrp/config.ts';
import type { Report } from './report.ts';
import type { Statement } from './statement.ts';
import { readInteger, readSeconds } from './values.ts';

const INT32 = 2_147_483_647;
const HOUR = 3600;

/** Adds a track_file block; without a file it is left out. */
export function addTrackFile(block: Statement, files: Map<string, TrackFileConfig>, report: Report): void {
  const head = readHead(block, { needs: 'file', weight: 1 }, report);
  if (head === undefined) return;
  const { needed, ...tracked } = head;
  const init = find(block, 'init_file');
  files.set(tracked.name, {
    ...tracked,
    path: needed.words[0]!.text,
    ...(init === undefined ? {} : { init: readInit(init, report) }),
  });
}

/** `init_file [VALUE] [overwrite]`. */
function readInit({ words }: Statement, report: Report): NonNullable<TrackFileConfig['init']> {
  const number = words.find(({ text }) => text !== 'overwrite');
  const range = { min: -INT32 - 1, max: INT32 };
  const value = number && readInteger(number, 'the first value of a track_file', range, '0 is written', report);
  return { value: value ?? 0, overwrite: words.some(({ text }) => text === 'overwrite') };
}

/** Adds a vrrp_track_process block; without a process it is left out. */
export function addTrackProcess(block: Statement, processes: Map<string, TrackProcessConfig>, report: Report): void {
  const head = readHead(block, { needs: 'process', weight: 0 }, report);
  if (head === undefined) return;
  const { needed, ...tracked } = head;
  const [path, ...parameters] = needed.words.map(({ text }) => text);
  processes.set(tracked.name, {
    ...tracked,
    path: path!,
    parameters,
    match: readMatch(block, parameters.length > 0),
    ...readQuorum(block, report),
    forkDelayUs: readDelay(block, ['delay', 'fork_delay'], report),
    terminateDelayUs: readDelay(block, ['delay', 'terminate_delay'], report),
  });
}

/** Parameters, or the word param_match alone, mean that they have to be these and no others. */
function readMatch(block: Statement, parameters: boolean): TrackProcessConfig['match'] {
  const line = find(block, 'param_match');
  const how = line?.words[0]?.text;
  if (how === 'initial' || how === 'partial') return how;
  if (parameters || line !== undefined) return 'exact';
  return find(block, 'full_command') === undefined ? 'name' : 'command';
}

function readQuorum(block: Statement, report: Report): Pick<TrackProcessConfig, 'quorum' | 'quorumMax'> {
  const least = find(block, 'quorum')?.words[0];
  const most = find(block, 'quorum_max')?.words[0];
  const quorum = least && readInteger(least, 'quorum', { min: 1, max: 65_535 }, '1 is used', report);
  const quorumMax = most && readInteger(most, 'quorum_max', { min: 0, max: 65_535 }, 'it is ignored', report);
  if (quorumMax === undefined) return { quorum: quorum ?? 1 };
  if (quorumMax < (quorum ?? 0)) {
    report.error('out-of-range', most!, 'quorum_max is less than quorum: it is ignored');
    return { quorum: quorum ?? 1 };
  }
  return { quorum: quorum ?? Math.min(1, quorumMax), quorumMax };
}

/** µs, of whichever of these keywords stands last. */
function readDelay(block: Statement, names: readonly string[], report: Report): number {
  const line = find(block, ...names);
  const word = line?.words[0];
  if (line === undefined || word === undefined) return 0;
  return readSeconds(word, line.keyword.text, { min: 0.000_001, max: HOUR }, 'there is no delay', report) ?? 0;
}

interface Kind {
  readonly needs: string;
  readonly weight: number;
}

interface Head extends TrackWeight {
  readonly needed: Statement;
}

function readHead(block: Statement, { needs, weight }: Kind, report: Report): Head | undefined {
  const name = block.words[0];
  if (name === undefined) {
    report.error('missing-value', block.keyword, `${block.known.name} needs a name after it: the block is left out`);
    return undefined;
  }
  const needed = block.statements.findLast(({ known, words }) => known.name === needs && words.length > 0);
  if (needed === undefined) {
    const message = `${block.known.name} ${name.text.slice(0, 64)} has no ${needs}; it is left out`;
    report.atEnd('error', 'missing-value', block, message);
    return undefined;
  }
  const line = find(block, 'weight');
  const word = line?.words[0];
  const range = { min: -254, max: 254 };
  const own = word && readInteger(word, 'weight', range, `${weight} is used`, report);
  return { name: name.text, weight: own ?? weight, reverse: line?.words[1]?.text === 'reverse', needed };
}

function find(block: Statement, ...names: readonly string[]): Statement | undefined {
  return block.statements.findLast(({ known }) => names.includes(known.name));
}
