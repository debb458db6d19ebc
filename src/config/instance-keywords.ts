// The keywords of vrrp_instance, one small reader each: they fill the draft and judge only their own line.
import type { ScriptConfig } from '../engine/config.ts';
import { addressFamily, type IpAddress, parseAddress } from '../wire/address.ts';
import { type AddressLine, MAX_NAME, readAddressLine } from './addresses.ts';
import { readCommand, type ScriptUser } from './commands.ts';
import { isGarpKeyword, readGarp } from './garp.ts';
import type { InstanceDraft } from './instance-draft.ts';
import type { Report } from './report.ts';
import { isSupported, reportUnsupported } from './support.ts';
import { readTrackLine } from './tracking.ts';
import type { Statement } from './tree.ts';
import { didYouMean, readInteger, readSeconds } from './values.ts';
import type { Word } from './words.ts';

/** What a reader may need besides its line. */
export interface ReadContext {
  readonly report: Report;
  /** The scripts defined so far, by name: keepalived looks them up at this very line. */
  readonly scripts: ReadonlyMap<string, ScriptConfig>;
  readonly scriptUser: ScriptUser | undefined;
}

type Reader = (statement: Statement, draft: InstanceDraft, context: ReadContext) => void;

/** Reads one line or block of a vrrp_instance into the draft. */
export function readInstanceKeyword(statement: Statement, draft: InstanceDraft, context: ReadContext): void {
  if (!isSupported(statement)) reportUnsupported(statement, context.report);
  else if (isGarpKeyword(statement)) readGarp(statement, draft.garp, context.report);
  else READERS[statement.known.name]?.(statement, draft, context);
}

const READERS: Readonly<Record<string, Reader>> = {
  state: readState,
  interface: readInterface,
  virtual_router_id: (statement, draft, { report }) => {
    const word = statement.words[0];
    draft.vridWritten = true;
    if (word === undefined) return;
    const value = readInteger(word, 'virtual_router_id', { min: 1, max: 255 }, 'the line is ignored', report);
    if (value !== undefined) draft.vrid = { value, at: word };
  },
  priority: (statement, draft, { report }) => {
    const word = statement.words[0];
    if (word === undefined) return;
    draft.priority = readInteger(word, 'priority', { min: 1, max: 255 }, '100 is used', report) ?? 100;
  },
  version: (statement, draft, { report }) => {
    const word = statement.words[0];
    if (word === undefined) return;
    const version = readInteger(word, 'version', { min: 2, max: 3 }, 'the line is ignored', report);
    if (version !== undefined) draft.version = version === 2 ? 2 : 3;
  },
  advert_int: (statement, draft, { report }) => {
    const word = statement.words[0];
    if (word === undefined) return;
    const value = readSeconds(word, 'advert_int', { min: 0.01, max: 255 }, 'the line is ignored', report);
    if (value !== undefined) draft.advertInterval = { value, at: word };
  },
  accept: (_, draft) => {
    draft.accept = true;
  },
  no_accept: (statement, draft, { report }) => {
    draft.accept = false;
    const message = 'no_accept is not enforced yet: the master answers on its virtual addresses';
    report.info('not-enforced', statement.keyword, message);
  },
  nopreempt: (statement, draft) => {
    draft.nopreempt = statement.keyword;
  },
  preempt: (_, draft) => {
    delete draft.nopreempt;
  },
  preempt_delay: (statement, draft, { report }) => {
    const word = statement.words[0];
    if (word === undefined) return;
    const value = readSeconds(word, 'preempt_delay', { min: 0, max: 1000 }, 'there is no delay', report);
    if (value !== undefined) draft.preemptDelay = { value, at: word };
  },
  unicast_src_ip: (statement, draft, context) => {
    draft.unicast ??= statement.keyword;
    readSource(statement, draft, context);
  },
  mcast_src_ip: readSource,
  unicast_peer: readPeers,
  virtual_ipaddress: readAddresses,
  virtual_ipaddress_excluded: (statement, draft, { report }) => {
    for (const words of statement.lines) keepAddress(readAddressLine(words, report), draft.excluded);
  },
  authentication: readAuthentication,
  track_script: readTrackScripts,
  track_interface: readTrackInterfaces,
  notify_master: readNotify('master'),
  notify_backup: readNotify('backup'),
  notify_fault: readNotify('fault'),
  notify_stop: readNotify('stop'),
  notify: readNotify('any'),
};

function readState(statement: Statement, draft: InstanceDraft, { report }: ReadContext): void {
  const word = statement.words[0];
  if (word === undefined) return;
  if (word.text === 'BACKUP' && draft.state?.value === 'MASTER') {
    report.error('duplicate', word, 'state was MASTER before: this line is ignored');
    return;
  }
  if (word.text === 'MASTER' || word.text === 'BACKUP') {
    draft.state = { value: word.text, at: word };
    return;
  }
  draft.state = { value: 'BACKUP', at: word };
  report.error('invalid-value', word, `unknown state '${word.text.slice(0, 64)}': BACKUP is used`, {
    hint: didYouMean(word.text, ['MASTER', 'BACKUP']) ?? 'state is MASTER or BACKUP',
  });
}

