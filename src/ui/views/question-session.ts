// What is asked before the screen is left, and before changes are let through.
import type { VrrpState } from '../../vrrp/state.ts';
import { candidates } from '../candidates.ts';
import type { DumpDialog, QuitDialog, UnlockDialog } from '../dialog.ts';
import { forecastLeave } from '../forecast.ts';
import { duration, plural } from '../format.ts';
import { type Line, line, type Span, wrap } from '../text.ts';
import type { ViewContext } from './context.ts';
import { folded, phraseLines, type QuestionParts, toType } from './question-parts.ts';

export function unlockParts({ state }: ViewContext, { lastsUs, phrase }: UnlockDialog, inner: number): QuestionParts {
  const { hostname } = state.info;
  const run: Span =
    phrase === hostname ? ['key', 'Ctrl-G: unlock'] : ['dim', `Ctrl-G: unlock (${toType(phrase, hostname)})`];
  const texts = [
    `For ${duration(lastsUs)} the keys that change things work on ${hostname}; each still asks.`,
    'Then the screen is read-only again by itself; :lock makes it so at once.',
  ];
  return {
    head: [],
    body: texts.flatMap((text) => wrap(text, inner).map((part) => line(part))),
    foot: [...phraseLines(hostname, phrase, true, inner), ...folded([[run], ['[ Cancel ] Enter, Esc']], inner)],
  };
}

export function dumpParts({ state }: ViewContext, { kinds }: DumpDialog, inner: number): QuestionParts {
  const asked = (state.watch?.local?.processes ?? []).filter(({ alive }) => alive);
  const who = asked.map(({ name, pid }) => `${name} (pid ${pid})`).join(', ');
  const files = kinds.map((kind) => `keepalived.${kind}`).join(', ');
  const text = `${who} gets ${kinds.length === 1 ? 'a signal' : 'signals'} and writes ${files} anew. It has no part in elections; adverts go on.`;
  return {
    head: [],
    body: wrap(text, inner).map((part) => line(part)),
    foot: folded([[['key', 'y: ask']], ['[ Cancel ] Enter, Esc']], inner),
  };
}

/** The best that this router is in any instance. */
const quitRole = ({ snapshot }: QuitDialog): VrrpState =>
  (['MASTER', 'BACKUP', 'FAULT'] as const).find((role) => snapshot.instances.some(({ state }) => state === role)) ??
  'INIT';

export const quitTitle = (dialog: QuitDialog): string => `Quit while ${quitRole(dialog)}`;

export function quitParts({ state }: ViewContext, dialog: QuitDialog, inner: number): QuestionParts {
  const { snapshot } = dialog;
  const masters = snapshot.instances.filter((instance) => instance.state === 'MASTER');
  const role = quitRole(dialog);
  const { length } = snapshot.instances.filter((instance) => instance.state === role);
  const body: Line[] = wrap(`This router is ${role} for ${plural(length, 'instance')}.`, inner).map((part) =>
    line(part),
  );
  for (const instance of masters) {
    const next = forecastLeave(instance, candidates(snapshot, instance), 'stops').lines.slice(1).join(' ');
    body.push(...hanging(`${instance.name}: ${next}`, inner));
  }
  if (role === 'BACKUP')
    body.push(...hanging('It no longer stands by: the MASTER goes on without this backup.', inner));
  if (role === 'FAULT') body.push(...hanging('It will not stand by when the fault is over.', inner));
  const overrides = snapshot.overrides.length;
  if (overrides > 0)
    body.push(...hanging(`${plural(overrides, 'override')} in force: the end of the router ends it.`, inner));
  return { head: [], body, foot: quitKeys(masters.length > 0, state.info.command !== 'demo', inner) };
}

function quitKeys(isMaster: boolean, mayDetach: boolean, inner: number): Line[] {
  const release = isMaster ? 'release: send priority 0, remove the addresses, stop' : 'release: stop the router';
  const choice = (key: string, text: string, short: string): Line =>
    line(['key', key], `  ${text.length + 3 <= inner ? text : short}`);
  return [
    choice('r', release, 'release and stop the router'),
    ...(mayDetach ? [choice('d', 'detach: the router goes on here, as log lines', 'detach: go on as log lines')] : []),
    choice('c', '[ Cancel ]  Enter, Esc', '[ Cancel ]  Enter, Esc'),
  ];
}

const hanging = (text: string, inner: number): Line[] =>
  wrap(text, inner - 2).map((part, i) => line(i === 0 ? part : `  ${part}`));
