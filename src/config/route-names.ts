// Names of tables, protocols, scopes, realms and DS fields: those that keepalived knows by itself, and iproute2's files
// (rt_tables, rt_protos, …; iproute_etc_dir, iproute_usr_dir).
import type { SourceReader } from './options.ts';
import type { Statement } from './statement.ts';

const FILES = {
  table: 'rt_tables',
  protocol: 'rt_protos',
  scope: 'rt_scopes',
  realm: 'rt_realms',
  dsfield: 'rt_dsfield',
} as const;
export type NameKind = keyof typeof FILES;

const BUILT_IN: Readonly<Record<NameKind, Readonly<Record<string, number>>>> = {
  table: { default: 253, main: 254, local: 255 },
  protocol: { redirect: 1, kernel: 2, boot: 3, static: 4, ra: 9, zebra: 11, bird: 12, dhcp: 16, keepalived: 18 },
  scope: { global: 0, site: 200, link: 253, host: 254, nowhere: 255 },
  realm: { cosmos: 0 },
  dsfield: {},
};

/** The kernel's limit of each. */
const MOST: Readonly<Record<NameKind, number>> = {
  table: 0xffff_ffff,
  protocol: 255,
  scope: 255,
  realm: 0xffff,
  dsfield: 255,
};

export interface RouteNames {
  /** The number that a name or a number stands for; undefined when it is neither. */
  resolve(kind: NameKind, text: string): number | undefined;
}

/** Reads a file only when a name asks for it. A later directory adds to an earlier one, which wins. */
export function routeNames(files: SourceReader | undefined, directories: readonly string[]): RouteNames {
  const known = new Map<NameKind, ReadonlyMap<string, number>>();
  const read = (kind: NameKind): ReadonlyMap<string, number> => {
    const names = new Map<string, number>();
    for (const directory of directories) {
      const path = `${directory}/${FILES[kind]}`;
      const more = files?.list(`${path}.d/*.conf`, '/').map((match) => match.path) ?? [];
      for (const each of [path, ...more]) addNames(files?.read(each)?.text ?? '', names);
    }
    return names;
  };
  return {
    resolve(kind, text) {
      const value = numberOf(text) ?? BUILT_IN[kind][text] ?? lookUp(known, kind, read).get(text);
      return value === undefined || value > MOST[kind] ? undefined : value;
    },
  };
}

function lookUp(
  known: Map<NameKind, ReadonlyMap<string, number>>,
  kind: NameKind,
  read: (kind: NameKind) => ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const names = known.get(kind) ?? read(kind);
  known.set(kind, names);
  return names;
}

/** Lines of a number and a name; `#` starts a comment. */
function addNames(text: string, names: Map<string, number>): void {
  for (const line of text.split('\n')) {
    const match = /^\s*(0x[0-9a-f]+|\d+)\s+([^\s#]+)/i.exec(line);
    if (match !== null && !names.has(match[2]!)) names.set(match[2]!, Number(match[1]));
  }
}

/** A number as C writes it: decimal or 0x. */
export function numberOf(text: string): number | undefined {
  return /^(?:0x[0-9a-f]+|\d+)$/i.test(text) && Number(text) <= 0xffff_ffff ? Number(text) : undefined;
}

/** Where iproute2 keeps its files: what global_defs says, wherever it stands, or its own places. */
export function iprouteDirectories(statements: readonly Statement[]): readonly string[] {
  const said = (name: string): string | undefined =>
    statements
      .flatMap((block) => (block.known.name === 'global_defs' ? block.statements : []))
      .findLast(({ known }) => known.name === name)?.words[0]?.text;
  return [said('iproute_etc_dir') ?? '/etc/iproute2', said('iproute_usr_dir') ?? '/usr/share/iproute2'];
}
