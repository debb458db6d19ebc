// Blocks that do nothing here but are judged as keepalived judges them: virtual servers, BFD sessions, garp groups, mail.
import { type CheckerContext, find, judgeVirtualServer } from './checkers.ts';
import { judgeGlobalLines } from './global-lines.ts';
import type { Report } from './report.ts';
import { judgeWord } from './rules.ts';
import { judgeServerGroup } from './server-groups.ts';
import type { Statement } from './tree.ts';

/** What keepalived's checkers would say: they read the file before the VRRP process does. */
export function judgeCheckers(
  statements: readonly Statement[],
  shared: Omit<CheckerContext, 'trackFiles' | 'sessions'>,
): void {
  const named = (blocks: readonly Statement[]) => new Set(blocks.map(({ words }) => words[0]?.text ?? ''));
  const files = statements.filter((block) => /^(?:vrrp_)?track_file$/.test(block.known.name) && find(block, 'file'));
  const sessions = statements.filter(({ known }) => known.name === 'bfd_instance');
  const context = { ...shared, trackFiles: named(files), sessions: named(sessions) };
  for (const block of statements) {
    if (block.known.name === 'virtual_server') judgeVirtualServer(block, context);
    else if (block.known.name === 'virtual_server_group') judgeServerGroup(block, context.report);
  }
}

/** Judges the first word of every line for which there is a rule. */
export function judgeWords(statements: readonly Statement[], report: Report): void {
  for (const statement of statements) {
    judgeWord(statement, report);
    judgeWords(statement.statements, report);
  }
}

/** Judges the other blocks that `run` does not resolve. */
export function judgeOtherBlocks(statements: readonly Statement[], report: Report): void {
  const before = new Set<string>();
  for (const block of statements) {
    const { name } = block.known;
    if (name === 'global_defs') judgeGlobalLines(block, before, report);
    if (name === 'bfd_instance') judgeBfd(block, report);
    else if (name === 'garp_group') judgeGarpGroup(block, report);
    else if (name === 'global_defs') judgeMail(block, report);
  }
}

function judgeBfd(block: Statement, report: Report): void {
  const name = block.words[0];
  if (name === undefined || find(block, 'neighbor_ip', 'neighbour_ip') !== undefined) return;
  const message = `bfd_instance ${name.text.slice(0, 64)} has no neighbor_ip: it is left out`;
  report.error('missing-address', block.closed ?? name, message);
}

function judgeGarpGroup(block: Statement, report: Report): void {
  if (find(block, 'garp_interval', 'gna_interval') === undefined) {
    report.error('missing-value', block.closed ?? block.keyword, 'this garp_group sets no interval: it is left out');
  }
  const names = new Set<string>();
  for (const { known, words, lines, closed } of block.statements) {
    if (!known.name.startsWith('interface')) continue;
    for (const word of [...words, ...lines.flat()]) {
      if (names.has(word.text)) report.error('duplicate', closed ?? word, `${word.text} is in a garp_group already`);
      names.add(word.text);
    }
  }
}

function judgeMail(block: Statement, report: Report): void {
  const mail = find(block, 'notification_email');
  if (mail === undefined || mail.lines.length > 0) return;
  report.warning('missing-value', mail.closed ?? mail.keyword, 'notification_email holds no address');
}