function readInterface(statement: Statement, draft: InstanceDraft, { report }: ReadContext): void {
  const word = statement.words[0];
  draft.interfaceWritten = true;
  if (word === undefined) return;
  if (word.text.length > MAX_NAME) {
    report.error('out-of-range', word, `an interface name has at most ${MAX_NAME} characters; the line is ignored`);
  } else if (word.text === 'lo') {
    report.error('invalid-value', word, 'VRRP cannot run on the loopback interface; the line is ignored');
  } else draft.interface = word;
}

/** An address of the instance's family; undefined (and reported) otherwise. */
function readFamilyAddress(word: Word, what: string, draft: InstanceDraft, report: Report): IpAddress | undefined {
  const address = parseAddress(word.text.split('/', 1)[0]!);
  if (address === undefined) {
    report.error('invalid-address', word, `'${word.text.slice(0, 64)}' is not an IP address; the ${what} is ignored`);
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

function readSource(statement: Statement, draft: InstanceDraft, { report }: ReadContext): void {
  const word = statement.words[0];
  if (word === undefined) return;
  const address = readFamilyAddress(word, 'source address', draft, report);
  if (address !== undefined) draft.source = address;
}

function readPeers(statement: Statement, draft: InstanceDraft, { report }: ReadContext): void {
  draft.unicast ??= statement.keyword;
  for (const [word, ...options] of statement.lines) {
    const address = readFamilyAddress(word!, 'peer', draft, report);
    if (address !== undefined) draft.peers.push(address);
    readPeerOptions(options, report);
  }
}

function readPeerOptions(options: readonly Word[], report: Report): void {
  for (let index = 0; index < options.length; index += 2) {
    const option = options[index]!;
    const value = options[index + 1];
    if (option.text !== 'min_ttl' && option.text !== 'max_ttl') {
      const isPeer = parseAddress(option.text) !== undefined;
      report.error('unknown-option', option, `'${option.text.slice(0, 64)}' after a peer is ignored`, {
        hint: isPeer ? 'write one peer a line' : didYouMean(option.text, ['min_ttl', 'max_ttl']),
      });
      return;
    }
    if (value === undefined) report.error('missing-value', option, `${option.text} needs a number after it`);
    else readInteger(value, option.text, { min: 0, max: 255 }, 'it is ignored', report);
    const message = `${option.text} is not yet supported: adverts of any TTL would be accepted`;
    report.info('not-yet-supported', option, message, { blocking: true });
  }
}

function readAddresses(statement: Statement, draft: InstanceDraft, { report }: ReadContext): void {
  for (const words of statement.lines) {
    const line = readAddressLine(words, report);
    if (line !== undefined && agrees(line.address, line.at, 'address', draft, report))
      keepAddress(line, draft.addresses);
  }
}

function keepAddress(line: AddressLine | undefined, addresses: AddressLine[]): void {
  if (line !== undefined) addresses.push(line);
}

function readAuthentication(statement: Statement, draft: InstanceDraft, { report }: ReadContext): void {
  for (const inner of statement.statements) {
    const word = inner.words[0];
    if (word === undefined) continue;
    if (inner.known.name === 'auth_pass') draft.authPass = { value: word.text, at: word };
    else if (word.text === 'PASS' || word.text === 'AH') draft.authType = { value: word.text, at: word };
    else {
      report.error('invalid-value', word, `unknown auth_type '${word.text.slice(0, 64)}': the line is ignored`, {
        hint: didYouMean(word.text, ['PASS', 'AH']) ?? 'auth_type is PASS or AH',
      });
    }
  }
}

function readTrackScripts(statement: Statement, draft: InstanceDraft, { report, scripts }: ReadContext): void {
  for (const words of statement.lines) {
    const line = readTrackLine(words, report);
    const name = line.at.text;
    const script = scripts.get(name);
    if (script === undefined) {
      report.error(
        'undefined-script',
        line.at,
        `there is no vrrp_script ${name.slice(0, 64)} above: it is not tracked`,
        {
          hint: didYouMean(name, scripts.keys()),
        },
      );
    } else if (draft.trackScripts.some((tracked) => tracked.name === name)) {
      report.error('duplicate', line.at, `${name} is tracked already; the line is ignored`);
    } else {
      const weight = line.weight ?? script.weight;
      draft.trackScripts.push({ name, weight, reverse: line.weight === undefined ? script.reverse : line.reverse });
    }
  }
}

function readTrackInterfaces(statement: Statement, draft: InstanceDraft, { report }: ReadContext): void {
  for (const words of statement.lines) {
    const { at, weight = 0, reverse } = readTrackLine(words, report);
    if (draft.trackInterfaces.some((tracked) => tracked.value.name === at.text)) {
      report.error('duplicate', at, `${at.text.slice(0, 64)} is tracked already; the line is ignored`);
    } else draft.trackInterfaces.push({ at, value: { name: at.text, weight, reverse } });
  }
}

function readNotify(event: keyof InstanceDraft['notify']): Reader {
  return (statement, draft, { report, scriptUser }) => {
    if (draft.notify[event] !== undefined) {
      const message = `${statement.keyword.text} was given before: this line is ignored`;
      report.error('duplicate', statement.keyword, message);
      return;
    }
    const command = readCommand(statement, scriptUser, report);
    if (command !== undefined) draft.notify[event] = command;
  };
}
