// What the first line says of a watch: how many virtual routers, how they are, and where a replay stands.
import type { ReplayState } from '../../session/replay.ts';
import type { ListedFinding, WatchPicture } from '../../session/watch-picture.ts';
import { countdown, plural } from '../format.ts';
import type { Span } from '../text.ts';
import type { Glyphs } from '../theme.ts';

const SECOND = 1_000_000;

/** `●3 seen  ✗1 SPLIT  ◌1 none  2 findings`: virtual routers by their MASTERs. Without `words` the signs alone. */
export function watchCounts(
  { routers, more }: WatchPicture,
  findings: readonly ListedFinding[],
  glyphs: Glyphs,
  words: boolean,
): Span[] {
  const of = (wanted: string): number => routers.filter(({ mastership }) => mastership === wanted).length;
  const [one, several, none] = [of('one'), of('several'), of('none')];
  const word = (text: string): string => (words ? ` ${text}` : '');
  return [
    ['strong', `${glyphs.master}${one}${word('seen')}`],
    '  ',
    several > 0 ? ['critical', `${glyphs.fault}${several}${word('SPLIT')}`] : `${glyphs.fault}0${word('SPLIT')}`,
    '  ',
    none > 0 ? ['attention', `${glyphs.init}${none}${word('none')}`] : `${glyphs.init}0${word('none')}`,
    ...(more > 0 ? ['  ', `+${more}`] : []),
    ...findingsMark(findings),
  ];
}

/** `  2 findings`: those that hold now; nothing without any. */
export function findingsMark(findings: readonly ListedFinding[]): Span[] {
  const open = findings.filter(({ resolved }) => resolved === undefined);
  if (open.length === 0) return [];
  const has = (severity: ListedFinding['severity']): boolean => open.some((finding) => finding.severity === severity);
  const style = has('error') ? 'critical' : has('warning') ? 'attention' : 'dim';
  return ['  ', [style, plural(open.length, 'finding')]];
}

/** `WATCH`, or `REPLAY x10 1:05/4:00`. */
export function watchMode(replay: ReplayState | undefined): Span {
  if (replay === undefined) return 'WATCH';
  const { start, end, position, speed, playing } = replay;
  const place = `${wholeSeconds(position - start)}/${wholeSeconds(end - start)}`;
  if (playing) return ['strong', `REPLAY x${speed} ${place}`];
  return ['attention', position >= end ? `END x${speed} ${place}` : `PAUSED x${speed} ${place}`];
}

/** Rounded down: what has passed. */
const wholeSeconds = (us: number): string => countdown(Math.floor(us / SECOND) * SECOND);
