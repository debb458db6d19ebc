// What happened, newest at the bottom; above it a lane per instance, below the chain of causes of the chosen event.
import type { EventRecord } from '../../engine/record.ts';
import { causeChain } from '../cause-chain.ts';
import type { Command } from '../commands/command.ts';
import { laneSpans, staysOf } from '../lanes.ts';
import { type ScreenState, showInstance, stay, uiOf, withExtra, withToast, withUi } from '../state.ts';
import type { Column } from '../table.ts';
import { type Line, line, pad, type Span, spansWidth, spread, wrap } from '../text.ts';
import type { Style } from '../theme.ts';
import { clock, rule, type ViewContext } from './context.ts';
import type { View } from './view.ts';

const STYLE: Record<EventRecord['level'], Style | undefined> = {
  info: undefined,
  warning: 'attention',
  error: 'critical',
};

const MINUTE = 60_000_000;
/** Spans of the lanes, by their names. */
const WINDOWS: readonly (readonly [string, number])[] = [
  ['1m', MINUTE],
  ['5m', 5 * MINUTE],
  ['15m', 15 * MINUTE],
  ['1h', 60 * MINUTE],
  ['24h', 24 * 60 * MINUTE],
];
const DEFAULT_WINDOW = '5m';
const LANE_NAME = 12;
/** In the full view: as many lanes as leave room for the events. */
const LANES_AT_MOST = 8;

/** What happened and why, in one line. */
function eventText(event: EventRecord, named: boolean): string {
  const who = event.instance === undefined || named ? '' : `(${event.instance}) `;
  const cause = event.cause === undefined || event.cause === '' ? '' : `: ${event.cause}`;
  return `${who}${event.text}${cause}`;
}

function textSpan(event: EventRecord, named: boolean): Span {
  const style = STYLE[event.level] ?? (event.state === undefined ? undefined : 'strong');
  return style === undefined ? eventText(event, named) : [style, eventText(event, named)];
}

function columns({ model, compact, glyphs }: ViewContext, width: number): Column<EventRecord>[] {
  const { snapshot } = model;
  const full = !compact && width >= 60;
  const marks: Record<EventRecord['level'], string> = { info: ' ', warning: '!', error: glyphs.bad };
  const at = (event: EventRecord): string => (snapshot === undefined ? '' : clock(snapshot, event.at, full));
  const named = [...(snapshot?.instances ?? []), ...(snapshot?.scripts ?? [])];
  const nameWidth = Math.min(width < 100 ? 12 : 16, Math.max(8, ...named.map(({ name }) => name.length)));
  return [
    {
      id: 'level',
      title: '',
      min: 1,
      cell: ({ level }) => [STYLE[level] ?? 'dim', marks[level]],
      value: ({ level }) => level,
    },
    { id: 'time', title: 'TIME', min: full ? 12 : 8, cell: (event) => ['dim', at(event)] },
    // In a pane the text names it; a filter knows it all the same.
    { id: 'instance', title: 'INSTANCE', ...(full ? { min: nameWidth } : { min: 1000, drop: 99 }), cell: nameOf },
    { id: 'text', title: 'EVENT', min: 20, max: 400, cell: (event) => textSpan(event, full) },
  ];
}

const nameOf = ({ instance, subject }: EventRecord): Span => instance ?? ['dim', subject ?? ''];

/** One lane for each instance, the chosen one among them, and the times at both ends. */
function lanes(context: ViewContext, width: number, height: number): Line[] {
  const { model, now, ui, glyphs } = context;
  const instances = model.snapshot?.instances ?? [];
  if (model.snapshot === undefined || instances.length === 0 || height < 5) return [];
  const [name, span] = windowOf(ui.extra.window);
  const cells = width - LANE_NAME - 1;
  const window = { from: now - span, to: now, cells };
  const room = Math.min(LANES_AT_MOST, height - 2);
  const shown = instances.slice(0, instances.length > room ? room - 1 : room);
  const out = shown.map((instance) =>
    line(`${pad(instance.name, LANE_NAME)} `, ...laneSpans(staysOf(instance, model.events), window, glyphs)),
  );
  const hidden = instances.length - shown.length;
  if (hidden > 0) out.push(line(['dim', `${hidden} more: choose one with o`]));
  const choices: Span[] = WINDOWS.flatMap(([each]): Span[] =>
    each === name ? [['key', `[${each}]`]] : [each],
  ).flatMap((span, i) => (i === 0 ? [span] : [' ', span]));
  const left: Span[] = [' '.repeat(LANE_NAME + 1), ['dim', clock(model.snapshot, window.from)]];
  const right: Span[] = [...choices, ['dim', `  ${clock(model.snapshot, now)}`]];
  if (spansWidth(left) + spansWidth(right) < width) out.push({ spans: spread(left, right, width) });
  return out;
}

