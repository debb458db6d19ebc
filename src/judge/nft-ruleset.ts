// The answer of `nft -j list ruleset` as chains, rules and sets, and a rule in words.

export interface Chain {
  readonly family: string;
  readonly table: string;
  readonly name: string;
  readonly hook: string | undefined;
  /** Interfaces of a chain at the ingress; empty: nft does not tell (1.0.6). */
  readonly devices: readonly string[];
  readonly priority: number;
  readonly policy: string;
  readonly rules: readonly Rule[];
}

export interface Rule {
  readonly handle: number;
  readonly expr: readonly Json[];
}

export interface Ruleset {
  readonly chains: readonly Chain[];
  readonly sets: ReadonlyMap<string, Json>;
}

export type Json = unknown;

export function chainText({ family, table, name }: Chain): string {
  return `${family} ${table} ${name}`;
}

/** `rule 4 of chain inet filter input: meta l4proto vrrp drop`. */
export function ruleText(chain: Chain, { handle, expr }: Rule): string {
  return `rule ${handle} of chain ${chainText(chain)}: ${expr.map(expressionText).filter(Boolean).join(' ')}`;
}

function expressionText(expression: Json): string {
  const [kind, body] = Object.entries(record(expression))[0] ?? ['', undefined];
  if (kind === 'match') {
    const { left, op, right } = record(body);
    const sign = op === '==' || op === 'in' ? '' : `${String(op)} `;
    return `${leftText(left)} ${sign}${valueText(right)}`;
  }
  return kind === 'counter' ? '' : kind;
}

function leftText(left: Json): string {
  const { meta, payload, ct } = record(left);
  if (meta !== undefined) return `meta ${record(meta).key}`;
  if (payload !== undefined) return `${record(payload).protocol} ${record(payload).field}`;
  return ct === undefined ? JSON.stringify(left) : `ct ${record(ct).key}`;
}

function valueText(value: Json): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return value.map(valueText).join(',');
  const { prefix, range, set } = record(value);
  if (prefix !== undefined) return `${record(prefix).addr}/${record(prefix).len}`;
  if (Array.isArray(range)) return range.map(valueText).join('-');
  return Array.isArray(set) ? `{ ${set.map(valueText).join(', ')} }` : JSON.stringify(value);
}

export function chainNamed({ chains }: Ruleset, { family, table }: Chain, name: Json): Chain | undefined {
  return chains.find((chain) => chain.family === family && chain.table === table && chain.name === name);
}

/** Anything that is no ruleset is an empty one. */
export function readRuleset(json: unknown): Ruleset {
  const list = record(json).nftables;
  const items = Array.isArray(list) ? list.map(record) : [];
  const rules = items.flatMap(({ rule }) => (rule === undefined ? [] : [record(rule)]));
  const chains = items.flatMap(({ chain }) => {
    if (chain === undefined) return [];
    const { family, table, name, hook, prio, policy, dev } = record(chain);
    const own = rules.filter((rule) => rule.family === family && rule.table === table && rule.chain === name);
    return [
      {
        family: String(family),
        table: String(table),
        name: String(name),
        hook: typeof hook === 'string' ? hook : undefined,
        devices: dev === undefined ? [] : [dev].flat().map(String),
        priority: typeof prio === 'number' ? prio : 0,
        policy: typeof policy === 'string' ? policy : 'accept',
        rules: own.map(({ handle, expr }) => ({ handle: Number(handle), expr: Array.isArray(expr) ? expr : [] })),
      },
    ];
  });
  const sets = items.flatMap(({ set }): [string, Json][] => {
    if (set === undefined) return [];
    const { family, table, name, elem } = record(set);
    return [[`${family} ${table} ${name}`, elem ?? []]];
  });
  return { chains, sets: new Map(sets) };
}

/** Anything that is no object is an empty one. */
export function record(value: Json): Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, Json>>) : {};
}
