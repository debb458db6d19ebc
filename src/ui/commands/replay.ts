// Commands of `watch -r`: how fast a recording is played, and from where.
import type { ReplayOrder, ReplayState } from '../../session/replay.ts';
import { parseDuration } from '../format.ts';
import { type ScreenState, type Step, stay, withToast } from '../state.ts';
import type { Command } from './command.ts';

/** Whether a recording is played. */
export const isReplay = (state: ScreenState): boolean => state.watch?.replay !== undefined;

const JUMP_US = 10_000_000;

const send = (state: ScreenState, order: ReplayOrder): Step =>
  stay(state, { type: 'send', message: { type: 'replay', order } });

const replay = (
  id: string,
  title: string,
  keys: readonly string[],
  order: ReplayOrder,
  more: Partial<Command> = {},
): Command => ({
  id: `replay.${id}`,
  title,
  keys,
  group: 'look',
  tier: 'look',
  only: ['watch'],
  hidden: (state) => !isReplay(state),
  blocked: (state) => (isReplay(state) ? undefined : 'only a recording (-r) can be wound'),
  run: (state) => send(state, order),
  ...more,
});

export const REPLAY: readonly Command[] = [
  replay(
    'pause',
    'replay: stop, go on',
    ['p'],
    { kind: 'pause' },
    { names: ['pause'], footer: { label: 'p pause', rank: 3 } },
  ),
  replay('faster', 'replay: faster', ['+'], { kind: 'faster' }, { footer: { label: '+- speed', rank: 3 } }),
  replay('slower', 'replay: slower', ['-'], { kind: 'slower' }),
  replay(
    'step',
    'replay: next packet',
    ['.'],
    { kind: 'step' },
    { names: ['step'], footer: { label: '. step', rank: 6 } },
  ),
  replay('back', 'replay: 10 s back', ['['], { kind: 'by', us: -JUMP_US }, { footer: { label: '[] 10s', rank: 6 } }),
  replay('forward', 'replay: 10 s on', [']'], { kind: 'by', us: JUMP_US }),
  replay(
    'goto',
    'replay: to a time or share',
    [],
    { kind: 'step' },
    {
      names: ['goto'],
      args: '12:00:05|+30s|-1m|50%|start|end',
      complete: () => ['start', 'end', '50%', '+1m', '-1m'],
      run: (state, now, args) => {
        const order = orderOf(state, args.trim());
        const usage = 'goto 12:00:05, +30s, -1m, 50%, start or end';
        return order === undefined ? stay(withToast(state, now, usage, 'attention')) : send(state, order);
      },
    },
  ),
];

/** What a person types behind `:goto`. */
function orderOf({ watch, snapshot }: ScreenState, text: string): ReplayOrder | undefined {
  const place = watch?.replay;
  if (place === undefined || snapshot === undefined) return undefined;
  if (text === 'start') return { kind: 'to', at: place.start };
  if (text === 'end') return { kind: 'to', at: place.end };
  const share = /^(\d{1,3}(?:\.\d+)?)%$/.exec(text);
  if (share !== null) return { kind: 'to', at: place.start + ((place.end - place.start) * Number(share[1])) / 100 };
  const jump = /^([+-])(\S+)$/.exec(text);
  const us = jump === null ? undefined : parseDuration(jump[2]!);
  if (us !== undefined) return { kind: 'by', us: jump![1] === '-' ? -us : us };
  return timeOrder(place, snapshot.wallTime - snapshot.takenAt / 1000, text);
}

/** A time of day: the first one from the start of the recording on. `offset`: ms since the epoch at the capture's zero. */
function timeOrder({ start, end }: ReplayState, offset: number, text: string): ReplayOrder | undefined {
  const match = /^([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,3}))?)?$/.exec(text);
  if (match === null) return undefined;
  const [hours, minutes, seconds, millis] = [match[1], match[2], match[3] ?? 0, (match[4] ?? '0').padEnd(3, '0')].map(
    Number,
  );
  const first = new Date(offset + start / 1000);
  const wanted = new Date(first);
  wanted.setHours(hours!, minutes!, seconds!, millis!);
  // A minute before the start is a mistake of a minute; more is meant of the next day, where the recording has one.
  const nextDay = new Date(wanted);
  nextDay.setDate(nextDay.getDate() + 1);
  const at = wanted < first && (nextDay.getTime() - offset) * 1000 <= end ? nextDay : wanted;
  return { kind: 'to', at: (at.getTime() - offset) * 1000 };
}
