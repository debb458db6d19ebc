// The box of an open dialog: what will happen, how sure that is, and how to answer. Cancel is always the default.

import { candidates } from '../candidates.ts';
import { type ChangeDialog, dialogForecast, requiredPhrase, staleTarget } from '../dialog.ts';
import { forecastLeave } from '../forecast.ts';
import { fitSpans, type Line, line, type Span, spanText, width as textWidth, wrap } from '../text.ts';
import type { Style } from '../theme.ts';
import type { PaneView, ViewContext } from './context.ts';

/** The lines of the box; empty when no dialog is open. When room is short the reasons are cut, never the answers. */
export const questionBox: PaneView = (context, columns, height) => {
  const lines = wholeBox(context, columns);
  if (lines.length <= height) return lines;
  const dense = lines.filter((row) => !row.spans.every((span) => /^[ │|]*$/.test(spanText(span))));
  if (dense.length <= height) return dense;
  return [...dense.slice(0, Math.max(1, height - ANSWER_ROWS)), ...dense.slice(-ANSWER_ROWS)];
};

/** What must stay in sight: the field, the keys, the edge. */
const ANSWER_ROWS = 4;

function wholeBox(context: ViewContext, columns: number): Line[] {
  const { dialog } = context.state;
  if (dialog === undefined) return [];
  const inner = Math.max(1, Math.min(columns, 78) - 4);
  return dialog.kind === 'quit'
    ? box(context, inner, 'Quit while MASTER', quitContent(context, inner), 'strong')
    : box(context, inner, dialog.title, changeContent(context, dialog, inner), outage(dialog) ? 'critical' : 'strong');
}

const outage = (dialog: ChangeDialog): boolean => dialogForecast(dialog)?.tier === 'outage';

function changeContent(context: ViewContext, dialog: ChangeDialog, inner: number): Line[] {
  const { state } = context;
  const stale = staleTarget(state, dialog);
  const result = dialogForecast(dialog);
  const phrase = requiredPhrase(dialog);
  const lines: Line[] = [];
  if (dialog.value !== undefined) {
    lines.push(
      field(dialog.field === 'value' || phrase === '', 'New priority (90) or change (+10, -10):', dialog.value),
      line(),
    );
  }
  const style: Style | undefined = result?.tier === 'outage' ? 'critical' : undefined;
  for (const text of result === undefined ? priorityHelp(dialog) : (result.lines ?? [])) {
    for (const part of wrap(text, inner)) lines.push(line(style === undefined ? part : [style, part]));
  }
  if (result?.refused !== undefined) lines.push(line(['attention', result.refused]));
  if (stale !== undefined) lines.push(line(['critical', `! ${stale}: cancel and look again`]));
  lines.push(line());
  if (result === undefined || result.refused !== undefined) lines.push(line('[ Cancel ] Esc'));
  else if (phrase === '')
    lines.push(line(['key', 'y'], ': do it      [ Cancel ] ', dialog.value === undefined ? 'Enter, Esc' : 'Esc'));
  else {
    lines.push(field(dialog.field === 'phrase', `Type  ${phrase}  to go on:`, dialog.phrase));
    const ready = dialog.phrase === phrase;
    const run: Span = ready ? ['key', 'Ctrl-G: do it'] : ['dim', 'Ctrl-G: do it (type it first)'];
    lines.push(line(run, '      [ Cancel ] Esc', dialog.field === 'value' ? '      Tab: next field' : ''));
  }
  return lines;
}

function priorityHelp(dialog: ChangeDialog): string[] {
  const instance = dialog.snapshot.instances.find(({ name }) => name === dialog.instance);
  if (instance === undefined) return [];
  return [`Base priority is ${instance.basePriority}, effective ${instance.effectivePriority}. 1 to 254.`];
}

function field(active: boolean, label: string, text: string): Line {
  return line(`${label} `, ['strong', text], active ? ['selected', ' '] : '');
}

function quitContent({ state }: ViewContext, inner: number): Line[] {
  const snapshot = state.dialog?.snapshot;
  const masters = snapshot?.instances.filter((instance) => instance.state === 'MASTER') ?? [];
  const lines: Line[] = [];
  for (const instance of masters.slice(0, 4)) {
    const next = forecastLeave(instance, candidates(snapshot!, instance), 'stops').lines.slice(1).join(' ');
    for (const [i, part] of wrap(`${instance.name}: ${next}`, inner).entries())
      lines.push(line(i === 0 ? part : `  ${part}`));
  }
  if (masters.length > 4) lines.push(line(`and ${masters.length - 4} more instances that are MASTER here`));
  return [
    line(`This router is MASTER for ${masters.length} instance${masters.length === 1 ? '' : 's'}.`),
    ...lines,
    line(),
    line(['key', 'r'], '  release: send priority 0, remove the addresses, stop'),
    ...(state.info.command === 'demo' ? [] : [line(['key', 'd'], '  detach: the router goes on here, as log lines')]),
    line(['key', 'c'], '  [ Cancel ]  Enter, Esc'),
  ];
}

function box({ glyphs }: ViewContext, inner: number, title: string, content: readonly Line[], edge: Style): Line[] {
  const { tl, tr, bl, br } = glyphs.box;
  const shown = fitSpans([`${glyphs.rule} ${title} `], Math.min(inner, textWidth(title) + 3))
    .map((s) => (typeof s === 'string' ? s : s[1]))
    .join('');
  const top = `${tl}${shown}${glyphs.rule.repeat(Math.max(0, inner + 2 - textWidth(shown)))}${tr}`;
  const bottom = `${bl}${glyphs.rule.repeat(inner + 2)}${br}`;
  const side: Span = [edge, glyphs.bar];
  return [
    line([edge, top]),
    ...content.map((row) => line(side, ' ', ...fitSpans(row.spans, inner), ' ', side)),
    line([edge, bottom]),
  ];
}
