// Definitions, conditional lines, sequences and includes (lexer.md §6-9): recognised and said to be missing. Their lines
// keep their braces, so that the rest of the file is read as usual, but are not judged.
import { type LogicalLine, spanOf } from './decomment.ts';
import type { Report } from './report.ts';

const CONDITION = /^@\S*[ \t]*/;
const DEFINITION = /^\$([A-Za-z_][A-Za-z0-9_]*)=/;
const SEQUENCE = /^~(?:SEQx?|LST)[ \t]*\(/;
const INCLUDE = /^include[rmwba]?[ \t]+\S/;
const REFERENCE = /\$\{([A-Za-z_][A-Za-z0-9_]*)((?: [^{}"]*)?)\}|\$([A-Za-z_][A-Za-z0-9_]*)(?=[ \t,)]|$)/g;
const PREDEFINED: readonly string[] = ['_PWD', '_INSTANCE', '_RANDOM', '_HASH', '_BANG', '_ENV'];

/** The stage between comments and braces, one line after the other. */
export class Directives {
  readonly #report: Report;
  readonly #defined = new Set<string>(PREDEFINED);
  /** A definition goes on in the next line. */
  #continued = false;
  /** An included file may have defined any name. */
  #included = false;

  constructor(report: Report) {
    this.#report = report;
  }

  /** What is left of a line for the following stages; undefined when nothing is. */
  take(line: LogicalLine): LogicalLine | undefined {
    if (this.#continued) {
      this.#continued = line.text.endsWith('\\');
      return undefined;
    }
    const conditioned = this.#dropCondition(line);
    const rest = this.#dropSequences(conditioned);
    if (rest.text === '' || this.#isDefinition(rest) || this.#isInclude(rest)) return undefined;
    return this.#defuseReferences(rest, rest !== conditioned);
  }

  #dropCondition(line: LogicalLine): LogicalLine {
    const match = CONDITION.exec(line.text);
    if (match === null) return line;
    this.#missing(line, match[0].trimEnd().length, 'conditional lines (@id) are not yet supported');
    return cut(line, match[0].length);
  }

  #dropSequences(line: LogicalLine): LogicalLine {
    let rest = line;
    while (SEQUENCE.test(rest.text)) {
      const close = rest.text.indexOf(')');
      const length = close < 0 ? rest.text.length : close + 1;
      this.#missing(rest, length, 'sequences (~SEQ, ~LST) are not yet supported');
      const blanks = /^[ \t]*/.exec(rest.text.slice(length))![0].length;
      rest = cut(rest, length + blanks);
    }
    return rest;
  }

  #isDefinition(line: LogicalLine): boolean {
    const match = DEFINITION.exec(line.text);
    if (match === null) return false;
    this.#defined.add(match[1]!);
    this.#continued = line.text.endsWith('\\');
    this.#missing(line, match[0].length - 1, 'definitions ($NAME=VALUE) are not yet supported');
    return true;
  }

  #isInclude(line: LogicalLine): boolean {
    if (!INCLUDE.test(line.text)) return false;
    this.#included = true;
    this.#missing(line, line.text.length, 'include is not yet supported: the file is not read');
    return true;
  }

  /** `${NAME}` loses its braces (they would count as block braces), and its line is not judged. */
  #defuseReferences(line: LogicalLine, hasOwnNames: boolean): LogicalLine {
    if (!line.text.includes('$')) return line;
    const text = line.text.replace(
      REFERENCE,
      (all, braced: string | undefined, _, bare: string | undefined, at: number) => {
        const name = braced ?? bare!;
        const known = hasOwnNames || this.#included || this.#defined.has(name);
        if (!known && braced === undefined) return all;
        const span = spanOf(line, at, at + all.length);
        if (!known && !insideQuotes(line.text, at)) {
          this.#report.error('undefined-name', span, `${all} is not defined above`);
        } else if (PREDEFINED.includes(name)) {
          this.#report.info('not-yet-supported', span, `${all} is not yet supported`, { blocking: true });
          this.#report.unjudged = true;
        }
        if (known || !insideQuotes(line.text, at)) this.#report.mute(line.source);
        return braced === undefined ? all : `$(${all.slice(2, -1)})`;
      },
    );
    return { ...line, text };
  }

  #missing(line: LogicalLine, length: number, message: string): void {
    this.#report.info('not-yet-supported', spanOf(line, 0, length), message, { blocking: true });
    this.#report.mute(line.source);
    this.#report.unjudged = true;
  }
}

function insideQuotes(text: string, at: number): boolean {
  return (text.slice(0, at).split('"').length - 1) % 2 === 1;
}

function cut(line: LogicalLine, length: number): LogicalLine {
  const dropped = line.dropped.map((at) => at - length);
  return { ...line, text: line.text.slice(length), start: line.start + length, dropped };
}
