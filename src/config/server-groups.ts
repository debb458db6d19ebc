// Lines of virtual_server_group: addresses with a port, ranges of them, networks, firewall marks.
import { addressBytes, addressFamily, parseAddress } from '../wire/address.ts';
import type { Report } from './report.ts';
import type { Statement, Word } from './statement.ts';
import { readInteger } from './values.ts';

const SKIPPED = 'the line is skipped';

/** Judges a virtual_server_group: every line by itself, and that one of them is good. */
export function judgeServerGroup(block: Statement, report: Report): void {
  const good = block.lines.filter((line) => isEntry(line, report));
  if (good.length > 0) return;
  const name = block.words[0]?.text.slice(0, 64) ?? '';
  report.atEnd('error', 'missing-value', block, `virtual_server_group ${name} is empty: it is left out`);
}

function isEntry([first, second, third]: readonly Word[], report: Report): boolean {
  if (first!.text === 'fwmark') return isMark(first!, second, third, report);
  if (second !== undefined && readInteger(second, 'a port', { min: 0, max: 65_535 }, SKIPPED, report) === undefined) {
    return false;
  }
  const { text } = first!;
  const slash = text.indexOf('/');
  const dash = text.indexOf('-');
  const start = parseAddress(text.slice(0, slash >= 0 ? slash : dash >= 0 ? dash : text.length));
  if (start === undefined) {
    report.error('invalid-address', first!, `'${text.slice(0, 64)}' is not an IP address; ${SKIPPED}`);
    return false;
  }
  const bytes = addressBytes(start);
  const why = slash >= 0 ? networkFault(bytes, text.slice(slash + 1)) : rangeFault(bytes, text, dash);
  if (why !== undefined) report.error('invalid-address', first!, `${why}; ${SKIPPED}`);
  return why === undefined;
}

function isMark(at: Word, mark: Word | undefined, family: Word | undefined, report: Report): boolean {
  if (mark === undefined) {
    report.error('missing-word', at, 'fwmark needs a number after it: keepalived would not start');
    return false;
  }
  if (readInteger(mark, 'fwmark', { min: 0, max: 4_294_967_295 }, SKIPPED, report) === undefined) return false;
  if (family === undefined || /^inet6?$/.test(family.text)) return true;
  report.error('invalid-value', family, `the family of a fwmark is inet or inet6; ${SKIPPED}`);
  return false;
}

function networkFault(bytes: Uint8Array, mask: string): string | undefined {
  const bits = /^\d{1,3}$/.test(mask) ? Number(mask) : Number.NaN;
  if (!(bits >= 1 && bits <= bytes.length * 8)) return 'this is no prefix length';
  const isEmpty = bytes.every((byte, index) => {
    const hostBits = Math.min(8, Math.max(0, (index + 1) * 8 - bits));
    return (byte & ((1 << hostBits) - 1)) === 0;
  });
  return isEmpty ? undefined : 'the host bits of a network have to be 0';
}

/** `START-LAST`: another address, or the last byte (of IPv6: the last 16 bits, in hexadecimal). */
function rangeFault(start: Uint8Array, text: string, dash: number): string | undefined {
  if (dash < 0) return undefined;
  const last = text.slice(dash + 1);
  const other = parseAddress(last);
  if (other !== undefined) {
    const end = addressBytes(other);
    if (end.length !== start.length) return 'both ends of a range have to be of one family';
    return compare(end, start) < 0 ? 'the range ends before it begins' : undefined;
  }
  const isV4 = addressFamily(parseAddress(text.slice(0, dash))!) === 4;
  const number = last === '' ? 0 : Number.parseInt(last, isV4 ? 10 : 16);
  if (Number.isNaN(number) || number > (isV4 ? 255 : 0xffff)) return 'the end of the range is too large';
  const from = isV4 ? start[3]! : start[14]! * 256 + start[15]!;
  return number <= from ? 'the range ends before it begins' : undefined;
}

function compare(a: Uint8Array, b: Uint8Array): number {
  const index = a.findIndex((byte, at) => byte !== b[at]);
  return index < 0 ? 0 : a[index]! - b[index]!;
}
