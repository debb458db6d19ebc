// Lines of virtual_ipaddress and virtual_ipaddress_excluded: an address, its prefix and its options.
import type { VirtualAddress } from '../vrrp/config.ts';
import {
  addressBytes,
  addressFamily,
  addressFromBytes,
  type Family,
  FOREVER,
  type IpAddress,
  parseAddress,
} from '../wire/address.ts';
import type { Report } from './report.ts';
import type { Word } from './statement.ts';
import { openBlockHint } from './unknown-keyword.ts';
import { didYouMean, readInteger } from './values.ts';

/** An address line as written; `dev` absent means the interface of the instance. */
export interface AddressLine {
  readonly at: Word;
  readonly address: IpAddress;
  readonly family: Family;
  readonly prefix: number;
  readonly scope: number;
  readonly dev?: Word;
  readonly options: AddressOptions;
  /** use_vmac: on an interface with the virtual MAC address. */
  readonly useVmac?: boolean;
}

const SCOPES: ReadonlyMap<string, number> = new Map([
  ['global', 0],
  ['site', 200],
  ['link', 253],
  ['host', 254],
  ['nowhere', 255],
]);

/** What follows the place of an address, as far as it is said. */
export type AddressOptions = Omit<VirtualAddress, 'interface' | 'address' | 'prefix' | 'scope' | 'useVmac'>;

const FLAGS: Readonly<Record<string, AddressOptions>> = {
  no_track: { noTrack: true },
  noprefixroute: { noPrefixRoute: true },
  '-nodad': { duplicateDetection: true },
  home: { home: true },
  mngtmpaddr: { manageTemporary: true },
  autojoin: { autoJoin: true },
};

/** An interface name of the kernel: at most 15 bytes. */
export const MAX_NAME = 15;

interface Draft {
  scope: number;
  dev?: Word;
  options: AddressOptions;
  useVmac?: boolean;
}

/** Reads one line; undefined (and reported) when keepalived would leave the address out. */
export function readAddressLine(words: readonly Word[], report: Report): AddressLine | undefined {
  const at = words[0]!;
  const slash = at.text.indexOf('/');
  const address = parseAddress(slash < 0 ? at.text : at.text.slice(0, slash));
  if (address === undefined) {
    const message = `'${at.text.slice(0, 64)}' is not an IP address; the line is left out`;
    report.error('invalid-address', at, message, { hint: () => openBlockHint(at) });
    return undefined;
  }
  const family = addressFamily(address);
  const longest = family === 4 ? 32 : 128;
  const prefix = slash < 0 ? longest : readPrefix(at, at.text.slice(slash + 1), longest, report);
  const draft: Draft = { scope: 0, options: {} };
  if (!readOptions(words, { family, address, prefix }, draft, report)) return undefined;
  return { at, address, family, prefix, ...draft };
}

function readPrefix(at: Word, text: string, longest: number, report: Report): number {
  const column = at.column + at.text.indexOf('/') + 1;
  const word = { ...at, text, column, length: text.length };
  const bits = maskBits(text);
  if (bits !== undefined) {
    report.error('invalid-number', word, `a netmask is no prefix length; ${longest} is used`, {
      hint: `write /${bits}`,
    });
    return longest;
  }
  return readInteger(word, 'the prefix length', { min: 0, max: longest }, `${longest} is used`, report) ?? longest;
}

