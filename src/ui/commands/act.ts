// The drill wizard, and acts that leave nothing to take back: addresses announced once more, a check script run now.
import { openChange } from '../dialog.ts';
import { DRILLS, type DrillKind, openDrill, openWizard } from '../drill-wizard.ts';
import { chosenRow } from '../selection.ts';
import { currentView, type ScreenState, type Step, stay, withToast } from '../state.ts';
import type { TrackerRow } from '../tracker-rows.ts';
import { change, PRIORITY, type Run, readOnly, TERMS } from './change.ts';
import type { Command } from './command.ts';

/** With a kind of drill the choice is made; else it is asked for. */
const drill: Run = (state, instance, now, { rest, terms }) => {
  const kind = rest.find((word): word is DrillKind => (DRILLS as readonly string[]).includes(word));
  const value = rest.find((word) => PRIORITY.test(word));
  const wanted = { ...terms, ...(value === undefined ? {} : { value }) };
  return kind === undefined
    ? openWizard(state, now, instance.name, wanted)
    : openDrill(state, now, instance, kind, wanted);
};

const announce: Run = (state, { name }, now) =>
  openChange(state, now, {
    title: `Announce the addresses of ${name}`,
    instance: name,
    command: { kind: 'announce', instance: name },
  });

/** The script that is named; in the list of trackers the chosen one. */
function runTracker(state: ScreenState, now: number, args: string): Step {
  const told = (text: string): Step => stay(withToast(state, now, text, 'attention'));
  const scripts = state.snapshot?.scripts.map(({ name }) => name) ?? [];
  let script = args.trim();
  if (script === '') {
    const row = currentView(state) === 'trackers' ? (chosenRow(state, now) as TrackerRow | undefined) : undefined;
    if (row === undefined) return told('choose a script in Trackers (3), or name it: :check NAME');
    if (row.script === undefined) return told(`${row.name} is no script: a ${row.kind} is watched all the time`);
    script = row.name;
  }
  if (!scripts.includes(script)) return told(`there is no vrrp_script ${script}`);
  const command = { kind: 'run-script', script } as const;
  return openChange(state, now, { title: `Run ${script} now`, instance: undefined, command });
}

export const ACTS: readonly Command[] = [
  change(
    'change.drill',
    'drill: choose, see, measure',
    ['D'],
    'failover',
    `[fault|priority|nopreempt] ${TERMS}`,
    { words: DRILLS, footer: { label: 'D drill', rank: 6 } },
    drill,
  ),
  change('change.garp', 'announce the addresses again', [], 'garp', '[INSTANCE]', {}, announce),
  {
    id: 'change.check',
    title: 'run a check script now',
    keys: ['T'],
    names: ['check'],
    args: '[SCRIPT]',
    group: 'change',
    tier: 'ask',
    footer: { label: 'T run now', rank: 3 },
    hidden: (state) => currentView(state) !== 'trackers',
    blocked: (state, now) =>
      readOnly(state, now) ?? (state.snapshot?.scripts.length === 0 ? 'there is no vrrp_script' : undefined),
    complete: (state) => state.snapshot?.scripts.map(({ name }) => name) ?? [],
    run: runTracker,
  },
];
