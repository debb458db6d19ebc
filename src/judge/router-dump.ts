// keepalived's dump files → what they say of each instance. Text from outside: what is odd is left out, never thrown.
import type { DumpedInstance, DumpKind } from '../observe/local-router.ts';

type Draft = { -readonly [Key in keyof Omit<DumpedInstance, 'addresses'>]: DumpedInstance[Key] } & {
  addresses?: { readonly text: string; readonly set: boolean }[];
};

const READERS: Readonly<Record<DumpKind, (text: string) => DumpedInstance[]>> = {
  data: readData,
  stats: readStats,
  json: readJson,
};

/** The instances of a dump in its order; none when the text is no such dump. */
export function readRouterDump(kind: DumpKind, text: string): readonly DumpedInstance[] {
  return READERS[kind](text).filter(({ name }) => name !== '');
}

// A key begins with no blank: else a long line of blanks would be looked through again from each of them.
const DATA_LINE = /^( *)([^ =(:][^=(:]*?)(?: \(\d+\))? ?[=:] ?(.*)$/;
const STATS_LINE = /^( *)([^ :][^:]*): *(.*)$/;

/** keepalived.data: `   Key = value` under ` VRRP Instance = NAME`; scripts in a section of their own. */
function readData(text: string): DumpedInstance[] {
  const found: Draft[] = [];
  const tracked = new Map<string, string[]>();
  const status = new Map<string, string>();
  let section = '';
  let script = '';
  let list = '';
  for (const line of text.split('\n')) {
    const heading = /^-+< (.+) >-+$/.exec(line);
    if (heading !== null) section = heading[1]!;
    const begins = / VRRP (Instance|Script) = (.*)$/.exec(line);
    if (begins !== null && begins[1] === 'Instance') found.push({ name: begins[2]! });
    else if (begins !== null) script = begins[2]!;
    const [, indent = '', key = '', value = ''] = DATA_LINE.exec(line) ?? [];
    const current = found.at(-1);
    if (section === 'VRRP Scripts' && key === 'Status') status.set(script, value);
    if (section !== 'VRRP Topology' || current === undefined) continue;
    if (indent.length === 3) {
      list = value === '' ? key : '';
      takeFact(current, key, value);
    } else if (list === 'Tracked scripts') {
      const names = tracked.get(current.name) ?? [];
      names.push(line.trim().split(' ', 1)[0]!);
      tracked.set(current.name, names);
    } else if (/^Virtual IP/.test(list) && line.startsWith('     ')) {
      const words = line.trim();
      current.addresses ??= [];
      current.addresses.push({ text: words, set: / set$/.test(words) });
    }
  }
  return found.map((each) => {
    const scripts = (tracked.get(each.name) ?? []).map((name) => ({ name, status: status.get(name) ?? 'unknown' }));
    return scripts.length === 0 ? each : { ...each, scripts };
  });
}

function takeFact(draft: Draft, key: string, value: string): void {
  const number = Number.parseFloat(value);
  const known = Number.isFinite(number);
  if (key === 'State') draft.state = value;
  else if (key === 'Interface') draft.interface = value.split(',', 1)[0]!;
  else if (!known) return;
  else if (key === 'Virtual Router ID') draft.vrid = number;
  else if (key === 'Priority') draft.priority = number;
  else if (key === 'Effective priority') draft.effectivePriority = number;
  else if (key === 'Last transition') draft.lastTransition = number;
  else if (/^Number of (?:interface and track script|tracker|config) faults$/.test(key)) {
    draft.faults = (draft.faults ?? 0) + number;
  }
}

/** keepalived.stats: `VRRP Instance: NAME`, then counters, some under a heading. */
function readStats(text: string): DumpedInstance[] {
  const found: { name: string; counters: (readonly [string, number])[] }[] = [];
  let heading = '';
  for (const line of text.split('\n')) {
    const [, indent = '', key = '', value = ''] = STATS_LINE.exec(line) ?? [];
    if (key === 'VRRP Instance') {
      found.push({ name: value, counters: [] });
      continue;
    }
    if (indent.length === 2) heading = value === '' ? key : '';
    if (/^\d{1,15}$/.test(value))
      found.at(-1)?.counters.push([heading === '' ? key : `${heading}: ${key}`, Number(value)]);
  }
  return found;
}

const STATES = ['INIT', 'BACKUP', 'MASTER', 'FAULT'] as const;

/** keepalived.json: a list, or an object with the list in `vrrp` (2.4). */
function readJson(text: string): DumpedInstance[] {
  const all = parsed(text);
  const list = Array.isArray(all) ? all : fieldsOf(all).vrrp;
  if (!Array.isArray(list)) return [];
  return list.map((each): DumpedInstance => {
    const { data, stats } = fieldsOf(each);
    const facts = fieldsOf(data);
    const number = (key: string): number | undefined => {
      const value = facts[key];
      return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
    };
    const counters = Object.entries(fieldsOf(stats)).flatMap(([key, value]): (readonly [string, number])[] =>
      typeof value === 'number' ? [[key, value]] : [],
    );
    const addresses = (Array.isArray(facts.vips) ? facts.vips : []).flatMap((text: unknown) =>
      typeof text === 'string' ? [{ text, set: / set$/.test(text) }] : [],
    );
    const state = STATES[number('state') ?? -1];
    return defined({
      name: typeof facts.iname === 'string' ? facts.iname : '',
      interface: typeof facts.ifp_ifname === 'string' ? facts.ifp_ifname : undefined,
      vrid: number('vrid'),
      state,
      priority: number('base_priority'),
      effectivePriority: number('effective_priority'),
      lastTransition: number('last_transition'),
      addresses,
      counters,
    });
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

type Loose = { [Key in keyof DumpedInstance]: DumpedInstance[Key] | undefined } & { name: string };

/** Without the fields that are undefined. */
function defined(loose: Loose): DumpedInstance {
  return Object.fromEntries(
    Object.entries(loose).filter(([, value]) => value !== undefined),
  ) as unknown as DumpedInstance;
}
