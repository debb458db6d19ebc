// What kavtui does not do with a keyword: the ones whose behaviour is not built, and those that mean nothing here.
import { type KnownKeyword, ROOT } from './known-keywords.ts';
import type { Report } from './report.ts';
import type { Statement } from './statement.ts';
import { isSwitchedOff } from './values.ts';

function names(words: string): ReadonlySet<string> {
  return new Set(words.trim().split(/\s+/));
}

/**
 * The keywords whose behaviour is not built, and what would be left undone: each stops `run`. Their values are resolved
 * all the same, so that a keyword is switched on by deleting its row.
 */
const NOT_BUILT: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  [ROOT]: {
    bfd_instance: 'no BFD session would be kept',
  },
  global_defs: {},
  vrrp_instance: {
    track_bfd: 'the BFD sessions would not be watched',
  },
};

const CHECKERS = 'kavtui does not run health checkers';
const LINKBEAT = 'the kernel tells of the carrier at once';
const RECEIVE_QUEUE = 'a receive queue holds 1 MiB, which is more';

/** Keywords that are read and judged but have no effect here, by block; with why, where the name alone would puzzle. */
const WITHOUT_EFFECT: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  [ROOT]: {
    ...list('linkbeat_use_polling linkbeat_interfaces', LINKBEAT),
    net_namespace_ipvs: CHECKERS,
    namespace_with_ipsets: 'no ipset is used',
    use_pid_dir: 'no pid file is written',
    child_wait_time: 'there are no child processes to wait for',
    ...list('virtual_server virtual_server_group SSL', CHECKERS),
  },
  global_defs: {
    ...list('process_names process_name', 'kavtui is one process, which vrrp_process_name names'),
    ...list('checker_process_name lvs_process_name bfd_process_name', 'there is no such process'),
    use_symlink_paths: 'scripts are run by the path that is written',
    set_supplementary_groups: 'scripts of another user have the group of that user only',
    ...list('max_auto_priority min_auto_priority_delay', 'only vrrp_priority and vrrp_rt_priority change it'),
    vrrp_no_swap: 'the memory of a JavaScript engine is too large to lock',
    ...list('vrrp_rlimit_rttime vrrp_rlimit_rtime', 'the kernel would end a process that collects its garbage'),
    ...list('vrrp_rx_bufs_policy vrrp_rx_bufs_multiplier', RECEIVE_QUEUE),
    ...list(
      `vrrp_netlink_cmd_rcv_bufs vrrp_netlink_cmd_rcv_bufs_force vrrp_netlink_monitor_rcv_bufs
      vrrp_netlink_monitor_rcv_bufs_force process_monitor_rcv_bufs process_monitor_rcv_bufs_force`,
      'where messages were lost, all is read anew',
    ),
    log_unknown_vrids: 'such adverts are counted and logged anyway',
    random_seed: 'random numbers differ at each start',
    reload_check_config: 'a new configuration is always checked before it is taken',
    config_save_dir: "'kavtui check --print' shows what was understood",
    tmp_config_directory: 'no copy of the configuration is written',
    ...list('nftables_ifindex'),
    ...list(
      'notification_email notification_email_from smtp_server smtp_helo_name smtp_connect_timeout smtp_alert ' +
        'smtp_alert_vrrp smtp_alert_checker no_email_faults no_checker_emails',
      'kavtui sends no mail',
    ),
    ...list('vrrp_ipsets', 'nftables is used'),
    ...list('enable_dbus dbus_service_name dbus_no_interface_name', 'there is no D-Bus interface'),
    ...list(
      'snmp_socket enable_traps enable_snmp_vrrp enable_snmp_keepalived enable_snmp_rfc enable_snmp_rfcv2 ' +
        'enable_snmp_rfcv3 enable_snmp_checker snmp_vs_stats_update_interval snmp_rs_stats_update_interval',
      'there is no SNMP agent',
    ),
    ...list(
      `lvs_timeouts lvs_flush lvs_flush_on_stop lvs_flush_onstop lvs_sync_daemon nftables_ipvs nftables_ipvs_priority
      nftables_ipvs_start_fwmark lvs_notify_fifo lvs_notify_fifo_script checker_priority checker_no_swap
      checker_rt_priority checker_cpu_affinity checker_rlimit_rttime checker_rlimit_rtime bfd_priority bfd_no_swap
      bfd_rt_priority bfd_cpu_affinity bfd_rlimit_rttime bfd_rlimit_rtime lvs_netlink_cmd_rcv_bufs
      lvs_netlink_cmd_rcv_bufs_force lvs_netlink_monitor_rcv_bufs lvs_netlink_monitor_rcv_bufs_force rs_init_notifies`,
      CHECKERS,
    ),
  },
  vrrp_instance: {
    linkbeat_use_polling: LINKBEAT,
    kernel_rx_buf_size: RECEIVE_QUEUE,
    debug: 'the log is always as detailed',
    lvs_sync_daemon_interface: CHECKERS,
    ...list('smtp_alert', 'kavtui sends no mail'),
  },
  vrrp_sync_group: { ...list('smtp_alert', 'kavtui sends no mail'), ...list('global_tracking') },
};

