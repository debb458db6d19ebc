// The first page of the drill wizard: what can be done, what each would do, and what speaks for or against it now.
import { drillChoices, type WizardDialog } from '../drill-wizard.ts';
import type { Tier } from '../forecast.ts';
import { preflight } from '../preflight.ts';
import { type Line, line, pad, type Span, wrap } from '../text.ts';
import type { ViewContext } from './context.ts';
import { folded, type QuestionParts } from './question-parts.ts';

const TIERS: Readonly<Record<Tier, string>> = {
  local: 'no new MASTER',
  mastership: 'MASTER moves',
  outage: 'needs :force',
};

export function wizardParts({ glyphs }: ViewContext, dialog: WizardDialog, inner: number): QuestionParts {
  const { snapshot } = dialog;
  const instance = snapshot.instances.find(({ name }) => name === dialog.instance);
  if (instance === undefined) return { head: [line('it is gone')], body: [], foot: [line('[ Cancel ] Enter, Esc')] };
  const choices = drillChoices(snapshot, instance);
  const mark = (ok: boolean | undefined): Span =>
    ok === undefined ? ['attention', '!'] : ok ? ['ok', glyphs.pass] : ['critical', glyphs.fail];
  const hanging = (first: Span, text: string): Line[] =>
    wrap(text, inner - 2).map((part, i) => line(i === 0 ? first : ' ', ` ${part}`));
  const longest = Math.max(...choices.map(({ title }) => title.length));
  const words = (tier: Tier | undefined): Span => {
    if (tier === undefined) return ['dim', 'you choose'];
    return tier === 'outage' ? ['critical', TIERS[tier]] : TIERS[tier];
  };
  return {
    head: choices.map(({ key, title, tier, refused }) =>
      refused === undefined
        ? line(['key', key], `  ${pad(title, longest)}   `, words(tier))
        : line(['dim', `-  ${pad(title, longest)}   not now`]),
    ),
    body: [
      ...preflight(snapshot, instance).flatMap(({ ok, text }) => hanging(mark(ok), text)),
      ...choices.flatMap(({ key, outcome, refused }) => hanging(['key', key], refused ?? outcome)),
    ],
    foot: folded([['choose: nothing is done yet'], ['[ Cancel ] Enter, Esc']], inner),
  };
}
