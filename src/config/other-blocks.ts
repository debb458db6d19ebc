// Blocks that do nothing here but are judged as keepalived judges them: virtual servers, BFD sessions, garp groups, mail.
import { type CheckerContext, find } from './checker-context.ts';
import { judgeVirtualServer } from './checkers.ts';
import { judgeGlobalLines } from './global-lines.ts';
import type { HostFacts } from './host-facts.ts';
import type { Report } from './report.ts';
import { isAddress, judgeWord } from './rules.ts';
import { judgeServerGroup } from './server-groups.ts';
import type { Statement } from './statement.ts';

/** What keepalived's checkers would say: they read the file before the VRRP process does. */
export function judgeCheckers(
  statements: readonly Statement[],
  shared: Omit<CheckerContext, 'trackFiles' | 'sessions'>,
): void {
  const named = (blocks: readonly Statement[]) => new Set(blocks.map(({ words }) => words[0]?.text ?? ''));
  const trackFiles = new Set<string>();
  const sessions = statements.filter(({ known }) => known.name === 'bfd_instance');
  const context = { ...shared, trackFiles, sessions: named(sessions) };
  for (const block of statements) {
    if (block.known.name === 'virtual_server') judgeVirtualServer(block, context);
    else if (block.known.name === 'virtual_server_group') judgeServerGroup(block, context.report);
    else if (/^(?:vrrp_)?track_file$/.test(block.known.name) && find(block, 'file')?.words[0] !== undefined) {
      trackFiles.add(block.words[0]?.text ?? '');
    }
  }
}

/** Judges the first word of every line for which there is a rule. */
export function judgeWords(statements: readonly Statement[], report: Report): void {
  for (const statement of statements) {
    if (statement.ordinary) continue;
    judgeWord(statement, report);
    judgeWords(statement.statements, report);
  }
}

/** Judges the other blocks that `run` does not resolve. */
export function judgeOtherBlocks(statements: readonly Statement[], host: HostFacts | undefined, report: Report): void {
  const before = new Set<string>();
  const paced = new Set<string>();
  for (const block of statements) {
    const { name } = block.known;
    if (name === 'global_defs') judgeGlobalLines(block, before, report);
    if (name === 'bfd_instance') judgeBfd(block, before, report);
    else if (name === 'garp_group') judgeGarpGroup(block, paced, host, report);
    else if (name === 'linkbeat_interfaces') judgeLinkbeat(block, host, report);
    else if (/track_(?:file|process)$/.test(name)) judgeTracked(block, report);
    else if (name === 'vrrp_sync_group') judgeSyncGroup(block, report);
    else if (name === 'global_defs') judgeMail(block, report);
  }
}

function judgeBfd(block: Statement, before: Set<string>, report: Report): void {
  const name = block.words[0];
  if (name === undefined) return;
  const key = `bfd_instance ${name.text}`;
  if (before.has(key)) report.error('duplicate', name, `${key.slice(0, 64)} is defined already`);
  before.add(key);
  if (name.text.length > 31) report.error('out-of-range', name, 'the name of a BFD session has at most 31 characters');
  const weight = find(block, 'weight')?.words[1];
  if (weight !== undefined && !/^(?:no)?reverse$/.test(weight.text)) {
    report.error('unknown-option', weight, "after the weight only 'reverse' may follow");
  }
  const neighbors = block.statements.filter(({ known }) => /^neighbou?r_ip$/.test(known.name));
  judgeHops(block, report);
  if (neighbors.some(({ words: [word] }) => word !== undefined && isAddress(word))) return;
  const message = `bfd_instance ${name.text.slice(0, 64)} has no neighbor_ip: it is left out`;
  report.atEnd('error', 'missing-address', block, message);
}

/** `names`: interfaces that are in a group already. */
function judgeHops(block: Statement, report: Report): void {
  const number = (line: Statement | undefined, most: number, otherwise: number) => {
    const value = Number(line?.words[0]?.text ?? otherwise);
    return value <= most ? value : otherwise;
  };
  const ttl = number(find(block, 'ttl', 'hoplimit'), 255, 255);
  if (number(find(block, 'max_hops'), 255, 0) <= ttl) return;
  report.atEnd('warning', 'out-of-range', block, 'max_hops is above the TTL: that is used');
}

function judgeGarpGroup(block: Statement, names: Set<string>, host: HostFacts | undefined, report: Report): void {
  if (find(block, 'garp_interval', 'gna_interval') === undefined) {
    report.atEnd('error', 'missing-value', block, 'this garp_group sets no interval: it is left out');
  }
  for (const { known, keyword, words, lines, closed } of block.statements) {
    if (!known.name.startsWith('interface')) continue;
    if (known.name === 'interfaces' && lines.length === 0) {
      report.warning('missing-value', closed ?? keyword, 'this list of interfaces is empty');
    }
    for (const word of [...words, ...lines.flat()]) {
      if (host !== undefined && !host.dynamicInterfaces && !host.interfaces.has(word.text)) {
        report.error(
          'no-such-interface',
          closed ?? word,
          `there is no interface ${word.text.slice(0, 64)} on this host`,
        );
      }
      if (names.has(word.text)) report.error('duplicate', closed ?? word, `${word.text} is in a garp_group already`);
      names.add(word.text);
    }
  }
}

function judgeMail(block: Statement, report: Report): void {
  const mail = find(block, 'notification_email');
  if (mail === undefined || mail.lines.length > 0) return;
  report.atEnd('warning', 'missing-value', mail, 'notification_email holds no address');
}

function judgeLinkbeat(block: Statement, host: HostFacts | undefined, report: Report): void {
  for (const [name, ...options] of block.lines) {
    const bad = options.find(({ text }, i) => i > 0 || !/^(?:MII|ETHTOOL|IOCTL)$/.test(text));
    if (host !== undefined && !host.interfaces.has(name!.text)) {
      report.error('no-such-interface', name!, `there is no interface ${name!.text.slice(0, 64)} on this host`);
    } else if (bad !== undefined) report.error('unknown-option', bad, `'${bad.text.slice(0, 64)}' is ignored`);
  }
}

/** track_file and vrrp_track_process: what may stand once, and the words behind a weight. */
function judgeTracked(block: Statement, report: Report): void {
  const seen = new Set<string>();
  for (const { known, keyword, words } of block.statements) {
    if (!/^(?:file|process|weight)$/.test(known.name)) continue;
    const option = known.name === 'weight' ? words[1] : undefined;
    if (seen.has(known.name))
      report.error('duplicate', keyword, `${known.name} was given before: this line is ignored`);
    else if (option !== undefined && !/^(?:no)?reverse$/.test(option.text)) {
      report.error('unknown-option', option, "after the weight only 'reverse' may follow");
    }
    if (words.length > 0) seen.add(known.name);
  }
}

function judgeSyncGroup(block: Statement, report: Report): void {
  const old = find(block, 'global_tracking');
  if (old === undefined) return;
  report.warning('deprecated', old.keyword, 'global_tracking is old: track on the sync group itself');
}
