// Blocks that keepalived leaves out as a whole because of what stands on their first line: nothing in them is judged.
import type { Report } from './report.ts';
import { isAddress } from './rules.ts';
import type { Statement, Word } from './statement.ts';
import { readInteger } from './values.ts';

const MAX_UNSIGNED = 4_294_967_295;
const MAX_PORT = 65_535;

/** Decides for the blocks of one reading of the file; it knows the names that were taken so far. */
export class SkippedBlocks {
  readonly #report: Report;
  readonly #names = new Map<string, Set<string>>();

  constructor(report: Report) {
    this.#report = report;
  }

  /** True (and reported) when the block that begins with this statement is left out. */
  isSkipped(statement: Statement, session?: Statement): boolean {
    const { name } = statement.known;
    if (name === 'vrrp_instance' || name === 'vrrp_sync_group' || name === 'track_group')
      return this.#unnamed(statement);
    if (name === 'virtual_server') return !this.#isServer(statement, name);
    return name === 'real_server' && session?.known.name === 'virtual_server' && !this.#isServer(statement, name);
  }

  #unnamed({ known, keyword, words: [name, second] }: Statement): boolean {
    if (name === undefined || second !== undefined) {
      const what = name === undefined ? 'needs a name' : 'takes one name';
      this.#report.error('missing-value', second ?? keyword, `${known.name} ${what}: the block is left out`, {
        hint: name === undefined ? undefined : 'a name with blanks has to stand in double quotes',
      });
      return true;
    }
    const names = this.#names.get(known.name) ?? new Set();
    this.#names.set(known.name, names);
    if (names.has(name.text)) {
      const message = `${known.name} ${name.text.slice(0, 64)} is defined already: this block is left out`;
      this.#report.error('duplicate', name, message);
      return true;
    }
    names.add(name.text);
    return false;
  }

  /** An address with or without a port, `fwmark N` or `group NAME`. */
  #isServer({ words: [first, second] }: Statement, what: string): boolean {
    if (first === undefined) return true;
    if (what === 'virtual_server' && first.text === 'group') return true;
    if (what === 'virtual_server' && first.text === 'fwmark') {
      return second === undefined || this.#isNumber(second, 'a fwmark', { min: 0, max: MAX_UNSIGNED });
    }
    if (second !== undefined && !this.#isNumber(second, 'a port', { min: 0, max: MAX_PORT })) return false;
    if (isAddress(first)) return true;
    const message = `'${first.text.slice(0, 64)}' is not an IP address; the ${what} is left out`;
    this.#report.error('invalid-address', first, message);
    return false;
  }

  #isNumber(word: Word, what: string, range: { min: number; max: number }): boolean {
    return readInteger(word, what, range, 'the block is left out', this.#report) !== undefined;
  }
}
