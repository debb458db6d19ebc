// What a router that runs on this host knows of itself, under what the wire tells of the same virtual router.
import type { LocalInstance, LocalKnowledge } from '../../observe/local-router.ts';
import { duration } from '../format.ts';
import { type Line, line, type Span, wrap } from '../text.ts';
import { rule, type ViewContext } from './context.ts';

/** Of the virtual router of that name; undefined where no router of this host has it. */
export function localOf({ model }: ViewContext, router: string): LocalInstance | undefined {
  return model.watch?.local?.instances.find((each) => each.router === router);
}

/** `keepalived VI_1 (pid 39): MASTER, priority 150 in its file`, and what does not agree. */
export function localSummary(context: ViewContext, router: string): Line[] {
  const local = localOf(context, router);
  if (local === undefined) return [];
  const odd = local.agreement.filter(({ ok }) => !ok).map(({ text }) => line(['attention', `! ${text}`]));
  return [roleLine(local), ...odd];
}

const ROLES = { MASTER: 'MASTER', BACKUP: 'not MASTER', none: 'nobody is MASTER' } as const;

function roleLine({ program, name, pid, role, priority }: LocalInstance): Line {
  return line(
    `here ${program} (pid ${pid}) has it as `,
    ['strong', name],
    `: ${ROLES[role]}, priority ${priority} in its file`,
  );
}

/** All of it, under a rule; also of a host where nothing is heard. */
export function localLines(context: ViewContext, router: string | undefined, width: number): Line[] {
  const { local } = context.model.watch ?? {};
  if (local === undefined) return [];
  const found = router === undefined ? undefined : localOf(context, router);
  return [
    rule(context, width, 'On this host'),
    ...processLines(local, width),
    ...(found === undefined ? [] : instanceLines(context, found, width)),
    ...silentLines(local, width),
    ...local.notes.flatMap((note) => wrap(note, width - 2).map((text) => line(['dim', `  ${text}`]))),
  ];
}

function processLines({ processes }: LocalKnowledge, width: number): Line[] {
  return processes.flatMap(({ name, pid, alive, configFile, log }) => {
    const text = `${name} (pid ${pid})${alive ? '' : ' has ended'}, file ${configFile ?? 'not known'}, log: ${log}`;
    return wrap(text, width - 2).map((part) => line(alive ? `  ${part}` : ['attention', `  ${part}`]));
  });
}

function silentLines({ instances }: LocalKnowledge, width: number): Line[] {
  const silent = instances.filter(({ heard }) => !heard);
  if (silent.length === 0) return [];
  const names = silent.map(({ name, router }) => `${name} (${router})`).join(', ');
  return wrap(`no advert is heard of ${names}`, width - 2).map((text) => line(['attention', `  ${text}`]));
}

function instanceLines(context: ViewContext, local: LocalInstance, width: number): Line[] {
  const { glyphs } = context;
  const marks = local.agreement.flatMap(({ ok, text }) =>
    wrap(text, width - 4).map((part, i) => {
      const mark: Span = i > 0 ? ' ' : ok ? ['ok', glyphs.ok] : ['attention', '!'];
      return line('  ', mark, ` ${part}`);
    }),
  );
  const asked = local.dumps.length === 0 ? [line(['dim', '  no dump is there; :dump asks for one'])] : [];
  return [roleLine(local), ...marks, ...local.dumps.flatMap((dump) => dumpLines(context, dump, width)), ...asked];
}

function dumpLines(context: ViewContext, dump: LocalInstance['dumps'][number], width: number): Line[] {
  const { kind, file, writtenAt, instance } = dump;
  const { state, priority, effectivePriority, faults, scripts = [], addresses = [], counters = [] } = instance;
  const wall = (context.model.snapshot?.wallTime ?? 0) * 1000 + (context.now - (context.model.snapshot?.takenAt ?? 0));
  const facts = [
    ...(state === undefined ? [] : [`state ${state}`]),
    ...(effectivePriority === undefined ? [] : [`priority ${priority ?? '?'} effective ${effectivePriority}`]),
    ...(faults === undefined || faults === 0 ? [] : [`${faults} faults`]),
    ...(addresses.length === 0
      ? []
      : [`${addresses.filter(({ set }) => set).length}/${addresses.length} addresses set`]),
    ...scripts.map(({ name, status }) => `script ${name} ${status}`),
  ];
  // Those that never counted tell nothing.
  const counted = counters.filter(([, count]) => count > 0).map(([name, count]) => `${name} ${count}`);
  const head = line('  ', ['strong', kind], ['dim', `  ${file}, ${duration(Math.max(0, wall - writtenAt))} old`]);
  const texts = [facts.join('  '), counted.join('  ')].filter((text) => text !== '');
  return [head, ...texts.flatMap((text) => wrap(text, width - 4)).map((text) => line(`    ${text}`))];
}
