// The box of an open dialog: what will happen, how sure that is, and how to answer. Cancel is always the default.

import type { VrrpState } from '../../vrrp/state.ts';
import { candidates } from '../candidates.ts';
import {
  activeField,
  type ChangeDialog,
  dialogForecast,
  type Field,
  type QuitDialog,
  requiredPhrase,
  staleTarget,
  type UnlockDialog,
} from '../dialog.ts';
import { forecastLeave } from '../forecast.ts';
import { duration, parseDuration, plural } from '../format.ts';
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
  switch (dialog.kind) {
    case 'quit':
      return box(context, inner, `Quit while ${quitRole(dialog)}`, quitContent(context, inner), 'strong');
    case 'unlock':
      return box(context, inner, 'Let changes through', unlockContent(context, dialog), 'strong');
    case 'change':
      return box(
        context,
        inner,
        dialog.title,
        changeContent(context, dialog, inner),
        dialogForecast(dialog)?.tier === 'outage' ? 'critical' : 'strong',
      );
  }
}

function changeContent({ state }: ViewContext, dialog: ChangeDialog, inner: number): Line[] {
  const stale = staleTarget(state, dialog);
  const result = dialogForecast(dialog);
  const phrase = requiredPhrase(dialog);
  const active = activeField(dialog, phrase);
  const lines: Line[] = [];
  if (dialog.value !== undefined) {
    lines.push(field(active === 'value', 'New priority (90) or change (+10, -10):', dialog.value), line());
  }
  const style: Style | undefined = result?.tier === 'outage' ? 'critical' : undefined;
  for (const text of result?.lines ?? valueHelp(dialog)) {
    for (const part of wrap(text, inner)) lines.push(line(style === undefined ? part : [style, part]));
  }
  if (result?.refused !== undefined) lines.push(line(['attention', result.refused]));
  if (stale !== undefined) lines.push(line(['critical', `! ${stale}: cancel and look again`]));
  if (dialog.lasts !== undefined) lines.push(termsLine(dialog, active));
  lines.push(line());
  return [...lines, ...answerLines(dialog, phrase, active)];
}

/** How long, and why: shown with every override, and in the audit log. */
function termsLine(dialog: ChangeDialog, active: Field): Line {
  return line(
    ...field(active === 'lasts', 'For', dialog.lasts ?? '').spans,
    '  ',
    ...field(active === 'why', 'because', dialog.why).spans,
    active === 'lasts' || active === 'why' ? '' : ['dim', '  (Tab)'],
  );
}

function answerLines(dialog: ChangeDialog, phrase: string, active: Field): Line[] {
  const result = dialogForecast(dialog);
  if (result === undefined || result.refused !== undefined) return [line('[ Cancel ] Esc')];
  if (phrase === '') {
    const typing = active === 'lasts' || active === 'why';
    const answer: Span = typing ? ['dim', 'Tab: back to the question'] : ['key', 'y: do it'];
    return [line(answer, '      [ Cancel ] ', active === 'none' ? 'Enter, Esc' : 'Esc')];
  }
  const ready = dialog.phrase === phrase;
  const run: Span = ready ? ['key', 'Ctrl-G: do it'] : ['dim', `Ctrl-G: do it (${toType(dialog.phrase, phrase)})`];
  return [
    field(active === 'phrase', `Type  ${phrase}  to go on:`, dialog.phrase),
    line(
      run,
      '      [ Cancel ] ',
      active === 'phrase' ? 'Enter, Esc' : 'Esc',
      active === 'phrase' ? '' : '      Tab: next field',
    ),
  ];
}

/** Why Ctrl-G does not work yet. */
const toType = (typed: string, wanted: string): string => (wanted.startsWith(typed) ? 'type it first' : 'misspelt');

/** What a value may be, while it is not complete. */
function valueHelp(dialog: ChangeDialog): string[] {
  if (dialog.lasts !== undefined && parseDuration(dialog.lasts) === undefined) return ['How long: 90s, 5m, 1h.'];
  const instance = dialog.snapshot.instances.find(({ name }) => name === dialog.instance);
  if (instance === undefined) return [];
  return [`Base priority is ${instance.basePriority}, effective ${instance.effectivePriority}. 1 to 254.`];
}

function field(active: boolean, label: string, text: string): Line {
  return line(`${label} `, ['strong', text], active ? ['selected', ' '] : '');
}

function unlockContent({ state }: ViewContext, { lastsUs, phrase }: UnlockDialog): Line[] {
  const { hostname } = state.info;
  const ready = phrase === hostname;
  return [
    line(`For ${duration(lastsUs)} the keys that change things work on ${hostname}; each still asks.`),
    line('Then the screen is read-only again by itself; :lock makes it so at once.'),
    line(),
    field(true, `Type  ${hostname}  to go on:`, phrase),
    line(
      ready ? ['key', 'Ctrl-G: unlock'] : ['dim', `Ctrl-G: unlock (${toType(phrase, hostname)})`],
      '      [ Cancel ] Enter, Esc',
    ),
  ];
}

/** The best that this router is in any instance. */
const quitRole = ({ snapshot }: QuitDialog): VrrpState =>
  (['MASTER', 'BACKUP', 'FAULT'] as const).find((role) => snapshot.instances.some(({ state }) => state === role)) ??
  'INIT';

function quitContent({ state }: ViewContext, inner: number): Line[] {
  const { dialog } = state;
  if (dialog?.kind !== 'quit') return [];
  const { snapshot } = dialog;
  const masters = snapshot.instances.filter((instance) => instance.state === 'MASTER');
  const lines: Line[] = [];
  for (const instance of masters.slice(0, 4)) {
    const next = forecastLeave(instance, candidates(snapshot, instance), 'stops').lines.slice(1).join(' ');
    for (const [i, part] of wrap(`${instance.name}: ${next}`, inner).entries())
      lines.push(line(i === 0 ? part : `  ${part}`));
  }
  if (masters.length > 4) lines.push(line(`and ${masters.length - 4} more instances that are MASTER here`));
  const role = quitRole(dialog);
  if (role === 'BACKUP') lines.push(line('It no longer stands by: the MASTER goes on without this backup.'));
  if (role === 'FAULT') lines.push(line('It will not stand by when the fault is over.'));
  const { length } = snapshot.instances.filter(({ state }) => state === role);
  return [
    line(`This router is ${role} for ${plural(length, 'instance')}.`),
    ...lines,
    line(),
    line(
      ['key', 'r'],
      masters.length > 0 ? '  release: send priority 0, remove the addresses, stop' : '  release: stop the router',
    ),
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
