// Statements back to text in canonical form: what definitions, conditions, sequences and includes made of the file, one
// statement a line. What was read is written, also where it has no effect or is wrong; nothing is added or mended.
import { stripControl } from '../wire/text.ts';
import { UNKNOWN } from './known-keywords.ts';
import { printCommandWord, printWords } from './print-word.ts';
import type { Statement } from './statement.ts';

export interface PrintOptions {
  /** Secrets become asterisks: the text can be shown, but no longer be used. */
  readonly redact?: boolean;
}

const INDENT = '    ';
/** keepalived's line buffer. */
const MAX_BYTES = 1023;

/**
 * The text of a configuration, with a comment that names the file. Read again it resolves to the same configuration, and
 * printed again it is the same text. Blocks keep their order, and so do lines that may depend on each other.
 */
export function printConfig(statements: readonly Statement[], file: string, options: PrintOptions = {}): string {
  const header = `# ${stripControl(file)}, as kavtui read it: definitions and sequences expanded, files included\n`;
  const printed = statements.filter(isPrinted);
  const parts = printed.map((statement, index) => {
    const isBlock = statement.known.shape !== 'line';
    const before = printed[index - 1];
    const blank = index === 0 || isBlock || before?.known.shape !== 'line' ? '\n' : '';
    return `${blank}${printStatement(statement, '', options).join('\n')}\n`;
  });
  return header + parts.join('');
}

/** Of a command whose quote is not closed nothing is left that could be written. */
function isPrinted({ known, garbled, words }: Statement): boolean {
  return !(known.command && garbled && words.length === 0);
}

function printStatement(statement: Statement, indent: string, options: PrintOptions): readonly string[] {
  const { known, keyword } = statement;
  if (known === UNKNOWN) return [line(indent, printUnknown(statement, options))];
  const name = SPELLINGS[known.name] ?? keyword.text;
  const secret = options.redact === true && isSecret(statement);
  const texts = statement.words.map(({ text }) => (secret ? '********' : text));
  const words = known.command ? texts.map(printCommandWord) : printWords(texts);
  if (known.shape === 'line') return [line(indent, [name, ...words])];
  const deeper = indent + INDENT;
  const inner =
    known.shape === 'lines'
      ? statement.lines.map((free) =>
          line(
            deeper,
            printWords(
              free.map(({ text }) => text),
              true,
            ),
          ),
        )
      : inOrder(statement)
          .filter(isPrinted)
          .flatMap((each) => printStatement(each, deeper, options));
  return [line(indent, [name, ...words, '{']), ...inner, `${indent}}`];
}

/** Kept, so that it goes on being reported. What looks like a secret may be one with a slip in its keyword. */
function printUnknown({ keyword, words }: Statement, { redact }: PrintOptions): readonly string[] {
  const hidden = redact === true && /auth|pass|key|secret/i.test(keyword.text);
  return printWords([keyword.text, ...words.map(({ text }) => (hidden ? '********' : text))], true);
}

/** Without indentation, and then without blanks beside quotes, where keepalived would cut the line in two. */
function line(indent: string, words: readonly string[]): string {
  const text = words.join(' ');
  if (byteLength(indent + text) <= MAX_BYTES) return indent + text;
  return byteLength(text) <= MAX_BYTES ? text : text.replaceAll('" "', '""');
}

function byteLength(text: string): number {
  return text.length * 3 <= MAX_BYTES ? text.length : new TextEncoder().encode(text).length;
}

/** Spellings that keepalived accepts silently but does not document; those that it warns of stay as they are. */
const SPELLINGS: Readonly<Record<string, string>> = {
  lb_algo: 'lvs_sched',
  lb_kind: 'lvs_method',
  neighbour_ip: 'neighbor_ip',
};

/** What comes first in a block, in this order; these lines do not depend on the others, which stay as they are. */
const FIRST: Readonly<Record<string, readonly string[]>> = {
  vrrp_instance: ['state', 'interface', 'virtual_router_id', 'version', 'priority', 'advert_int'],
  vrrp_script: ['script', 'interval', 'timeout', 'weight', 'rise', 'fall', 'user', 'init_fail'],
};

function inOrder({ known, statements }: Statement): readonly Statement[] {
  const first = FIRST[known.path];
  if (first === undefined) return statements;
  const rank = (statement: Statement) => {
    const index = first.indexOf(statement.known.name);
    return index < 0 ? first.length : index;
  };
  return statements.toSorted((a, b) => rank(a) - rank(b));
}

const SECRETS: Readonly<Record<string, readonly string[]>> = {
  'vrrp_instance/authentication': ['auth_pass'],
  'vrrp_instance/auth_hmac': ['key'],
  SSL: ['password'],
};

function isSecret({ context, known }: Statement): boolean {
  return SECRETS[context]?.includes(known.name) ?? false;
}
