// The blocks of vrrp_instance: peers, addresses, authentication, tracking; and the source address, which is judged alike.
import type { TrackWeight } from '../vrrp/config.ts';
import { addressFamily, type IpAddress, parseAddress } from '../wire/address.ts';
import { type AddressLine, MAX_NAME, readAddressLine } from './addresses.ts';
import type { InstanceDraft, ReadContext } from './instance-draft.ts';
import { judgeInterface } from './judge-host.ts';
import { UNKNOWN } from './known-keywords.ts';
import type { Report } from './report.ts';
import { readHost } from './rules.ts';
import type { Statement, Word } from './statement.ts';
import { readTrackLine } from './tracking.ts';
import { openBlockHint } from './unknown-keyword.ts';
import { didYouMean, readInteger } from './values.ts';

/** Bytes of an auth_pass on the wire. */
const MAX_PASSWORD = 8;

/** An address of the instance's family; undefined (and reported) otherwise. */
function readFamilyAddress(word: Word, what: string, draft: InstanceDraft, report: Report): IpAddress | undefined {
  const address = readHost(word.text);
  if (address === undefined) {
    const message = `'${word.text.slice(0, 64)}' is not an IP address; the ${what} is ignored`;
    report.error('invalid-address', word, message, { hint: () => openBlockHint(word) });
    return undefined;
  }
  return agrees(address, word, what, draft, report) ? address : undefined;
}

/** The first address decides the family of the instance. */
function agrees(address: IpAddress, at: Word, what: string, draft: InstanceDraft, report: Report): boolean {
  const family = addressFamily(address);
  draft.family ??= family;
  if (draft.family === family) return true;
  const message = `this instance is IPv${draft.family} because of an earlier address; the ${what} is ignored`;
  report.error('invalid-address', at, message, { hint: 'IPv4 and IPv6 need an instance each' });
  return false;
}

/** `unicast_src_ip` and `mcast_src_ip`: one storage, the last one counts. */
export function readSource(statement: Statement, draft: InstanceDraft, { report }: ReadContext): void {
  const word = statement.words[0];
  if (word === undefined) return;
  const address = readFamilyAddress(word, 'source address', draft, report);
  if (address !== undefined) draft.source = address;
}

/** `unicast_peer`. */
export function readPeers(statement: Statement, draft: InstanceDraft, { report }: ReadContext): void {
  draft.unicast ??= statement.keyword;
  for (const [word, ...options] of statement.lines) {
    const address = readFamilyAddress(word!, 'peer', draft, report);
    const ttl = readPeerOptions(options, report);
    if (address === undefined) continue;
    draft.peers.push(address);
    if (ttl === undefined) continue;
    draft.options.peerTtl = { ...draft.options.peerTtl, [address]: ttl };
    draft.options.checkUnicastSource = true;
  }
}

function readPeerOptions(options: readonly Word[], report: Report): { min?: number; max?: number } | undefined {
  const ttl: { min?: number; max?: number } = {};
  for (let index = 0; index < options.length; index += 2) {
    const option = options[index]!;
    const value = options[index + 1];
    if (option.text !== 'min_ttl' && option.text !== 'max_ttl') {
      const isPeer = parseAddress(option.text) !== undefined;
      report.error('unknown-option', option, `'${option.text.slice(0, 64)}' after a peer is ignored`, {
        hint: isPeer ? 'write one peer a line' : didYouMean(option.text, ['min_ttl', 'max_ttl']),
      });
      break;
    }
    if (value === undefined) report.error('missing-value', option, `${option.text} needs a number after it`);
    else {
      const limit = readInteger(value, option.text, { min: 0, max: 255 }, 'it is ignored', report);
      if (limit !== undefined) ttl[option.text === 'min_ttl' ? 'min' : 'max'] = limit;
    }
  }
  return ttl.min === undefined && ttl.max === undefined ? undefined : ttl;
}

/** `virtual_ipaddress`: all of one family. */
export function readAddresses(statement: Statement, draft: InstanceDraft, { report, host }: ReadContext): void {
  for (const words of statement.lines) {
    const line = readAddressLine(words, report);
    if (line?.dev !== undefined) judgeInterface(line.dev, host, report);
    if (line !== undefined && agrees(line.address, line.at, 'address', draft, report))
      keepAddress(line, draft.addresses);
  }
}

function keepAddress(line: AddressLine | undefined, addresses: AddressLine[]): void {
  if (line !== undefined) addresses.push(line);
}

/** `virtual_ipaddress_excluded`: of any family. */
export function readExcluded(statement: Statement, draft: InstanceDraft, { report, host }: ReadContext): void {
  for (const words of statement.lines) {
    const line = readAddressLine(words, report);
    if (line?.dev !== undefined) judgeInterface(line.dev, host, report);
    keepAddress(line, draft.excluded);
  }
}