/** The prefix length that a dotted netmask stands for. */
function maskBits(text: string): number | undefined {
  const mask = text.includes('.') ? parseAddress(text) : undefined;
  if (mask === undefined || addressFamily(mask) !== 4) return undefined;
  const bits = [...addressBytes(mask)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return /^1*0*$/.test(bits) ? bits.lastIndexOf('1') + 1 : undefined;
}

interface Parsed {
  readonly family: Family;
  readonly address: IpAddress;
  readonly prefix: number;
}

/** False when an option spoils the whole line. */
function readOptions(words: readonly Word[], parsed: Parsed, draft: Draft, report: Report): boolean {
  for (let index = 1; index < words.length; index++) {
    const option = words[index]!;
    const value = words[index + 1];
    const reader = OPTIONS.get(option.text);
    if (reader !== undefined && value === undefined) {
      report.error('missing-value', option, `${option.text} needs a word after it; the address is left out`);
      return false;
    }
    if (reader !== undefined && !reader(value!, parsed, draft, report)) return false;
    if (reader !== undefined) index += 1;
    else if (option.text === 'use_vmac') draft.useVmac = true;
    else if (Object.hasOwn(FLAGS, option.text)) draft.options = { ...draft.options, ...FLAGS[option.text] };
    else reportUnknownOption(option, report);
  }
  return true;
}

function reportUnknownOption(option: Word, report: Report): void {
  if (parseAddress(option.text.split('/')[0]!) !== undefined) {
    report.error('unknown-option', option, 'a second address on the line is ignored', {
      hint: 'write one address a line',
    });
    return;
  }
  const hint = () => didYouMean(option.text, [...OPTIONS.keys(), ...Object.keys(FLAGS), 'use_vmac']);
  report.error('unknown-option', option, `unknown address option '${option.text.slice(0, 64)}' is ignored`, { hint });
}

type OptionReader = (value: Word, parsed: Parsed, draft: Draft, report: Report) => boolean;

function readDev(value: Word, _: Parsed, draft: Draft, report: Report): boolean {
  if (draft.dev !== undefined) {
    report.error('duplicate', value, 'dev may be said once; the address is left out');
    return false;
  }
  if (value.text.length > MAX_NAME) {
    report.fatalError('out-of-range', value, `an interface name has at most ${MAX_NAME} characters`);
    return false;
  }
  draft.dev = value;
  return true;
}

function readScope(value: Word, { family }: Parsed, draft: Draft, report: Report): boolean {
  const number = /^\d{1,3}$/.test(value.text) ? Number(value.text) : undefined;
  const scope = SCOPES.get(value.text) ?? number;
  if (family === 6) report.error('no-effect', value, 'IPv6 addresses have no scope to set; it is ignored');
  else if (scope === undefined || scope > 255) {
    report.error(
      'invalid-value',
      value,
      `scope has to be ${[...SCOPES.keys()].join(', ')} or 0 to 255; it is ignored`,
      {
        hint: () => didYouMean(value.text, SCOPES.keys()),
      },
    );
  } else draft.scope = scope;
  return true;
}

function readLabel(value: Word, { family }: Parsed, draft: Draft, report: Report): boolean {
  if (family === 6) report.error('no-effect', value, 'IPv6 addresses have no label; it is ignored');
  else if (value.text.length > MAX_NAME) {
    report.error('out-of-range', value, `a label has at most ${MAX_NAME} characters; the address is left out`);
    return false;
  } else draft.options = { ...draft.options, label: value.text };
  return true;
}

function readBroadcast(value: Word, { family, address, prefix }: Parsed, draft: Draft, report: Report): boolean {
  if (family === 6) {
    report.error('invalid-value', value, 'IPv6 has no broadcast address; the line is left out');
    return false;
  }
  if (value.text === '+' || value.text === '-') {
    if (prefix > 30) report.error('invalid-value', value, `a /${prefix} has no broadcast address; it is ignored`);
    else draft.options = { ...draft.options, broadcast: lastOrFirst(address, prefix, value.text === '+') };
    return true;
  }
  const broadcast = parseAddress(value.text);
  if (broadcast === undefined || addressFamily(broadcast) !== 4) {
    report.error('invalid-address', value, 'the broadcast address is none; the address is left out');
    return false;
  }
  draft.options = { ...draft.options, broadcast };
  return true;
}

/** The address with all host bits set (or none). */
function lastOrFirst(address: IpAddress, prefix: number, last: boolean): IpAddress {
  const bytes = addressBytes(address).map((byte, index) => {
    const hostBits = Math.min(8, Math.max(0, (index + 1) * 8 - prefix));
    const mask = (1 << hostBits) - 1;
    return last ? byte | mask : byte & ~mask;
  });
  return addressFromBytes(bytes, 0, 4);
}

/** keepalived ignores a peer that is no address, also one with a prefix. */
function readPeer(value: Word, { family }: Parsed, draft: Draft, report: Report): boolean {
  const peer = parseAddress(value.text);
  if (peer !== undefined && addressFamily(peer) === family) draft.options = { ...draft.options, peer };
  else report.error('invalid-address', value, 'the peer is no address of the same family; it is ignored');
  return true;
}

function readPreferred(value: Word, { family }: Parsed, draft: Draft, report: Report): boolean {
  const range = { min: 0, max: FOREVER };
  const seconds =
    value.text === 'forever' ? FOREVER : readInteger(value, 'preferred_lft', range, 'it is ignored', report);
  if (seconds !== undefined && family === 6) draft.options = { ...draft.options, preferredLifetime: seconds };
  return true;
}

/** Only static addresses have one (statics.ts). */
function readTrackGroup(value: Word, _: Parsed, _draft: Draft, report: Report): boolean {
  report.error('no-effect', value, 'only static addresses can be tracked by a track_group; it is ignored');
  return true;
}

const OPTIONS: ReadonlyMap<string, OptionReader> = new Map([
  ['dev', readDev],
  ['scope', readScope],
  ['label', readLabel],
  ['brd', readBroadcast],
  ['broadcast', readBroadcast],
  ['peer', readPeer],
  ['preferred_lft', readPreferred],
  ['track_group', readTrackGroup],
]);
