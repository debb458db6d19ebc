// What kavtui does with each keyword: resolves it, or says that it does not yet and whether that matters.
import { ROOT } from './known-keywords.ts';
import type { Report } from './report.ts';
import type { Statement } from './tree.ts';
import { isSwitchedOff } from './values.ts';

function names(words: string): ReadonlySet<string> {
  return new Set(words.trim().split(/\s+/));
}

/** Keywords that are resolved, by block. */
const SUPPORTED: Readonly<Record<string, ReadonlySet<string>>> = {
  [ROOT]: names('global_defs vrrp_script vrrp_instance'),
  global_defs: names(`
    router_id vrrp_version checker_log_all_failures default_interface vrrp_iptables script_user enable_script_security
    vrrp_garp_master_delay vrrp_garp_master_repeat vrrp_garp_master_refresh vrrp_garp_master_refresh_repeat
    vrrp_garp_lower_prio_delay vrrp_garp_lower_prio_repeat
  `),
  vrrp_script: names('script interval timeout weight rise fall user init_fail'),
  vrrp_instance: names(`
    state interface priority virtual_router_id version advert_int accept no_accept nopreempt preempt preempt_delay
    unicast_src_ip unicast_peer mcast_src_ip virtual_ipaddress virtual_ipaddress_excluded authentication
    track_script track_interface garp_master_delay garp_master_repeat garp_master_refresh garp_master_refresh_repeat
    garp_lower_prio_delay garp_lower_prio_repeat notify_master notify_backup notify_fault notify_stop notify
  `),
  'vrrp_instance/authentication': names('auth_type auth_pass'),
};

/** Keywords without which the wire, the election or the addresses would differ, and what would be left undone. */
const BLOCKING: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  [ROOT]: {
    net_namespace: 'routers would run in another network namespace',
    vrrp_sync_group: 'instances of a group would fail over one by one',
    track_group: 'tracked static routes would not stop an instance',
    garp_group: 'announcements would not be spaced out',
    static_ipaddress: 'the addresses would not be set',
    static_routes: 'the routes would not be set',
    static_rules: 'the rules would not be set',
    interface_up_down_delays: 'link changes would count at once',
    bfd_instance: 'no BFD session would be kept',
  },
  global_defs: {
    v3_checksum_as_v2: 'v3 checksums would differ',
    vrrp_mcast_group4: 'adverts would go to 224.0.0.18',
    vrrp_mcast_group6: 'adverts would go to ff02::12',
    vrrp_down_timer_adverts: 'a silent master would be given up after 3 adverts',
    vrrp_garp_interval: 'announcements would not be spaced out',
    vrrp_gna_interval: 'announcements would not be spaced out',
    vrrp_min_garp: 'announcements would be sent five times, twice',
    vrrp_lower_prio_no_advert: 'lower-priority adverts would be answered',
    vrrp_higher_prio_send_advert: 'higher-priority adverts would not be answered',
    vrrp_check_unicast_src: 'adverts of strangers would be accepted',
    vrrp_skip_check_adv_addr: 'addresses of every advert would be checked',
    vrrp_strict: 'the rules of strict mode would not hold',
    vrrp_startup_delay: 'instances would start at once',
    vrrp_delay_after_boot: 'instances would start at once',
    vrrp_owner_ignore_adverts: 'an address owner would listen to adverts',
  },
  vrrp_instance: {
    use_vmac: 'adverts and addresses would use the MAC address of the interface',
    use_vmac_addr: 'addresses would use the MAC address of their interface',
    vmac_xmit_base: 'there is no virtual MAC address yet',
    use_ipvlan: 'there would be no ipvlan interface',
    unicast_fault_no_peer: 'without peers it would use multicast',
    check_unicast_src: 'adverts of strangers would be accepted',
    old_unicast_checksum: 'v3 checksums would differ',
    native_ipv6: 'the family is taken from the addresses',
    vrf: 'adverts would not use the VRF',
    dont_track_primary: 'loss of the link would be a FAULT',
    track_file: 'the files would not be watched',
    track_process: 'the processes would not be watched',
    track_bfd: 'the BFD sessions would not be watched',
    mcast_dst_ip: 'adverts would go to the default group',
    track_src_ip: 'a missing source address would not be a FAULT',
    unicast_ttl: 'adverts would be sent with TTL 255',
    no_virtual_ipaddress: 'an instance needs an address',
    promote_secondaries: 'the sysctl would not be set',
    v3_checksum_as_v2: 'v3 checksums would differ',
    virtual_routes: 'the routes would not be set',
    virtual_rules: 'the rules would not be set',
    skip_check_adv_addr: 'addresses of every advert would be checked',
    strict_mode: 'the rules of strict mode would not hold',
    down_timer_adverts: 'a silent master would be given up after 3 adverts',
    timer_expired_backup: 'a late master would not step down by itself',
    thread_timer_expired: 'a late master would not step down by itself',
    lower_prio_no_advert: 'lower-priority adverts would be answered',
    higher_prio_send_advert: 'higher-priority adverts would not be answered',
    owner_ignore_adverts: 'an address owner would listen to adverts',
    auth_hmac: 'adverts would not be signed',
  },
};

/** Why a keyword is left alone, for those where "not yet supported" alone would puzzle. */
const HARMLESS: Readonly<Record<string, string>> = {
  virtual_server: 'kavtui does not run health checkers',
  virtual_server_group: 'kavtui does not run health checkers',
  SSL: 'kavtui does not run health checkers',
};

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

/** True when the keyword is one that the resolver reads. */
export function isSupported(statement: Statement): boolean {
  return SUPPORTED[statement.context]?.has(statement.known.name) ?? false;
}

/** Says of a keyword that keepalived knows and kavtui does not resolve what will be missing. */
export function reportUnsupported(statement: Statement, report: Report): void {
  const { keyword, context } = statement;
  const name = statement.known.name;
  const replacement = context === 'vrrp_instance' || context === 'global_defs' ? OLD_NAMES[name] : undefined;
  if (replacement !== undefined) {
    report.warning('deprecated', keyword, `${name} is an old spelling: use ${replacement}`);
  }
  const missing = BLOCKING[context]?.[name];
  const off =
    SWITCHES.has(name) && isSwitchedOff(statement) && !(context === 'global_defs' && name === 'v3_checksum_as_v2');
  const blocking = missing !== undefined && !off;
  const why = blocking ? missing : HARMLESS[name];
  report.info('not-yet-supported', keyword, `${name} is not yet supported${why === undefined ? '' : `: ${why}`}`, {
    blocking,
  });
}
