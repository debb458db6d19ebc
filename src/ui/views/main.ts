// Puts the screen together: its first line, tabs, the body with one view or several panes, status or prompt, keys.
import { commandsOf } from '../commands.ts';
import {
  chosenInstance,
  currentView,
  engineNow,
  isDashboard,
  isSmall,
  type ScreenState,
  type ViewId,
} from '../state.ts';
import { fitSpans, type Line, line } from '../text.ts';
import { alertLines } from './alerts.ts';
import { type ViewContext, viewContext } from './context.ts';
import { previewLines } from './detail.ts';
import { footer, header, status, tabs } from './header.ts';
import { type Band, bodyHeight, dashboard, isBare, type PaneId, roomOf } from './layout.ts';
import { paneLines } from './pane.ts';
import { questionBox } from './question.ts';
import { viewOf } from './registry.ts';
import { smallView } from './small.ts';

/** The whole screen: exactly `rows` lines. `now` is the local clock, µs. */
export function screenLines(state: ScreenState, now: number): Line[] {
  const { columns, rows } = state.size;
  const context = contextOf(state, currentView(state), now);
  // Head and foot are live, whatever stands still between them.
  const live = { ...context, model: state, now: engineNow(state, now) };
  const single = (draw: (context: ViewContext, columns: number) => Line): Line[] =>
    filled(
      guarded(() => [draw(live, columns)]),
      1,
    );
  if (rows < 4) return filled(single(header), rows);
  const height = bodyHeight(state);
  const body = filled(
    guarded(() => bodyLines(context, now, height)),
    height,
  );
  return [
    ...single(header),
    ...(isSmall(state.size) ? [] : single(tabs)),
    ...overlay(context, body, columns),
    ...single(status),
    ...single(footer),
  ];
}

function contextOf(state: ScreenState, id: ViewId, now: number, compact = false): ViewContext {
  return { ...viewContext(state, id, now, compact), commands: commandsOf(state) };
}

function bodyLines(context: ViewContext, now: number, height: number): Line[] {
  const { state } = context;
  const { columns: width } = state.size;
  const id = currentView(state);
  if (isSmall(state.size) && id === 'instances') return smallView(context, width, height);
  if (isDashboard(state)) return dashboard(state).flatMap((band) => bandLines(state, band, now));
  const view = viewOf(id);
  return view === undefined ? [] : paneLines(view, context, { width, height });
}

function bandLines(state: ScreenState, { columns }: Band, now: number): Line[] {
  const stacks = columns.map(({ width, slots }) =>
    slots.flatMap(({ id, height }) =>
      filled(
        guarded(() => slotLines(state, id, width, height, now)),
        height,
      ),
    ),
  );
  const [first = [], second] = stacks;
  if (second === undefined) return first;
  const { bar } = viewContext(state, 'instances', now).glyphs;
  return first.map((row, i) =>
    line(
      ...fitSpans(row.spans, columns[0]!.width),
      ['dim', ` ${bar} `],
      ...fitSpans(second[i]?.spans ?? [], columns[1]!.width),
    ),
  );
}

function slotLines(state: ScreenState, id: PaneId, width: number, height: number, now: number): Line[] {
  if (id === 'preview' || id === 'alerts') {
    const context = contextOf(state, 'instances', now, true);
    if (id === 'alerts') return alertLines(context, width, height);
    return previewLines(context, chosenInstance({ ...state, ...context.model }), width, height);
  }
  const view = viewOf(id);
  if (view === undefined || height === 0) return [];
  return paneLines(view, contextOf(state, id, now, true), { width, height, bare: isBare(state, id) });
}

/** A view that fails shows that, and the rest of the screen lives on. */
function guarded(draw: () => readonly Line[]): readonly Line[] {
  try {
    return draw();
  } catch (error) {
    return [
      line(['critical', `this part of the screen failed: ${error instanceof Error ? error.message : String(error)}`]),
    ];
  }
}

const filled = (lines: readonly Line[], height: number): Line[] => [
  ...lines.slice(0, height),
  ...Array.from({ length: Math.max(0, height - lines.length) }, () => line()),
];

/** The dialog lies over the lower part of the body; the list it speaks about stays in sight above. */
function overlay(context: ViewContext, body: Line[], columns: number): readonly Line[] {
  const box = guarded(() => questionBox(context, columns, body.length));
  if (box.length === 0) return body;
  const list = isDashboard(context.state) ? roomOf(context.state, 'instances').height : body.length;
  const top = Math.max(0, Math.min(list, body.length - box.length));
  return [...body.slice(0, top), ...box, ...body.slice(top + box.length)];
}