/** `authentication { auth_type auth_pass }`. */
export function readAuthentication(statement: Statement, draft: InstanceDraft, { report }: ReadContext): void {
  for (const inner of statement.statements) {
    const word = inner.words[0];
    if (word === undefined || inner.known === UNKNOWN) continue;
    if (inner.known.name === 'auth_pass') {
      draft.authPass = { value: word.text, at: word };
      if (new TextEncoder().encode(word.text).length > MAX_PASSWORD) {
        report.warning('cut-short', word, 'auth_pass is cut at 8 characters: that is all VRRP carries');
      }
    } else if (word.text === 'PASS' || word.text === 'AH') draft.authType = { value: word.text, at: word };
    else {
      report.error('invalid-value', word, `unknown auth_type '${word.text.slice(0, 64)}': the line is ignored`, {
        hint: () => didYouMean(word.text, ['PASS', 'AH']) ?? 'auth_type is PASS or AH',
      });
    }
  }
}

/** `track_script`: a weight on the line overrides that of the script. */
export function readTrackScripts(
  statement: Statement,
  draft: Pick<InstanceDraft, 'trackScripts'>,
  context: ReadContext,
): void {
  const { report, scripts, leftOut } = context;
  for (const words of statement.lines) {
    const line = readTrackLine(words, report);
    const name = line.at.text;
    const script = scripts.get(name);
    if (script === undefined && leftOut.has(name)) {
      report.error('undefined-script', line.at, `vrrp_script ${name.slice(0, 64)} was left out: it is not tracked`);
    } else if (script === undefined) {
      report.error(
        'undefined-script',
        line.at,
        `there is no vrrp_script ${name.slice(0, 64)} above: it is not tracked`,
        {
          hint: () => openBlockHint(line.at) ?? didYouMean(name, scripts.keys()),
        },
      );
    } else if (draft.trackScripts.has(name)) {
      report.error('duplicate', line.at, `${name} is tracked already; the line is ignored`);
    } else {
      const weight = line.weight ?? script.weight;
      const reverse = line.weight === undefined ? script.reverse : line.reverse;
      draft.trackScripts.set(name, { name, weight, reverse });
    }
  }
}

/** `track_interface`. */
export function readTrackInterfaces(
  statement: Statement,
  draft: Pick<InstanceDraft, 'trackInterfaces'>,
  { report, host }: ReadContext,
): void {
  for (const words of statement.lines) {
    const { at, weight = 0, reverse } = readTrackLine(words, report);
    if (at.text.length > MAX_NAME) {
      report.fatalError('out-of-range', at, `an interface name has at most ${MAX_NAME} characters`);
    } else if (draft.trackInterfaces.has(at.text)) {
      report.error('duplicate', at, `${at.text.slice(0, 64)} is tracked already; the line is ignored`);
    } else if (judgeInterface(at, host, report))
      draft.trackInterfaces.set(at.text, { at, value: { name: at.text, weight, reverse } });
  }
}

/** `track_bfd`. */
export function readTrackBfds(
  statement: Statement,
  draft: Pick<InstanceDraft, 'trackBfds'>,
  { report, sessions }: ReadContext,
): void {
  for (const words of statement.lines) {
    const { at, weight = 0, reverse } = readTrackLine(words, report);
    const name = at.text;
    if (!sessions.has(name)) {
      report.error('undefined-script', at, `there is no bfd_instance ${name.slice(0, 64)} above: it is not tracked`);
    } else if (draft.trackBfds.has(name)) {
      report.error('duplicate', at, `${name.slice(0, 64)} is tracked already; the line is ignored`);
    } else draft.trackBfds.set(name, { name, weight, reverse });
  }
}

/** `track_file`. */
export function readTrackFiles(
  statement: Statement,
  draft: Pick<InstanceDraft, 'trackFiles'>,
  { report, files }: ReadContext,
): void {
  readTracked(statement, draft.trackFiles, files, 'track_file', report);
}

/** `track_process`. */
export function readTrackProcesses(
  statement: Statement,
  draft: Pick<InstanceDraft, 'trackProcesses'>,
  { report, processes }: ReadContext,
): void {
  readTracked(statement, draft.trackProcesses, processes, 'vrrp_track_process', report);
}

function readTracked(
  statement: Statement,
  into: Map<string, TrackWeight>,
  defined: ReadonlyMap<string, TrackWeight>,
  what: string,
  report: Report,
): void {
  for (const words of statement.lines) {
    const { at, weight, reverse } = readTrackLine(words, report, 254);
    const found = defined.get(at.text);
    if (found === undefined) {
      report.error('undefined-script', at, `there is no ${what} ${at.text.slice(0, 64)} above: it is not tracked`, {
        hint: () => openBlockHint(at) ?? didYouMean(at.text, defined.keys()),
      });
    } else if (into.has(at.text)) {
      report.error('duplicate', at, `${at.text.slice(0, 64)} is tracked already; the line is ignored`);
    } else {
      const own = weight === undefined ? found : { weight, reverse };
      into.set(at.text, { name: at.text, weight: own.weight, reverse: own.reverse });
    }
  }
}
