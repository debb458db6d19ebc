// Blocks that do nothing here but are judged as keepalived judges them: BFD sessions, virtual servers, garp groups, mail.
import type { HostFacts } from './host-facts.ts';
import { judgeUser } from './judge-host.ts';
import type { Report } from './report.ts';
import type { Statement } from './tree.ts';
import { readInteger } from './values.ts';
import { splitCommand } from './words.ts';

interface Judge {
  readonly report: Report;
  readonly host: HostFacts | undefined;
  /** Checker scripts have no user to run as. */
  readonly noUser: boolean;
  /** enable_script_security. */
  readonly secure: boolean;
}

/** Judges every block of the file that `run` does not resolve. */
export function judgeOtherBlocks(statements: readonly Statement[], judge: Judge): void {
  for (const block of statements) {
    const { name } = block.known;
    if (name === 'bfd_instance') judgeBfd(block, judge.report);
    else if (name === 'garp_group') judgeGarpGroup(block, judge.report);
    else if (name === 'virtual_server') judgeVirtualServer(block, judge);
    else if (name === 'global_defs') judgeMail(block, judge.report);
  }
}

function find(block: Statement, ...names: readonly string[]): Statement | undefined {
  return block.statements.findLast(({ known }) => names.includes(known.name));
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

function judgeVirtualServer(block: Statement, judge: Judge): void {
  const { report, noUser } = judge;
  const [first, port] = block.words;
  if (first === undefined) return;
  const whole = (message: string) => report.warning('no-effect', first, message, { whole: true });
  const isAddress = first.text !== 'fwmark' && first.text !== 'group';
  const protocol = find(block, 'protocol');
  if (first.text === 'fwmark' && protocol !== undefined) whole('a fwmark has no protocol: it is ignored');
  if (isAddress && protocol === undefined) whole('no protocol is set: UDP is used');
  if (find(block, 'lvs_sched', 'lb_algo') === undefined) whole('no scheduler is set: wlc is used');
  const method = find(block, 'lvs_method', 'lb_kind');
  const servers = block.statements.filter(({ known }) => known.name === 'real_server');
  const methods = servers.map((server) => find(server, 'lvs_method'));
  if (method === undefined && methods.some((own) => own === undefined))
    whole('no forwarding method is set: NAT is used');
  const forwards = (own: Statement | undefined) => (own ?? method)?.words[0]?.text ?? 'NAT';
  servers.forEach((server, index) => {
    const own = server.words[1];
    const differs = isAddress && own !== undefined && port !== undefined && Number(own.text) !== Number(port.text);
    if (differs && forwards(methods[index]) !== 'NAT') {
      whole(`the port of real_server ${server.words[0]!.text} has to be that of the virtual server: it is set so`);
    }
  });
  judgeQuorum(block, servers, whole, report);
  judgePersistence(block, report);
  for (const own of [method, ...methods]) judgeMethod(own, report);
  for (const holder of noUser ? [] : [block, ...servers]) {
    for (const name of ['notify_up', 'notify_down', 'quorum_up', 'quorum_down'])
      judgeCommand(find(holder, name), judge);
  }
  for (const server of servers) for (const checker of server.statements) judgeChecker(checker, judge);
}

function judgePersistence(block: Statement, report: Report): void {
  const word = find(block, 'persistence_timeout')?.words[0];
  if (word !== undefined) readInteger(word, 'persistence_timeout', { min: 1, max: 2_678_400 }, 'it is ignored', report);
}

function judgeMethod(statement: Statement | undefined, report: Report): void {
  const word = statement?.words[0];
  if (word === undefined || /^(?:NAT|DR|TUN)$/.test(word.text)) return;
  const message = `unknown forwarding method '${word.text.slice(0, 64)}': the line is ignored`;
  report.error('invalid-value', word, message, { hint: 'it is NAT, DR or TUN' });
}

function judgeQuorum(
  block: Statement,
  servers: readonly Statement[],
  whole: (message: string) => void,
  report: Report,
): void {
  const word = find(block, 'quorum')?.words[0];
  if (word === undefined) return;
  const quorum = readInteger(word, 'quorum', { min: 1, max: 4_294_967_295 }, '1 is used', report) ?? 1;
  const weights = servers.map((server) => Number(find(server, 'weight')?.words[0]?.text ?? 1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (quorum > total)
    whole(`the quorum ${quorum} exceeds the total weight ${total} of the real servers: it is reduced`);
}

/** Scripts of checkers that would run although nothing says that they are safe. */
function judgeCommand(statement: Statement | undefined, { report, host, secure }: Judge): void {
  const program = splitCommand(statement?.words[0]?.text ?? '')?.[0];
  if (!secure && program !== undefined && host?.canRun(program)) report.insecureScripts();
}

function judgeChecker(checker: Statement, judge: Judge): void {
  const { report, host, noUser } = judge;
  judgeCommand(noUser ? undefined : find(checker, 'misc_path'), judge);
  const retry = find(checker, 'nb_get_retry');
  if (retry !== undefined) {
    report.warning('deprecated', retry.keyword, "nb_get_retry is an old spelling: use 'retry'");
  }
  if (checker.known.name !== 'MISC_CHECK') return;
  const user = find(checker, 'user');
  if (user !== undefined) judgeUser(user.words, host, report);
  else if (noUser && find(checker, 'misc_path') !== undefined) {
    const message = 'this script has no user to run as on this host: the checker is left out';
    report.error('no-such-user', checker.closed ?? checker.keyword, message);
  }
}
