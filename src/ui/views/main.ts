// Puts the panes of a screen together: which get how many rows at this size, and what lies side by side.

import { isSmall } from '../state.ts';
import { fitSpans, type Line, line } from '../text.ts';
import { advertsPane } from './adverts.ts';
import type { PaneView, ViewContext } from './context.ts';
import { detailPane, instanceView } from './detail.ts';
import { eventsPane } from './events.ts';
import { footer, header, status } from './header.ts';
import { helpView } from './help.ts';
import { instancesHeight, instancesPane } from './instances.ts';
import { questionBox } from './question.ts';
import { scriptsHeight, scriptsPane } from './scripts.ts';
import { smallView } from './small.ts';

/** From here on adverts and scripts stand side by side. */
const WIDE = 140;

const PANE_VIEWS: Record<ViewContext['state']['focus'], PaneView> = {
  instances: instancesPane,
  adverts: advertsPane,
  scripts: scriptsPane,
  events: eventsPane,
};

/** The whole screen: exactly `rows` lines. */
export function screenLines(context: ViewContext): Line[] {
  const { columns, rows } = context.state.size;
  const single = (view: (context: ViewContext, columns: number) => Line): Line[] =>
    filled(
      guarded((c, width) => [view(c, width)], context, columns, 1),
      1,
    );
  if (rows < 4) return filled(single(header), rows);
  const bodyHeight = rows - 3;
  const body = filled(guarded(bodyView(context), context, columns, bodyHeight), bodyHeight);
  return [...single(header), ...overlay(context, body, columns), ...single(status), ...single(footer)];
}

function bodyView({ state }: ViewContext): PaneView {
  if (state.view === 'help') return helpView;
  if (state.view === 'instance') return instanceView;
  if (isSmall(state.size)) return smallView;
  return state.zoomed ? PANE_VIEWS[state.focus] : mainView;
}

/** A view that fails shows that, and the rest of the screen lives on. */
function guarded(view: PaneView, context: ViewContext, columns: number, height: number): Line[] {
  try {
    return view(context, columns, height).slice(0, height);
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

/** The dialog lies over the lower part of the body; what it speaks about stays in sight above. */
function overlay(context: ViewContext, body: Line[], columns: number): Line[] {
  const box = guarded(questionBox, context, columns, body.length);
  if (box.length === 0) return body;
  const top = Math.max(0, Math.min(instancesHeight(context, body.length), body.length - box.length));
  return [...body.slice(0, top), ...box, ...body.slice(top + box.length)];
}

export interface Heights {
  readonly instances: number;
  readonly detail: number;
  readonly adverts: number;
  readonly scripts: number;
  readonly events: number;
}

/** Rows for each pane. With `wide`, adverts and scripts share the same rows. */
export function shareRows(
  height: number,
  wanted: { readonly instances: number; readonly scripts: number; readonly wide: boolean },
): Heights {
  const instances = Math.min(wanted.instances, Math.max(3, Math.floor(height * 0.4)));
  const detail = height >= 32 ? 8 : height >= 26 ? 6 : height >= 19 ? 5 : 3;
  const left = Math.max(0, height - instances - detail);
  const scripts = wanted.wide ? 0 : Math.min(wanted.scripts, Math.max(2, Math.floor(left * 0.35)));
  const logs = left - scripts;
  const adverts = Math.ceil(logs / 2);
  return { instances, detail, adverts, scripts: wanted.wide ? adverts : scripts, events: logs - adverts };
}

const mainView: PaneView = (context, columns, height) => {
  const scriptRows = scriptsHeight(context);
  const wide = columns >= WIDE && scriptRows > 0;
  const rows = shareRows(height, { instances: instancesHeight(context, height), scripts: scriptRows, wide });
  const pane = (view: PaneView, width: number, lines: number): Line[] =>
    filled(guarded(view, context, width, lines), lines);
  const top = [...pane(instancesPane, columns, rows.instances), ...pane(detailPane, columns, rows.detail)];
  const bottom = pane(eventsPane, columns, rows.events);
  if (!wide) {
    return [
      ...top,
      ...pane(advertsPane, columns, rows.adverts),
      ...pane(scriptsPane, columns, rows.scripts),
      ...bottom,
    ];
  }
  const left = Math.floor((columns - 3) * 0.52);
  const right = columns - 3 - left;
  const pairs = pane(scriptsPane, right, rows.adverts);
  const beside = pane(advertsPane, left, rows.adverts).map((row, i) =>
    line(...fitSpans(row.spans, left), ['dim', ` ${context.glyphs.bar} `], ...fitSpans(pairs[i]!.spans, right)),
  );
  return [...top, ...beside, ...bottom];
};
