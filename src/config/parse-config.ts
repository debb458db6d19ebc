// keepalived.conf as text to the resolved configuration: the stages in order, nothing else.
import type { NodeConfig } from '../engine/config.ts';
import type { Diagnostic } from './diagnostic.ts';
import { reportExtraWords } from './extra-words.ts';
import { resolveGlobals } from './globals.ts';
import { lacksScriptUser, resolveInstances } from './instances.ts';
import { judgeNamespace, judgeScripts } from './judge-host.ts';
import { resolveLinkDelays } from './link-delays.ts';
import type { ParseOptions } from './options.ts';
import { judgeCheckers, judgeOtherBlocks, judgeWords } from './other-blocks.ts';
import { resolvePacing } from './pacing.ts';
import { splitPieces } from './pieces.ts';
import { policyReader } from './policy-blocks.ts';
import { preprocess } from './preprocess.ts';
import { Report } from './report.ts';
import { reportMissingWords } from './required-words.ts';
import type { Statement } from './statement.ts';
import { resolveStatics } from './statics.ts';
import { reportSupport } from './support.ts';
import { TreeBuilder } from './tree.ts';

export interface ParseResult {
  readonly config: NodeConfig;
  /** What stands in the file and in what it includes, definitions and sequences expanded. */
  readonly statements: readonly Statement[];
  /** In the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
  /** What `keepalived -t` would exit with for the part that is judged: 0 clean, 2 a word is missing, 5 anything else. */
  readonly exitCode: 0 | 2 | 5 | 6;
  /** keepalived's VRRP process would end at once: this configuration cannot run. */
  readonly fatal: boolean;
}

/**
 * Reads one file's text and, through `options.files`, what it includes. Never throws; time and memory are linear in the
 * length of the text and bounded in what definitions, sequences and includes make of it.
 */
export function parseConfig(text: string, file: string, options: ParseOptions = {}): ParseResult {
  const report = new Report();
  const tree = new TreeBuilder(report);
  preprocess(text, file, options, report, (line) => {
    for (const piece of splitPieces(line)) tree.take(piece);
  });
  const statements = tree.finish();
  const config = resolve(statements, options, report);
  return { config, statements, diagnostics: report.list(), exitCode: report.exitCode, fatal: report.fatal };
}

function resolve(statements: readonly Statement[], { host, files }: ParseOptions, report: Report): NodeConfig {
  for (const statement of statements) reportSupport(statement, report);
  for (const statement of statements) reportExtraWords(statement, report);
  reportMissingWords(statements, report);
  judgeWords(statements, report);
  const globals = resolveGlobals(statements, host, report);
  const dynamicInterfaces = statements.some(
    ({ known, statements: lines }) =>
      known.name === 'global_defs' && lines.some((line) => line.known.name === 'dynamic_interfaces'),
  );
  const facts = host === undefined ? undefined : { ...host, dynamicInterfaces };
  const secure = globals.config.enableScriptSecurity;
  // Of a script_user that is none keepalived speaks once, at its own line.
  if (globals.noUser) report.noteSaid('no-such-user');
  judgeCheckers(statements, { report, host: facts, noUser: lacksScriptUser(globals, facts), secure });
  const policy = policyReader(statements, files, facts);
  const statics = resolveStatics(statements, globals, policy, report);
  const resolved = resolveInstances(statements, globals, facts, policy, report);
  const pacing = resolvePacing(statements, globals.garp, report);
  const linkDelays = resolveLinkDelays(statements, resolved.instances, facts, report);
  const config = {
    globals: globals.config,
    ...resolved,
    ...statics,
    ...(pacing !== undefined && { pacing }),
    ...(linkDelays !== undefined && { linkDelays }),
  };
  judgeScripts(config, statements, host, report);
  judgeOtherBlocks(statements, facts, report);
  judgeNamespace(statements, host, report);
  return config;
}
