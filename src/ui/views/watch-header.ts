// What the first line says of a watch: how many virtual routers, how they are, and where a replay stands.
import type { ReplayState } from '../../session/replay.ts';
import type { ListedFinding, WatchPicture } from '../../session/watch-picture.ts';
import { countdown, plural } from '../format.ts';
import type { Span } from '../text.ts';
import type { Glyphs } from '../theme.ts';

/** `● 3 with a MASTER  ✗ 1 with two  ○ 1 without  2 findings`; without `words` the signs alone. */
export function watchCounts(
  { routers, more }: WatchPicture,
  findings: readonly ListedFinding[],
  glyphs: Glyphs,
  words: boolean,
): Span[] {
  const of = (wanted: string): number => routers.filter(({ mastership }) => mastership === wanted).length;
  const [one, several, none] = [of('one'), of('several'), of('none')];
  const open = findings.filter(({ resolved }) => resolved === undefined);
  const bad = open.some(({ severity }) => severity === 'error');
  const word = (text: string): string => (words ? ` ${text}` : '');
  return [
    ['strong', `${glyphs.master}${one}${word('MASTER seen')}`],
    '  ',
    several > 0 ? ['critical', `${glyphs.fault}${several}${word('SPLIT')}`] : `${glyphs.fault}0${word('SPLIT')}`,
    '  ',
    none > 0 ? ['attention', `${glyphs.init}${none}${word('none')}`] : `${glyphs.init}0${word('none')}`,
    ...(more > 0 ? ['  ', `+${more}`] : []),
    '  ',
    open.length === 0 ? ['dim', 'no findings'] : [bad ? 'critical' : 'attention', plural(open.length, 'finding')],
  ];
}

/** `WATCH`, or `REPLAY x10 1:05/4:00`. */
export function watchMode(replay: ReplayState | undefined, _glyphs: Glyphs): Span {
  if (replay === undefined) return 'WATCH';
  const { start, end, position, speed, playing } = replay;
  const place = `${countdown(Math.floor((position - start) / 1_000_000) * 1_000_000)}/${countdown(end - start)}`;
  if (playing) return ['strong', `REPLAY x${speed} ${place}`];
  return ['attention', position >= end ? `END x${speed} ${place}` : `PAUSED x${speed} ${place}`];
}
