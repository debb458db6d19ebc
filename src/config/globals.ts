// The block global_defs: what it says about scripts, versions and announcements.
import type { GlobalConfig, NotifyFifoConfig } from '../engine/config.ts';
import type { Command } from '../vrrp/config.ts';
import { addressBytes, addressFamily, type IpAddress } from '../wire/address.ts';
import { readCommand, type ScriptUser } from './commands.ts';
import { type GarpSettings, isGarpKeyword, readGarp } from './garp.ts';
import type { HostFacts } from './host-facts.ts';
import type { InstanceDefaults } from './instance-draft.ts';
import { judgeUser, knowsUser, lacksUser } from './judge-host.ts';
import { completeProcess, type ProcessDraft, readProcessLine } from './process-lines.ts';
import type { Report } from './report.ts';
import { readHost } from './rules.ts';
import type { Statement, Word } from './statement.ts';
import { reportSupport } from './support.ts';
import { readInteger, readSeconds, readSwitch } from './values.ts';

/** The globals, and the announcement defaults that instances take over. */
export interface Globals {
  readonly config: GlobalConfig;
  readonly garp: GarpSettings;
  /** What instances take over where they say nothing themselves. */
  readonly defaults: InstanceDefaults;
  /** script_user names nobody whom this host knows. */
  readonly noUser: boolean;
  /** A script of global_defs has settled that scripts run as root. */
  readonly hasUser: boolean;
  /** Names of virtual MAC interfaces that earlier instances took. */
  readonly vmacNames: Set<string>;
}

interface Draft {
  routerId?: string;
  scriptUser?: ScriptUser;
  enableScriptSecurity: boolean;
  defaultInterface: string;
  checkerLogAllFailures: boolean;
  vrrpVersion: 2 | 3;
  vrrpIptables?: { readonly inChain: string; readonly outChain: string };
  startupDelayUs?: number;
  delayAfterBootUs?: number;
  fifoStatesOnReload?: boolean;
  disableLocalIgmp?: boolean;
  noUser: boolean;
  hasUser: boolean;
  readonly nftables: { table?: string; priority?: number; counters?: boolean };
  readonly garp: GarpSettings;
  readonly defaults: InstanceDefaults;
  readonly fifos: { general?: Word; vrrp?: Word; generalScript?: Command; vrrpScript?: Command };
}

/** Resolves every global_defs block of the file; they add up, and hold wherever they stand. */
export function resolveGlobals(statements: readonly Statement[], host: HostFacts | undefined, report: Report): Globals {
  const draft: Draft = {
    enableScriptSecurity: false,
    defaultInterface: 'eth0',
    checkerLogAllFailures: false,
    vrrpVersion: 2,
    garp: {},
    defaults: { vmacPrefix: 'vrrp' },
    fifos: {},
    noUser: false,
    hasUser: false,
    nftables: {},
  };
  const lines: ProcessDraft = { process: {}, dumps: {} };
  const reading = () => ({ draft: lines, scriptUser: draft.scriptUser, report });
  for (const block of statements) {
    readProcessLine(block, reading());
    if (block.known.name !== 'global_defs') continue;
    for (const statement of block.statements) {
      reportSupport(statement, report);
      if (SCRIPTS.has(statement.known.name)) settleUser(statement, draft, host, report);
      if (statement.known.name === 'script_user' && !isScriptUser(statement, draft, host, report)) continue;
      if (isGarpKeyword(statement)) readGarp(statement, draft.garp, report);
      else if (!readProcessLine(statement, reading())) HANDLERS[statement.known.name]?.(statement, draft, report);
    }
  }
  const { garp, defaults, fifos, noUser, hasUser, nftables, ...config } = draft;
  const notifyFifos = [...fifo(fifos.general, fifos.generalScript), ...fifo(fifos.vrrp, fifos.vrrpScript)];
  return {
    config: {
      ...config,
      ...completeProcess(lines),
      ...(Object.keys(nftables).length === 0 ? {} : { nftables }),
      ...(notifyFifos.length === 0 ? {} : { notifyFifos }),
    },
    garp,
    defaults,
    noUser,
    hasUser,
    vmacNames: new Set(),
  };
}

function isScriptUser(statement: Statement, draft: Draft, host: HostFacts | undefined, report: Report): boolean {
  const isGood = judgeUser(statement.words, host, report);
  draft.noUser = !isGood;
  draft.hasUser = isGood;
  return isGood;
}

