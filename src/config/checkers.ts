// Virtual servers and their real servers: nothing of it is run here, all of it is judged as keepalived does.
import { type CheckerContext, familyOf, find, reportInsecure } from './checker-context.ts';
import { judgeChecker } from './health-checks.ts';
import { knowsUser } from './judge-host.ts';
import type { Report } from './report.ts';
import { isAddress } from './rules.ts';
import type { Statement, Word } from './statement.ts';
import { didYouMean, readInteger } from './values.ts';

/** Judges a virtual_server with all it holds. */
export function judgeVirtualServer(block: Statement, context: CheckerContext): void {
  const { report } = context;
  const [first, port] = block.words;
  if (first === undefined) return;
  const servers = block.statements.filter(({ known, words }) => known.name === 'real_server' && words.length > 0);
  // Without real servers nothing of it is run, whatever its scripts are.
  const runs = servers.some((server) => isOfFamily(server, block));
  for (const [index, statement] of block.statements.entries()) {
    if (statement.known.name === 'real_server') judgeRealServer(statement, block, context);
    else judgeServerLine(statement, index, block, report);
    judgeCommand(statement, runs ? context : { ...context, secure: true });
  }
  reportRepeated(block, ['quorum_up', 'quorum_down'], report);
  judgeSorryFamily(block, report);
  judgeWhole(block, servers, first, port, report);
}

function judgeSorryFamily(block: Statement, report: Report): void {
  const sorry = find(block, 'sorry_server');
  const family = familyOf(block);
  const method = find(block, 'lvs_method', 'lb_kind')?.words[0]?.text;
  if (family === undefined || !isSorry(sorry) || familyOf(sorry) === family || method === 'TUN') return;
  const message = 'the sorry server is of another address family than the virtual server: it is left out';
  report.atEnd('error', 'invalid-address', block, message);
}

/** What keepalived says of the virtual server when the file has been read, without a line. */
function judgeWhole(
  block: Statement,
  servers: readonly Statement[],
  first: Word,
  port: Word | undefined,
  report: Report,
): void {
  const whole = (message: string) => report.warning('no-effect', first, message, { whole: true });
  if (servers.length === 0) {
    report.info('missing-value', first, 'a virtual server without real servers is left out', { whole: true });
    return;
  }
  const isAddressed = first.text !== 'fwmark' && first.text !== 'group';
  const protocol = find(block, 'protocol');
  if (first.text === 'fwmark' && protocol !== undefined) whole('a fwmark has no protocol: it is ignored');
  if (find(block, 'ops') !== undefined && protocol !== undefined && protocol.words[0]?.text.toUpperCase() !== 'UDP') {
    whole('ops is for UDP only: it is ignored');
  }
  if (isAddressed && protocol === undefined) whole('no protocol is set: UDP is used');
  if (
    isAddressed &&
    Number(port?.text ?? 0) === 0 &&
    find(block, 'persistence_timeout', 'persistence_granularity') === undefined
  ) {
    whole('without a port the service has to be persistent: it is made so');
  }
  if (find(block, 'lvs_sched', 'lb_algo') === undefined) whole('no scheduler is set: wlc is used');
  const method = find(block, 'lvs_method', 'lb_kind');
  const methods = servers.map((server) => find(server, 'lvs_method'));
  if (method === undefined && methods.some((own) => own === undefined))
    whole('no forwarding method is set: NAT is used');
  const forwards = (own: Statement | undefined) => (own ?? method)?.words[0]?.text ?? 'NAT';
  const seen = new Set<string>();
  const sorry = find(block, 'sorry_server');
  for (const [index, server] of servers.entries()) {
    const [address, own] = server.words;
    const differs = isAddressed && own !== undefined && port !== undefined && Number(own.text) !== Number(port.text);
    if (differs && forwards(methods[index]) !== 'NAT') {
      whole(`the port of real_server ${address!.text} has to be that of the virtual server: it is set so`);
    }
    const key = `${address!.text} ${own?.text ?? ''}`;
    if (seen.has(key)) whole(`real_server ${key} is there twice: the second is left out`);
    seen.add(key);
    const isSorry =
      sorry !== undefined &&
      sorry.words
        .map(({ text }) => text)
        .join(' ')
        .trim() === key.trim();
    const inhibits = find(server, 'inhibit_on_failure') !== undefined;
    if (isSorry && inhibits !== (find(block, 'sorry_server_inhibit') !== undefined)) {
      whole(`real_server ${key} is the sorry server too, but inhibits otherwise`);
    }
  }
  judgeQuorum(block, servers, whole);
}

