// What is asked before a change: what will happen, how sure that is, for how long, why, and how to answer.
import { activeField, type ChangeDialog, dialogForecast, type Field, requiredPhrase, staleTarget } from '../dialog.ts';
import { parseDuration } from '../format.ts';
import { type Line, line, type Span, spansWidth, wrap } from '../text.ts';
import type { Style } from '../theme.ts';
import type { ViewContext } from './context.ts';
import { field, folded, phraseLines, type QuestionParts, toType } from './question-parts.ts';

export function changeParts({ state }: ViewContext, dialog: ChangeDialog, inner: number): QuestionParts {
  const stale = staleTarget(state, dialog);
  const result = dialogForecast(dialog);
  const phrase = requiredPhrase(dialog);
  const active = activeField(dialog, phrase);
  const style: Style | undefined = result?.tier === 'outage' ? 'critical' : undefined;
  const body = sentences(dialog).flatMap((text) =>
    wrap(text, inner).map((part) => line(style === undefined ? part : [style, part])),
  );
  const warnings = [
    ...(result?.refused === undefined ? [] : [['attention', result.refused] as const]),
    ...(stale === undefined ? [] : [['critical', `! ${stale}: cancel and look again`] as const]),
  ];
  return {
    head: [
      ...(dialog.value === undefined ? [] : [line(...valueField(dialog, active === 'value', inner))]),
      ...warnings.flatMap(([look, text]) => wrap(text, inner).map((part) => line([look, part]))),
    ],
    body,
    foot: [
      ...(dialog.lasts === undefined ? [] : termsLines(dialog, active, inner)),
      ...answerLines(dialog, phrase, active, inner),
    ],
  };
}

/** What the forecast says, the worst first. */
function sentences(dialog: ChangeDialog): readonly string[] {
  const lines = dialogForecast(dialog)?.lines ?? valueHelp(dialog);
  const worst = lines.filter((text) => text.startsWith('OUTAGE'));
  return [...worst, ...lines.filter((text) => !worst.includes(text))];
}

function valueField({ value = '', proposed }: ChangeDialog, active: boolean, inner: number): Span[] {
  const whole = field(active, 'New priority (90) or change (+10, -10):', value, inner, proposed);
  return spansWidth(whole) <= inner ? whole : field(active, 'Priority (90, +10, -10):', value, inner, proposed);
}

/** How long, and why: shown with every override, and in the audit log. */
function termsLines(dialog: ChangeDialog, active: Field, inner: number): Line[] {
  const { lasts = '', why } = dialog;
  const hint = active === 'lasts' || active === 'why' ? '' : '  (Tab changes)';
  const first = field(active === 'lasts', 'For', lasts, inner, dialog.proposed);
  const room = Math.max(14, inner - spansWidth(first) - 2 - hint.length);
  const second = field(active === 'why', 'because', why === '' && active !== 'why' ? '-' : why, room);
  return folded([[...first, '  ', ...second, ['dim', hint]]], inner);
}

function answerLines(dialog: ChangeDialog, phrase: string, active: Field, inner: number): Line[] {
  const result = dialogForecast(dialog);
  if (result === undefined || result.refused !== undefined) return [line('[ Cancel ] Esc')];
  const onward = dialog.drill && (active === 'value' || active === 'lasts' || active === 'why');
  if (phrase === '') {
    const typing = active === 'lasts' || active === 'why' || onward;
    const key = dialog.drill ? 'Enter: next' : 'Tab: back to the question';
    const answer: Span = typing ? ['dim', key] : ['key', 'y: do it'];
    return folded([[answer], ['[ Cancel ] ', active === 'none' ? 'Enter, Esc' : 'Esc']], inner);
  }
  const ready = dialog.phrase === phrase;
  const run: Span = ready ? ['key', 'Ctrl-G: do it'] : ['dim', `Ctrl-G: do it (${toType(dialog.phrase, phrase)})`];
  const next: Span[] = active === 'phrase' ? [] : [['dim', dialog.drill ? 'Enter: next' : 'Tab: next field']];
  return [
    ...phraseLines(phrase, dialog.phrase, active === 'phrase', inner),
    ...folded(
      [[run], ['[ Cancel ] ', active === 'phrase' ? 'Enter, Esc' : 'Esc'], ...(next.length > 0 ? [next] : [])],
      inner,
    ),
  ];
}

/** What a value may be, while it is not complete. */
function valueHelp(dialog: ChangeDialog): string[] {
  if (dialog.lasts !== undefined && parseDuration(dialog.lasts) === undefined) return ['How long: 90s, 5m, 1h.'];
  const instance = dialog.snapshot.instances.find(({ name }) => name === dialog.instance);
  if (instance === undefined) return [];
  return [`Base priority is ${instance.basePriority}, effective ${instance.effectivePriority}. 1 to 254.`];
}