function list(words: string, why = ''): Readonly<Record<string, string>> {
  return Object.fromEntries([...names(words)].map((name) => [name, why]));
}

/** Switches whose "off" is what happens anyway. `skip_check_adv_addr no` is not one: keepalived reads it as yes. */
const SWITCHES = names(`
  vrrp_min_garp vrrp_lower_prio_no_advert vrrp_higher_prio_send_advert vrrp_skip_check_adv_addr vrrp_strict
  vrrp_owner_ignore_adverts v3_checksum_as_v2 strict_mode lower_prio_no_advert higher_prio_send_advert
  owner_ignore_adverts
`);

/** Spellings that keepalived 2.2 reports as old. */
const OLD_NAMES: Readonly<Record<string, string>> = {
  vmac_garp_intvl: 'garp_extra_if',
  vrrp_vmac_garp_intvl: 'vrrp_garp_extra_if',
  linkbeat_use_polling: 'the block linkbeat_interfaces',
  lvs_sync_daemon_interface: 'lvs_sync_daemon in global_defs',
  thread_timer_expired: 'timer_expired_backup',
};

/** By keyword: nothing is to be said of it, however it is used. */
const PLAIN = new Map<KnownKeyword, boolean>();

function isPlain(statement: Statement): boolean {
  const { known } = statement;
  const before = PLAIN.get(known);
  if (before !== undefined) return before;
  const plain = isSupported(statement) && OLD_NAMES[known.name] === undefined;
  PLAIN.set(known, plain);
  return plain;
}

/** True when words after the last one that counts are worth pointing at. */
export function isSupported({ context, known: { name } }: Statement): boolean {
  return NOT_BUILT[context]?.[name] === undefined && WITHOUT_EFFECT[context]?.[name] === undefined;
}

/** Says of a keyword that is not built, or has no effect here, what will be missing; of all others nothing. */
export function reportSupport(statement: Statement, report: Report): void {
  const { keyword, context } = statement;
  if (isPlain(statement)) return;
  const name = statement.known.name;
  const replacement = context === 'vrrp_instance' || context === 'global_defs' ? OLD_NAMES[name] : undefined;
  if (replacement !== undefined) {
    report.warning('deprecated', keyword, `${name} is an old spelling: use ${replacement}`);
  }
  const off =
    SWITCHES.has(name) && isSwitchedOff(statement) && !(context === 'global_defs' && name === 'v3_checksum_as_v2');
  const missing = off ? undefined : NOT_BUILT[context]?.[name];
  const why = WITHOUT_EFFECT[context]?.[name];
  if (missing !== undefined) {
    report.info('not-yet-supported', keyword, `${name} is not yet supported: ${missing}`, { blocking: true });
  } else if (why !== undefined) {
    const message = `${name} is accepted, without effect here${why === '' ? '' : `: ${why}`}`;
    report.info('accepted-without-effect', keyword, message);
  }
}