const SCRIPTS = new Set(
  ['startup', 'shutdown', 'notify_fifo', 'vrrp_notify_fifo', 'lvs_notify_fifo'].map((name) => `${name}_script`),
);

/** The first script that names no user decides whom all such scripts run as, with what is known at its line. */
function settleUser(statement: Statement, draft: Draft, host: HostFacts | undefined, report: Report): void {
  const [, user, group] = statement.words;
  if (user !== undefined && host !== undefined && !knowsUser(user.text, group?.text, host)) {
    report.error('no-such-user', user, 'there is no such user or group on this host; the script is left out');
  }
  if (host === undefined || draft.noUser || draft.hasUser || statement.words.length !== 1) return;
  if (!lacksUser(draft.scriptUser, draft.enableScriptSecurity, host)) draft.hasUser = true;
  else {
    draft.noUser = true;
    report.error('no-such-user', statement.keyword, 'this script has no user to run as on this host');
  }
}

function fifo(path: Word | undefined, script: Command | undefined): readonly NotifyFifoConfig[] {
  return path === undefined ? [] : [{ path: path.text, ...(script === undefined ? {} : { script }) }];
}

/** A keyword of global_defs that any word after it leaves true. */
function flagFor(key: keyof InstanceDefaults): Handler {
  return (_, draft) => void Object.assign(draft.defaults, { [key]: true });
}

/** A switch of global_defs that instances take over. */
function switchFor(key: keyof InstanceDefaults): Handler {
  return (statement, draft, report) => {
    const value = readSwitch(statement, report);
    if (value !== undefined) Object.assign(draft.defaults, { [key]: value });
  };
}

function delay(key: 'startupDelayUs' | 'delayAfterBootUs'): Handler {
  return (statement, draft, report) => {
    const word = statement.words[0];
    if (word === undefined) return;
    const range = { min: 0.001, max: 4294.967295 };
    const value = readSeconds(word, statement.known.name, range, 'the line is ignored', report);
    if (value !== undefined) draft[key] = value;
  };
}

function interval(key: 'garpIntervalUs' | 'gnaIntervalUs'): Handler {
  return (statement, { garp }, report) => {
    const word = statement.words[0];
    if (word === undefined) return;
    const range = { min: 0.000001, max: 4294.967295 };
    const value = readSeconds(word, statement.known.name, range, 'the line is ignored', report);
    if (value !== undefined) garp[key] = value;
  };
}

function multicastGroup(family: 4 | 6): Handler {
  return ({ words: [word] }, draft, report) => {
    if (word === undefined) return;
    const address = readHost(word.text);
    if (address === undefined || addressFamily(address) !== family || !isMulticast(address)) {
      report.error('invalid-address', word, `this is no IPv${family} multicast address; the line is ignored`);
    } else draft.defaults[family === 4 ? 'group4' : 'group6'] = address;
  };
}

function isMulticast(address: IpAddress): boolean {
  const first = addressBytes(address)[0]!;
  return addressFamily(address) === 4 ? first >= 224 && first < 240 : first === 0xff;
}

type Handler = (statement: Statement, draft: Draft, report: Report) => void;

