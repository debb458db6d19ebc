// Lines of global_defs that have no effect here and take more than one word, judged as keepalived 2.2.7 does.
import { isMulticast, parseAddress } from '../wire/address.ts';
import type { Report } from './report.ts';
import { isAddress } from './rules.ts';
import type { Statement, Word } from './statement.ts';
import { readInteger } from './values.ts';

type Judge = (statement: Statement, before: ReadonlySet<string>, report: Report) => void;

/** Judges the lines of one global_defs block; `before` collects the keywords that were there already. */
export function judgeGlobalLines(block: Statement, before: Set<string>, report: Report): void {
  for (const statement of block.statements) {
    JUDGES[statement.known.name]?.(statement, before, report);
    before.add(statement.known.name);
  }
}

const once: Judge = ({ known, keyword }, before, report) => {
  if (before.has(known.name))
    report.error('duplicate', keyword, `${known.name} was given before: this line is ignored`);
};

const JUDGES: Readonly<Record<string, Judge>> = {
  vrrp_ipsets: ({ keyword }, _, report) => {
    const message = 'vrrp_ipsets: keepalived as packaged today is built without ipsets and uses nftables';
    report.error('deprecated', keyword, message, { hint: "write 'nftables' in place of it" });
  },
  notify_fifo: once,
  notify_fifo_script: once,
  vrrp_notify_fifo: once,
  vrrp_notify_fifo_script: once,
  lvs_notify_fifo: once,
  lvs_notify_fifo_script: once,
  vrrp_garp_extra_if: needsSeconds,
  vrrp_vmac_garp_intvl: needsSeconds,
  smtp_connect_timeout: ({ words: [word] }, _, report) => {
    if (word?.text === '0')
      report.warning('out-of-range', word, 'smtp_connect_timeout has to be more than 0: 1 is used');
  },
  vrrp_rx_bufs_multiplier: oneWord,
  include_check: ({ words }, _, report) => {
    for (const word of words) {
      if (!INCLUDE_CHECKS.has(word.text.replace(/^[+-]/, ''))) {
        report.error('invalid-value', word, `unknown include_check '${word.text.slice(0, 64)}': it is ignored`);
      }
    }
  },
  nftables: ({ keyword }, before, report) => {
    if (!before.has('nftables') && !before.has('vrrp_iptables')) return;
    report.error('duplicate', keyword, 'nftables was given before: this line is ignored');
  },
  smtp_server: ({ words: [server, port] }, _, report) => {
    if (server === undefined) return;
    const isPort = port === undefined || readInteger(port, 'a port', { min: 1, max: 65_535 }, 'it is ignored', report);
    if (
      isPort !== undefined &&
      !isAddress(server) &&
      !/^\d+(?:\.\d+)*$/.test(server.text) &&
      !isHostName(server.text)
    ) {
      report.error('invalid-address', server, 'there is no such mail server; the line is ignored');
    }
  },
  snmp_socket: oneWord,
  reload_time_file: oneWord,
  lvs_timeouts: ({ keyword, words }, _, report) => {
    if (words.length < 2) {
      report.error('missing-value', keyword, 'lvs_timeouts needs tcp, tcpfin or udp, and seconds after it');
      return;
    }
    readPairs(words, { tcp: [0, 2_147_483], tcpfin: [0, 2_147_483], udp: [0, 2_147_483] }, report);
  },
  lvs_sync_daemon: ({ keyword, words }, before, report) => {
    if (before.has('lvs_sync_daemon')) {
      report.error('duplicate', keyword, 'lvs_sync_daemon was given before: this line is ignored');
      return;
    }
    const rest = words.slice(1);
    const options = rest[0] !== undefined && SYNC.has(rest[0].text) ? rest : rest.slice(1);
    readPairs(options, { id: [0, 255], maxlen: [1, 65_507], port: [1, 65_535], ttl: [1, 255] }, report);
  },
  ...Object.fromEntries(
    ['checker', 'bfd'].map((process) => [
      `${process}_cpu_affinity`,
      ({ words }: Statement, _: ReadonlySet<string>, report: Report) => {
        const range = { min: 0, max: 1023 };
        for (const word of words) readInteger(word, 'a CPU', range, 'it is ignored', report);
      },
    ]),
  ),
};

const INCLUDE_CHECKS: ReadonlySet<string> = new Set(['read', 'match', 'wildcard_match', 'brace_match']);

function needsSeconds({ known, keyword, words: [word] }: Statement, _: ReadonlySet<string>, report: Report): void {
  if (word === undefined) report.error('missing-value', keyword, `${known.name} needs seconds after it`);
}

const SYNC: ReadonlySet<string> = new Set(['id', 'maxlen', 'port', 'ttl', 'group', 'inst']);

function oneWord({ known, words: [, extra] }: Statement, _: ReadonlySet<string>, report: Report): void {
  if (extra !== undefined) report.error('extra-words', extra, `${known.name} takes one word: the line is ignored`);
}

function isHostName(text: string): boolean {
  return /^(?=.*[A-Za-z])(?=.*\.)[A-Za-z0-9.-]+$/.test(text) || text === 'localhost';
}

function readPairs(words: readonly Word[], ranges: Readonly<Record<string, [number, number]>>, report: Report): void {
  for (let index = 0; index < words.length; index++) {
    const option = words[index]!;
    const value = words[index + 1];
    const range = Object.hasOwn(ranges, option.text) ? ranges[option.text] : undefined;
    if (range !== undefined && value !== undefined) {
      readInteger(value, option.text, { min: range[0], max: range[1] }, 'it is ignored', report);
      index += 1;
    } else if (option.text === 'inst' && value !== undefined) index += 1;
    else if (option.text === 'group' && value !== undefined) {
      const address = parseAddress(value.text);
      if (address === undefined || !isMulticast(address)) {
        report.error('invalid-address', value, 'this is no multicast address; it is ignored');
      }
      index += 1;
    } else report.error('unknown-option', option, `'${option.text.slice(0, 64)}' is unknown here and ignored`);
  }
}
