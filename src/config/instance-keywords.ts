// The keywords of vrrp_instance, one small reader each: they fill the draft and judge only their own line.
import { MAX_NAME } from './addresses.ts';
import { readCommand } from './commands.ts';
import { isGarpKeyword, readGarp } from './garp.ts';
import { readHmac } from './hmac.ts';
import {
  readAddresses,
  readAuthentication,
  readExcluded,
  readPeers,
  readSource,
  readTrackBfds,
  readTrackFiles,
  readTrackInterfaces,
  readTrackProcesses,
  readTrackScripts,
} from './instance-blocks.ts';
import type { InstanceDraft, NotifyDraft, ReadContext } from './instance-draft.ts';
import { readInstanceOption } from './instance-options.ts';
import { judgeInterface } from './judge-host.ts';
import { readRoutes, readRules } from './policy-blocks.ts';
import type { Report } from './report.ts';
import type { Statement } from './statement.ts';
import { reportSupport } from './support.ts';
import { didYouMean, readInteger, readSeconds } from './values.ts';

type Reader = (statement: Statement, draft: InstanceDraft, context: ReadContext) => void;

/** Reads one line or block of a vrrp_instance into the draft. */
export function readInstanceKeyword(statement: Statement, draft: InstanceDraft, context: ReadContext): void {
  reportSupport(statement, context.report);
  noteRepeated(statement, draft, context.report);
  const reader = READERS.get(statement.known.name);
  if (reader !== undefined) reader(statement, draft, context);
  else if (isGarpKeyword(statement)) readGarp(statement, draft.garp, context.report);
  else readInstanceOption(statement, draft, context.report);
}

/** Lines of which keepalived silently takes the last. */
const LAST_WINS: ReadonlySet<string> = new Set([
  'interface',
  'virtual_router_id',
  'priority',
  'version',
  'advert_int',
  'preempt_delay',
  'unicast_src_ip',
  'mcast_src_ip',
]);

function noteRepeated({ known, keyword }: Statement, draft: InstanceDraft, report: Report): void {
  const earlier = draft.seen.get(known.name);
  draft.seen.set(known.name, keyword);
  if (earlier === undefined || !LAST_WINS.has(known.name)) return;
  report.info('duplicate', keyword, `${known.name} stands on line ${earlier.line.number} too: this one counts`);
}

const OWN: Readonly<Record<string, Reader>> = {
  state: readState,
  interface: readInterface,
  vrf: ({ words: [word] }, draft, { report, host }) => {
    if (word === undefined) return;
    draft.vrf = word;
    if (host !== undefined && !host.interfaces.has(word.text))
      report.warning('no-such-interface', word, `there is no VRF ${word.text.slice(0, 64)} on this host`);
  },
  virtual_router_id: (statement, draft, { report }) => {
    const word = statement.words[0];
    if (word === undefined) return;
    const value = readInteger(
      word,
      'virtual_router_id',
      { min: 1, max: 255 },
      'without it the instance cannot run',
      report,
    );
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
  no_accept: (_, draft) => {
    draft.accept = false;
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
  virtual_ipaddress_excluded: readExcluded,
  authentication: readAuthentication,
  auth_hmac: readHmac,
  track_script: readTrackScripts,
  track_interface: readTrackInterfaces,
  notify_master: readNotify('master'),
  notify_backup: readNotify('backup'),
  notify_fault: readNotify('fault'),
  notify_stop: readNotify('stop'),
  notify_deleted: (statement, draft, context) => {
    if (draft.options.notifyDeleted) {
      const message = 'notify_deleted was given before: this line is ignored';
      context.report.error('duplicate', statement.keyword, message);
      return;
    }
    draft.options.notifyDeleted = true;
    if (statement.words.length > 0) readNotify('deleted')(statement, draft, context);
  },
  notify: readNotify('any'),
  notify_master_rx_lower_pri: readNotify('masterRxLowerPri'),
  virtual_routes: (statement, { routes }, { policy, report }) => {
    routes.push(...readRoutes(statement, policy, report));
  },
  virtual_rules: (statement, { rules }, { policy, report }) => {
    rules.push(...readRules(statement, policy, report));
  },
  track_file: readTrackFiles,
  track_process: readTrackProcesses,
  track_bfd: readTrackBfds,
};

const READERS: ReadonlyMap<string, Reader> = new Map(Object.entries(OWN));

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
    hint: () => didYouMean(word.text, ['MASTER', 'BACKUP']) ?? 'state is MASTER or BACKUP',
  });
}

function readInterface(statement: Statement, draft: InstanceDraft, { report, host }: ReadContext): void {
  const word = statement.words[0];
  if (word === undefined) return;
  if (word.text.length > MAX_NAME) {
    report.error(
      'out-of-range',
      word,
      `an interface name has at most ${MAX_NAME} characters; without one the instance cannot run`,
    );
  } else if (word.text === '') {
    report.error('invalid-value', word, 'the interface has no name; without one the instance cannot run');
  } else if (word.text === 'lo') {
    report.error(
      'invalid-value',
      word,
      'VRRP cannot run on the loopback interface; without another the instance cannot run',
    );
  } else {
    draft.interface = word;
    judgeInterface(word, host, report);
  }
}

/** Reads a `notify*` line of an instance or of a group. */
export function readNotify(event: keyof NotifyDraft) {
  return (
    statement: Statement,
    draft: { readonly notify: NotifyDraft },
    { report, scriptUser, noUser }: Pick<ReadContext, 'report' | 'scriptUser' | 'noUser'>,
  ): void => {
    if (draft.notify[event] !== undefined) {
      const message = `${statement.keyword.text} was given before: this line is ignored`;
      report.error('duplicate', statement.keyword, message);
      return;
    }
    const command = readCommand(statement, scriptUser, report);
    if (command === undefined) return;
    draft.notify[event] = command;
    if (noUser && command.user === undefined) {
      report.once('no-such-user', statement.keyword, 'this script has no user to run as on this host');
    }
  };
}