function windowOf(wanted: unknown): readonly [string, number] {
  return WINDOWS.find(([name]) => name === wanted) ?? WINDOWS.find(([name]) => name === DEFAULT_WINDOW)!;
}

/** The chain of causes of the chosen event, or of the newest one. */
function chain(context: ViewContext, event: EventRecord | undefined, width: number, height: number): Line[] {
  const { model, glyphs } = context;
  if (event === undefined || height < 2) return [];
  // What other routers did has no causes in here: the whole sentence is all there is.
  const links =
    model.watch === undefined
      ? causeChain(event, model.events, model.snapshot)
      : [{ text: eventText(event, true), chosen: false }];
  const text = links.map(({ text: each, chosen }) => (chosen ? `[${each}]` : each)).join(` ${glyphs.arrow} `);
  const lines = wrap(text, width).slice(0, height - 1);
  return [
    rule(context, width, model.watch === undefined ? 'Cause' : 'Event', {
      right: event.instance ?? event.subject ?? '',
    }),
    ...lines.map((l) => line(l)),
  ];
}

const LEVELS = ['', 'level~warning|error', 'level=error'] as const;

/** The next of some filters; one that was typed is left alone until it is one of them. */
function cycleFilter(state: ScreenState, choices: readonly string[]): ScreenState {
  const { filter } = uiOf(state, 'events');
  const next = choices[(choices.indexOf(filter) + 1) % choices.length]!;
  return withUi(state, 'events', { filter: next, selected: undefined, top: undefined });
}

const commands: readonly Command[] = [
  {
    id: 'events.window',
    title: 'Span of the lanes: 1m, 5m, 15m, 1h, 24h',
    keys: ['t'],
    names: ['window'],
    args: '1m|5m|15m|1h|24h',
    group: 'view',
    tier: 'look',
    footer: { label: 't time', rank: 4 },
    complete: () => WINDOWS.map(([name]) => name),
    run(state, now, args) {
      const names = WINDOWS.map(([name]) => name);
      const [current] = windowOf(uiOf(state, 'events').extra.window);
      const wanted = args === '' ? names[(names.indexOf(current) + 1) % names.length]! : args;
      if (!names.includes(wanted)) return stay(withToast(state, now, `span is one of ${names.join(' ')}`, 'attention'));
      return stay(withExtra(state, 'events', { window: wanted }));
    },
  },
  {
    id: 'events.level',
    title: 'Only warnings, only errors, everything',
    keys: ['l'],
    group: 'view',
    tier: 'look',
    footer: { label: 'l level', rank: 5 },
    run: (state) => stay(cycleFilter(state, LEVELS)),
  },
  {
    id: 'events.instance',
    title: 'Only one instance, the next one, all',
    keys: ['o'],
    group: 'view',
    tier: 'look',
    footer: { label: 'o instance', rank: 5 },
    run: (state) =>
      stay(cycleFilter(state, ['', ...(state.snapshot?.instances ?? []).map(({ name }) => `instance=${name}`)])),
  },
];

export const eventsView: View<EventRecord> = {
  id: 'events',
  title: 'Events',
  short: 'Evts',
  digit: '4',
  names: ['events', 'ev'],
  list: {
    items: ({ model }) => model.events,
    key: ({ seq }) => String(seq),
    columns,
    instance: ({ instance }) => instance,
    log: true,
    empty: () => 'nothing has happened yet',
    paneHeading: 'none',
  },
  above: lanes,
  below: (context, event, width, height) => chain(context, event ?? context.model.events.at(-1), width, height),
  open: (state, { instance }) => stay(instance === undefined ? state : showInstance(state, instance)),
  commands,
};
