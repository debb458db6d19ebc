// The health checks of a real server: TCP, HTTP, SMTP, DNS, scripts and so on, judged as keepalived does.
import { addressFamily } from '../wire/address.ts';
import { type CheckerContext, familyOf, find, reportInsecure } from './checker-context.ts';
import { judgeUser } from './judge-host.ts';
import type { Report } from './report.ts';
import { readHost } from './rules.ts';
import type { Statement, Word } from './statement.ts';
import { splitCommand } from './words.ts';

/** Judges one check of a real server. */
export function judgeChecker(checker: Statement, server: Statement, context: CheckerContext): void {
  const { report } = context;
  const retry = find(checker, 'nb_get_retry');
  if (retry !== undefined) {
    report.warning('deprecated', retry.keyword, "nb_get_retry is an old spelling: use 'retry'");
  }
  judgeSource(checker, server, report);
  CHECKERS[checker.known.name]?.(checker, context);
}

/** `bindto` has to be of the family of what is connected to. */
function judgeSource(checker: Statement, server: Statement, report: Report): void {
  for (const { known, words, statements } of checker.statements) {
    if (known.name === 'host') for (const inner of statements) judgeBind(inner, server, report);
    else judgeBind({ known, words }, server, report);
  }
}

function judgeBind(
  { known, words: [word] }: Pick<Statement, 'known' | 'words'>,
  server: Statement,
  report: Report,
): void {
  if (word === undefined) return;
  if (known.name === 'bind_if' && word.text.length > 15) {
    report.error('out-of-range', word, 'an interface name has at most 15 characters; it is ignored');
  }
  if (known.name !== 'bindto') return;
  const address = readHost(word.text);
  if (address === undefined) {
    report.error('invalid-address', word, `'${word.text.slice(0, 64)}' is not an IP address; the line is ignored`);
  } else if (addressFamily(address) !== familyOf(server)) {
    report.error('invalid-address', word, 'what is connected to is of another address family; the line is ignored');
  }
}

type Judge = (checker: Statement, context: CheckerContext) => void;

const CHECKERS: Readonly<Record<string, Judge>> = {
  HTTP_GET: judgeHttp,
  SSL_GET: judgeHttp,
  UDP_CHECK: judgeUdp,
  MISC_CHECK: judgeMisc,
  DNS_CHECK: (checker, { report }) => {
    for (const again of checker.statements.filter(({ known }) => known.name === 'name').slice(1)) {
      report.error('duplicate', again.keyword, 'name was given before: this line is ignored');
    }
  },
  FILE_CHECK: (checker, { report, trackFiles }) => {
    for (const { known, words } of checker.statements) {
      const [word, option] = words;
      if (known.name === 'track_file' && word !== undefined && !trackFiles.has(word.text)) {
        report.error('undefined-script', word, `there is no track_file ${word.text.slice(0, 64)}`);
      } else if (known.name === 'weight' && option !== undefined && !/^(?:no)?reverse$/.test(option.text)) {
        report.error('unknown-option', option, "after the weight only 'reverse' may follow");
      }
    }
    const file = find(checker, 'track_file')?.words[0];
    if (file !== undefined && trackFiles.has(file.text)) return;
    report.atEnd('error', 'missing-value', checker, 'FILE_CHECK has no track_file: it is left out');
  },
  BFD_CHECK: (checker, { report, sessions }) => {
    const name = find(checker, 'name');
    const word = name?.words[0];
    if (name === undefined) {
      report.atEnd('error', 'missing-value', checker, 'BFD_CHECK has no name: it is left out');
    } else if (word !== undefined && !sessions.has(word.text)) {
      report.error('undefined-script', word, `there is no bfd_instance ${word.text.slice(0, 64)}`);
    }
  },
};

function judgeHttp(checker: Statement, { report }: CheckerContext): void {
  let urls = 0;
  for (const url of checker.statements) {
    if (url.known.name !== 'url') continue;
    if (find(url, 'path')?.words[0] === undefined) {
      report.atEnd('error', 'missing-value', url, 'this url has no path: it is left out');
    } else urls += 1;
    for (const { known, words } of url.statements) {
      if (known.name === 'digest' && words[0] !== undefined) judgeDigest(words[0], report);
      else if (known.name === 'status_code') for (const code of words) judgeStatus(code, report);
    }
  }
  if (urls > 0) return;
  const message = `${checker.known.name} has no url to fetch: it is left out`;
  report.atEnd('error', 'missing-value', checker, message);
}

function judgeDigest(word: Word, report: Report): void {
  if (/^[0-9a-f]{32}$/i.test(word.text)) return;
  report.error('invalid-value', word, 'a digest has 32 hexadecimal digits; it is ignored');
}

function judgeStatus(word: Word, report: Report): void {
  const [from = '', to = from, ...rest] = word.text.split('-');
  const isCode = (text: string) => /^\d{3}$/.test(text) && Number(text) >= 100 && Number(text) <= 599;
  if (rest.length === 0 && isCode(from) && isCode(to) && Number(from) <= Number(to)) return;
  report.error('invalid-value', word, 'a status code is 100 to 599, or two of them with a dash between; it is ignored');
}

function judgeUdp(checker: Statement, { report }: CheckerContext): void {
  for (const { known, keyword, words } of checker.statements) {
    const isPayload = known.name === 'payload';
    if (!isPayload && known.name !== 'require_reply') continue;
    const word = words[0];
    if (word === undefined) {
      if (isPayload) report.error('missing-value', keyword, 'payload needs hexadecimal digits after it');
    } else if (!isHex(words, isPayload)) {
      report.error('invalid-value', word, `${known.name} takes pairs of hexadecimal digits; the line is ignored`);
    }
  }
  const length = (name: string, otherwise: number) => Number(find(checker, name)?.words[0]?.text ?? otherwise);
  if (!(length('min_reply_length', 0) > length('max_reply_length', 255))) return;
  const message = 'min_reply_length is above max_reply_length: this check always fails';
  report.atEnd('warning', 'no-effect', checker, message);
}

function isHex(words: readonly Word[], isPayload: boolean): boolean {
  // keepalived's own slip: it takes the byte ff for an error.
  return words.every(({ text }) =>
    (isPayload ? /^(?=.)(?:(?!ff)[0-9a-f]{2})*[0-9a-f]?$/i : /^[0-9a-fx]+$/i).test(text),
  );
}

function judgeMisc(checker: Statement, context: CheckerContext): void {
  const { report, host, noUser } = context;
  const line = find(checker, 'misc_path');
  // A broken quote has been reported; the script may be there all the same.
  if (line?.garbled) return;
  const path = line?.words[0];
  const user = find(checker, 'user');
  if (path === undefined) {
    report.atEnd('error', 'missing-script', checker, 'MISC_CHECK has nothing to run: it is left out');
  } else if (splitCommand(path.text) === undefined) {
    report.atEnd('error', 'unmatched-quote', checker, 'a quote inside the command is not closed');
  } else if (user !== undefined) {
    if (judgeUser(user.words, host, report)) reportInsecure(path, context);
  } else if (noUser) {
    report.noteSaid('no-such-user');
    report.atEnd(
      'error',
      'no-such-user',
      checker,
      'this script has no user to run as on this host: the checker is left out',
    );
  } else reportInsecure(path, context);
}