const HANDLERS: Readonly<Record<string, Handler>> = {
  router_id: ({ words: [name] }, draft) => {
    if (name !== undefined) draft.routerId = name.text;
  },
  script_user: ({ words: [user, group] }, draft) => {
    if (user === undefined) return;
    draft.scriptUser = { user: user.text, ...(group === undefined ? {} : { group: group.text }) };
  },
  enable_script_security: (_, draft) => {
    draft.enableScriptSecurity = true;
  },
  default_interface: ({ words: [name] }, draft) => {
    if (name !== undefined) draft.defaultInterface = name.text;
  },
  checker_log_all_failures: (statement, draft, report) => {
    draft.checkerLogAllFailures = readSwitch(statement, report) ?? draft.checkerLogAllFailures;
  },
  vrrp_version: (statement, draft, report) => {
    const word = statement.words[0];
    if (word === undefined) return;
    const version = readInteger(word, 'vrrp_version', { min: 2, max: 3 }, 'version 2 is used', report);
    if (version !== undefined) draft.vrrpVersion = version === 2 ? 2 : 3;
  },
  vrrp_lower_prio_no_advert: switchFor('lowerPrioNoAdvert'),
  vrrp_higher_prio_send_advert: switchFor('higherPrioSendAdvert'),
  // Any word after these three means true.
  vrrp_strict: flagFor('strict'),
  vrrp_check_unicast_src: flagFor('checkUnicastSource'),
  vrrp_skip_check_adv_addr: flagFor('skipCheckAdvertAddresses'),
  vrrp_owner_ignore_adverts: switchFor('ownerIgnoreAdverts'),
  vrrp_notify_priority_changes: switchFor('notifyPriorityChanges'),
  smtp_alert: switchFor('smtpAlert'),
  smtp_alert_vrrp: switchFor('smtpAlertVrrp'),
  v3_checksum_as_v2: (_, draft) => {
    draft.defaults.v3ChecksumAsV2 = true;
  },
  vrrp_mcast_group4: multicastGroup(4),
  vrrp_mcast_group6: multicastGroup(6),
  vrrp_down_timer_adverts: ({ words: [word] }, draft, report) => {
    if (word === undefined) return;
    const adverts = readInteger(word, 'vrrp_down_timer_adverts', { min: 1, max: 100 }, 'the line is ignored', report);
    if (adverts !== undefined) draft.defaults.downTimerAdverts = adverts;
  },
  vrrp_min_garp: (statement, { garp }, report) => {
    if (readSwitch(statement, report) !== true) return;
    garp.masterRepeat ??= 1;
    garp.masterDelay ??= 0;
    garp.masterRefreshRepeat ??= 0;
  },
  vrrp_garp_interval: interval('garpIntervalUs'),
  vrrp_gna_interval: interval('gnaIntervalUs'),
  vmac_prefix: ({ words: [word] }, draft) => {
    if (word !== undefined && word.text.length <= 11) draft.defaults.vmacPrefix = word.text;
  },
  vrrp_startup_delay: delay('startupDelayUs'),
  vrrp_delay_after_boot: delay('delayAfterBootUs'),
  fifo_write_vrrp_states_on_reload: (_, draft) => {
    draft.fifoStatesOnReload = true;
  },
  vmac_addr_prefix: ({ words: [word] }, draft) => {
    if (word !== undefined && word.text.length <= 11) draft.defaults.vmacAddrPrefix = word.text;
  },
  nftables: ({ words: [word] }, draft, report) => {
    if (word !== undefined && !/^[A-Za-z_][\w./-]{0,31}$/.test(word.text)) {
      report.info('invalid-value', word, 'this is no name for an nftables table: kavtui is used');
    } else if (word !== undefined) draft.nftables.table = word.text;
  },
  nftables_priority: ({ words: [word] }, draft, report) => {
    const range = { min: -0x80000000, max: 0x7fffffff };
    const value = word && readInteger(word, 'nftables_priority', range, 'the line is ignored', report);
    if (value !== undefined) draft.nftables.priority = value;
  },
  nftables_counters: (_, draft) => {
    draft.nftables.counters = true;
  },
  disable_local_igmp: (_, draft) => {
    draft.disableLocalIgmp = true;
  },
  notify_fifo: ({ words: [path] }, draft) => {
    if (path !== undefined) draft.fifos.general ??= path;
  },
  vrrp_notify_fifo: ({ words: [path] }, draft) => {
    if (path !== undefined) draft.fifos.vrrp ??= path;
  },
  notify_fifo_script: (statement, draft, report) => {
    const script = readCommand(statement, draft.scriptUser, report);
    if (script !== undefined) draft.fifos.generalScript ??= script;
  },
  vrrp_notify_fifo_script: (statement, draft, report) => {
    const script = readCommand(statement, draft.scriptUser, report);
    if (script !== undefined) draft.fifos.vrrpScript ??= script;
  },
  vrrp_iptables: (statement, draft, report) => {
    const [inChain, outChain] = statement.words;
    draft.vrrpIptables = { inChain: inChain?.text ?? 'INPUT', outChain: outChain?.text ?? 'OUTPUT' };
    const message = 'vrrp_iptables: keepalived as packaged today is built without iptables and uses nftables';
    report.warning('deprecated', statement.keyword, message, { hint: "write 'nftables' in place of it" });
  },
};
