// Words that keepalived reads past: seldom what the writer meant, so they are pointed at.
import { KNOWN_KEYWORDS, type KnownKeyword, UNKNOWN } from './known-keywords.ts';
import type { Report } from './report.ts';
import type { Statement, Word } from './statement.ts';
import { isSupported } from './support.ts';

/** Words that a supported line takes, where it is not one. Left out: lines whose readers look at every word. */
const TAKES: ReadonlyMap<string, number> = new Map([
  ['accept', 0],
  ['no_accept', 0],
  ['preempt', 0],
  ['nopreempt', 0],
  ['init_fail', 0],
  ['enable_script_security', 0],
  ['script_user', 2],
  ['user', 2],
  ['vrrp_iptables', 2],
  ['weight', 2],
  ['use_vmac', Number.POSITIVE_INFINITY],
  ['use_ipvlan', Number.POSITIVE_INFINITY],
  ['use_vmac_addr', 0],
  ['vmac_xmit_base', 0],
  ['nftables_counters', 0],
  ['disable_local_igmp', 0],
  ['vrrp_cpu_affinity', Number.POSITIVE_INFINITY],
  ['garp_extra_if', 2],
  ['vmac_garp_intvl', 2],
  ['vrrp_garp_extra_if', 2],
  ['vrrp_vmac_garp_intvl', 2],
  ['key', 2],
  ['include_check', Number.POSITIVE_INFINITY],
  ['umask', Number.POSITIVE_INFINITY],
]);

/** Is any word after this keyword one too many? */
export function takesNoWord({ name }: KnownKeyword): boolean {
  return TAKES.get(name) === 0;
}

/** Points at words after the last one that counts. keepalived calls them an error only before a block of free lines. */
export function reportExtraWords(statement: Statement, report: Report): void {
  const { known, words, context } = statement;
  if (statement.ordinary) return;
  if (words.length + statement.statements.length === 0) return;
  if (known === UNKNOWN || !isSupported(statement)) return;
  if (known.shape === 'lines' && words[0] !== undefined) {
    report.error('extra-words', words[0], `between ${known.name} and its { nothing may stand`);
  } else if (known.shape === 'line') {
    if (known.command) reportCommandWords(statement, report);
    else {
      const extra = words[TAKES.get(known.name) ?? 1];
      if (extra !== undefined) reportExtraWord(extra, known.name, context, report);
    }
  }
  for (const inner of statement.statements) reportExtraWords(inner, report);
}

function reportExtraWord(extra: Word, name: string, context: string, report: Report): void {
  const isKeyword = KNOWN_KEYWORDS.get(context)?.has(extra.text) ?? false;
  const hint = isKeyword ? 'write each keyword on a line of its own' : undefined;
  // What follows auth_pass is a part of the secret.
  const what = name === 'auth_pass' || name === 'key' ? 'this' : `'${extra.text.slice(0, 64)}'`;
  const message = `${what} is ignored: ${name} reads no more words`;
  report.info('extra-words', extra, message, { hint });
}

/** What getpwnam could know. */
const USER_NAME = /^[A-Za-z_][A-Za-z0-9_.-]*\$?$/;

function reportCommandWords({ known, words }: Statement, report: Report): void {
  const [command, second, third] = words;
  if (command === undefined || second === undefined) return;
  const hint = 'put the whole command in double quotes';
  if (known.name === 'script') {
    report.info('extra-words', second, `only '${command.text.slice(0, 64)}' is run: the words after it are ignored`, {
      hint,
    });
    return;
  }
  const odd = [second, third].find((word) => word !== undefined && !USER_NAME.test(word.text));
  if (odd === undefined && words.length <= 3) return;
  const message = 'the words after a command are the user and group to run it as, not its arguments';
  report.info('extra-words', odd ?? words[3]!, message, { hint });
}