function judgeQuorum(block: Statement, servers: readonly Statement[], whole: (message: string) => void): void {
  const word = find(block, 'quorum')?.words[0];
  const quorum = word !== undefined && /^\+?[1-9]\d*$/.test(word.text) ? Number(word.text) : 1;
  const hysteresis = Number(find(block, 'hysteresis')?.words[0]?.text ?? 0);
  if (hysteresis >= quorum) whole(`hysteresis ${hysteresis} has to be below the quorum ${quorum}: it is set so`);
  const weights = servers.map((server) => Number(find(server, 'weight')?.words[0]?.text ?? 1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (quorum > total)
    whole(`the quorum ${quorum} exceeds the total weight ${total} of the real servers: it is reduced`);
}

function judgeServerLine(statement: Statement, index: number, block: Statement, report: Report): void {
  const { name } = statement.known;
  const [word, second] = statement.words;
  const above = (...names: readonly string[]) => {
    const before = block.statements.slice(0, index);
    return before.findLast(({ known }) => names.includes(known.name));
  };
  const scheduler = name === 'hashed' ? 'sh' : /^(sh|mh)-/.exec(name)?.[1];
  if (scheduler !== undefined && above('lvs_sched', 'lb_algo')?.words[0]?.text !== scheduler) {
    report.error('no-effect', statement.keyword, `${name} is for the scheduler ${scheduler} only; it is ignored`);
  } else if (name === 'sorry_server_inhibit' && !isSorry(above('sorry_server'))) {
    report.error('no-effect', statement.keyword, 'sorry_server has to stand above its sorry_server_inhibit');
  }
  if (word === undefined) return;
  const isV6 = familyOf(block) === 6;
  if (name === 'lvs_method' || name === 'lb_kind') judgeMethod(statement, report);
  else if (name === 'ip_family' && familyOf(block) !== undefined && (word.text === 'inet6') !== isV6) {
    report.error('invalid-value', word, 'the address of the virtual server is of another family');
  } else if (name === 'persistence_granularity' && isV6) {
    readInteger(word, name, { min: 1, max: 128 }, 'it is ignored', report);
  } else if (name === 'persistence_granularity' && !isMask(word.text)) {
    report.error('invalid-value', word, 'persistence_granularity has to be an IPv4 netmask; it is ignored');
  } else if (name === 'snmp_name' && second !== undefined) {
    report.error('extra-words', second, 'snmp_name takes one word; the line is ignored');
  } else if (name === 'sorry_server') judgeSorryServer(word, second, report);
}

/** As inet_aton has it: one to four numbers. */
function isMask(text: string): boolean {
  return /^(?:0x[0-9a-f]+|\d+)(?:\.(?:0x[0-9a-f]+|\d+)){0,3}$/i.test(text);
}

/** Is this a line that sets a sorry server? */
function isSorry(line: Statement | undefined): line is Statement {
  const [address, port] = line?.words ?? [];
  return address !== undefined && isAddress(address) && (port === undefined || /^\+?\d{1,5}$/.test(port.text));
}

function judgeSorryServer(address: Word, port: Word | undefined, report: Report): void {
  const ignored = 'the sorry server is left out';
  if (port !== undefined && readInteger(port, 'a port', { min: 0, max: 65_535 }, ignored, report) === undefined) return;
  if (!isAddress(address)) {
    report.error('invalid-address', address, `'${address.text.slice(0, 64)}' is not an IP address; ${ignored}`);
  }
}

function judgeMethod(statement: Statement, report: Report): void {
  const [word, type, kind, ...rest] = statement.words;
  if (word === undefined) return;
  if (!/^(?:NAT|DR|TUN)$/.test(word.text)) {
    const message = `unknown forwarding method '${word.text.slice(0, 64)}': the line is ignored`;
    report.error('invalid-value', word, message, {
      hint: () => didYouMean(word.text, ['NAT', 'DR', 'TUN']) ?? 'it is NAT, DR or TUN',
    });
  } else if (type !== undefined && (word.text !== 'TUN' || type.text !== 'type')) {
    report.error('unknown-option', type, `'${type.text.slice(0, 64)}' after the forwarding method is ignored`);
  } else if (type !== undefined) judgeTunnel(type, kind, rest, report);
}

function judgeTunnel(type: Word, kind: Word | undefined, rest: readonly Word[], report: Report): void {
  if (kind === undefined) {
    report.error('missing-value', type, 'type needs ipip, gue or gre after it');
    return;
  }
  if (!/^(?:ipip|gue|gre)$/.test(kind.text)) {
    report.error('invalid-value', kind, 'a tunnel is ipip, gue or gre: the line is ignored');
    return;
  }
  const odd = rest.find(
    ({ text }, index) => !/^(?:port|(?:no|rem)?csum)$/.test(text) && rest[index - 1]?.text !== 'port',
  );
  if (odd !== undefined) report.error('unknown-option', odd, `'${odd.text.slice(0, 64)}' is no option of a tunnel`);
  const at = rest.findIndex(({ text }) => text === 'port');
  const port = rest[at + 1];
  if ((kind.text === 'gue') !== at >= 0)
    report.error('missing-value', kind, 'gue tunnels need a port, others have none');
  else if (at >= 0 && port !== undefined) {
    readInteger(port, 'port', { min: 1, max: 65_535 }, 'the line is ignored', report);
  }
}

function judgeRealServer(server: Statement, block: Statement, context: CheckerContext): void {
  const { report } = context;
  for (const statement of server.statements) {
    judgeCommand(statement, context);
    if (statement.known.name === 'lvs_method') judgeMethod(statement, report);
    else if (statement.known.name === 'snmp_name' && statement.words[1] !== undefined) {
      report.error('extra-words', statement.words[1], 'snmp_name takes one word; the line is ignored');
    } else if (statement.known.shape === 'block') judgeChecker(statement, server, context);
  }
  reportRepeated(server, ['notify_up', 'notify_down'], report);
  if (isOfFamily(server, block)) return;
  const message = 'the virtual server is of another address family: the real server is left out';
  report.atEnd('error', 'invalid-address', server, message);
}

/** Only a tunnel leads to a server of another address family. */
function isOfFamily(server: Statement, block: Statement): boolean {
  const family = familyOf(block);
  const method = (find(server, 'lvs_method') ?? find(block, 'lvs_method', 'lb_kind'))?.words[0]?.text;
  return family === undefined || familyOf(server) === family || method === 'TUN';
}

function reportRepeated(block: Statement, names: readonly string[], report: Report): void {
  for (const name of names) {
    for (const again of block.statements.filter(({ known }) => known.name === name).slice(1)) {
      report.error('duplicate', again.keyword, `${name} was given before: this line is ignored`);
    }
  }
}

const COMMANDS: ReadonlySet<string> = new Set(['notify_up', 'notify_down', 'quorum_up', 'quorum_down']);

/** Scripts: whom they run as, and that nothing says that they are safe. */
function judgeCommand({ known, keyword, words: [command, user] }: Statement, context: CheckerContext): void {
  if (!COMMANDS.has(known.name) || command === undefined) return;
  const { report, noUser } = context;
  if (user !== undefined && context.host !== undefined && !knowsUser(user.text, undefined, context.host)) return;
  if (noUser && user === undefined) {
    report.once('no-such-user', keyword, 'this script has no user to run as on this host');
  } else reportInsecure(command, context);
}
