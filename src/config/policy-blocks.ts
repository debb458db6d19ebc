// Blocks of routes and of rules: every line judged (routes.ts), and read as far as it is good.
import type { RouteSpec, RuleSpec } from '../wire/route.ts';
import type { HostFacts } from './host-facts.ts';
import type { SourceReader } from './options.ts';
import type { Report } from './report.ts';
import { readRoute } from './route-line.ts';
import { iprouteDirectories, type RouteNames, routeNames } from './route-names.ts';
import { judgeRoutes, judgeRules, type PolicyContext } from './routes.ts';
import { FIRST_PREFERENCE, readRule } from './rule-line.ts';
import type { Statement, Word } from './statement.ts';

/** What lines of one file have in common. */
export interface PolicyReader {
  readonly names: RouteNames;
  /** The preference of the next rule that names none. */
  readonly preference: () => number;
  /** Names of the track_group blocks. */
  readonly groups: ReadonlySet<string>;
  readonly host: HostFacts | undefined;
}

export function policyReader(
  statements: readonly Statement[],
  files: SourceReader | undefined,
  host: HostFacts | undefined,
): PolicyReader {
  const blocks = statements.filter(({ known }) => known.name === 'track_group');
  const groups = new Set(blocks.map(({ words }) => words[0]?.text ?? ''));
  let next = FIRST_PREFERENCE;
  return { names: routeNames(files, iprouteDirectories(statements)), preference: () => next--, groups, host };
}

/** `virtual_routes`, `static_routes`. */
export function readRoutes(block: Statement, reader: PolicyReader, report: Report): readonly RouteSpec[] {
  const { names } = reader;
  judgeRoutes(block, contextOf(block, reader, report));
  return block.lines.flatMap((line) => {
    const route = readRoute(line, names);
    if (route === undefined) reportLeftOut(line, 'route', report);
    if (typeof route !== 'string') return route ?? [];
    report.info('not-yet-supported', line[0]!, `${route} is not yet supported`, { blocking: true });
    return [];
  });
}

/** `virtual_rules`, `static_rules`. */
export function readRules(block: Statement, reader: PolicyReader, report: Report): readonly RuleSpec[] {
  const { names, preference } = reader;
  judgeRules(block, contextOf(block, reader, report));
  return block.lines.flatMap((line) => {
    const rule = readRule(line, names, preference);
    if (rule === undefined) reportLeftOut(line, 'rule', report);
    return rule ?? [];
  });
}

/** Nothing is left out without a word. */
function reportLeftOut([first]: readonly Word[], what: string, report: Report): void {
  if (report.isNamed(first!.line)) return;
  const message = `this line cannot be understood as a ${what}: it is left out`;
  report.info('invalid-value', first!, message, { blocking: true });
}

function contextOf({ known }: Statement, { names, groups, host }: PolicyReader, report: Report): PolicyContext {
  return { names, host, report, groups: known.name.startsWith('static_') ? groups : undefined };
}
