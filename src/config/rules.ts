// What the first word of a line may be, for the keywords that nothing else resolves: ranges, lists and addresses, observed
// with keepalived 2.2.7. One table for each block; a keyword that is not in it may have any word.
import { type IpAddress, parseAddress } from '../wire/address.ts';
import { KNOWN_KEYWORDS, type KnownKeyword } from './known-keywords.ts';
import type { Report } from './report.ts';
import type { Statement, Word } from './statement.ts';
import { didYouMean, readInteger, readSeconds, readSwitch } from './values.ts';

const MAX = 4_294_967_295;
const MAX_INT = 2_147_483_647;
const TIMEOUT = 'seconds 0.000001 4294.967295';
const LOOP = 'seconds 0.000001 18446744073709.55';
const PAUSE = 'seconds 0 18446744073709.55';

/** Of all checkers that connect. */
const CONNECTION = `
  connect_ip: address
  connect_port bind_port: integer 1 65535
  connect_timeout: ${TIMEOUT}
  fwmark: integer 0 ${MAX}
`;
const CHECKER = `
  retry: integer 0 ${MAX}
  delay_before_retry warmup: ${PAUSE}
  delay_loop: ${LOOP}
  alpha log_all_failures: switch
`;
const HTTP = `
  ${CONNECTION}
  ${CHECKER}
  nb_get_retry: integer 0 ${MAX}
  enable_sni fast_recovery tls_compliant: switch
  http_protocol: one 1.0 1.1 1.0C 1.0c 1.1
`;

const TABLE: Readonly<Record<string, string>> = {
  '<root>': `child_wait_time: integer 0 ${MAX}`,
  global_defs: `
    smtp_connect_timeout: integer 0 4294
    smtp_alert_checker vrrp_netlink_cmd_rcv_bufs_force vrrp_netlink_monitor_rcv_bufs_force rs_init_notifies: switch
    process_monitor_rcv_bufs_force lvs_netlink_cmd_rcv_bufs_force lvs_netlink_monitor_rcv_bufs_force: switch
    no_checker_emails: switch
    max_auto_priority: integer -1 99
    min_auto_priority_delay: integer 1 10000000
    vrrp_rx_bufs_policy: number-or MTU ADVERT NO_SEND_RX
    dynamic_interfaces: one allow_if_changes
    lvs_flush_on_stop lvs_flush_onstop: one VS
    vrrp_garp_extra_if vrrp_vmac_garp_intvl: integer 1 86400
    checker_priority bfd_priority: integer -20 19
    checker_rt_priority bfd_rt_priority: integer 1 99
    vrrp_rlimit_rttime vrrp_rlimit_rtime checker_rlimit_rttime checker_rlimit_rtime: integer 1 ${MAX}
    bfd_rlimit_rttime bfd_rlimit_rtime nftables_ipvs_start_fwmark vrrp_rx_bufs_multiplier: integer 1 ${MAX}
    nftables_priority nftables_ipvs_priority: integer -2147483648 ${MAX_INT}
    vrrp_netlink_cmd_rcv_bufs vrrp_netlink_monitor_rcv_bufs process_monitor_rcv_bufs: integer 0 ${MAX}
    lvs_netlink_cmd_rcv_bufs lvs_netlink_monitor_rcv_bufs random_seed: integer 0 ${MAX}
  `,
  vrrp_instance: `
    old_unicast_checksum: one never
    skip_check_adv_addr: switch
    kernel_rx_buf_size: integer 0 ${MAX}
  `,
  vrrp_sync_group: `
    smtp_alert notify_priority_changes: switch
  `,
  bfd_instance: `
    neighbor_ip neighbour_ip source_ip: address
    min_rx min_tx: seconds 1 4294967
    idle_tx: seconds 1000 4294967
    multiplier ttl hoplimit: integer 1 255
    max_hops: integer -1 255
    weight: integer -253 253
  `,
  vrrp_track_process: `
    param_match: one initial partial
  `,
  virtual_server: `
    ip_family: one inet inet6
    retry: integer 1 ${MAX}
    delay_before_retry warmup: ${PAUSE}
    connect_timeout: ${TIMEOUT}
    delay_loop: ${LOOP}
    lvs_sched lb_algo: one rr wrr lc wlc lblc sh mh dh fo ovf lblcr sed nq twos
    protocol: any-case TCP UDP SCTP
    persistence_timeout: integer 1 2678400
    smtp_alert: switch
    quorum: integer 1 ${MAX}
    hysteresis: integer 0 ${MAX}
    weight: integer 1 ${MAX_INT}
    sorry_server_lvs_method: one NAT DR TUN
  `,
  'virtual_server/real_server': `
    weight: integer 0 ${MAX_INT}
    uthreshold lthreshold: integer 0 ${MAX}
    inhibit_on_failure alpha smtp_alert: switch
    retry: integer 1 ${MAX}
    delay_before_retry warmup: ${PAUSE}
    connect_timeout: ${TIMEOUT}
    delay_loop: ${LOOP}
  `,
  'virtual_server/real_server/TCP_CHECK': CONNECTION + CHECKER,
  'virtual_server/real_server/PING_CHECK': CONNECTION + CHECKER,
  'virtual_server/real_server/SMTP_CHECK': CONNECTION + CHECKER,
  'virtual_server/real_server/SMTP_CHECK/host': CONNECTION + CHECKER,
  'virtual_server/real_server/DNS_CHECK': `
    ${CONNECTION}
    ${CHECKER}
    type: one A NS CNAME SOA MX TXT AAAA RRSIG DNSKEY
  `,
  'virtual_server/real_server/UDP_CHECK': `
    ${CONNECTION}
    ${CHECKER}
    min_reply_length max_reply_length: integer 0 65535
  `,
  'virtual_server/real_server/HTTP_GET': HTTP,
  'virtual_server/real_server/SSL_GET': HTTP,
  'virtual_server/real_server/MISC_CHECK': `
    ${CHECKER}
    misc_timeout: integer 0 4294
  `,
  'virtual_server/real_server/BFD_CHECK': 'alpha: switch',
  'virtual_server/real_server/FILE_CHECK': `weight: integer -${MAX_INT} ${MAX_INT}`,
};

type Rule = (word: Word, statement: Statement, report: Report) => unknown;

const IGNORED = 'the line is ignored';

function readRule(text: string): Rule {
  const [kind, ...rest] = text.trim().split(/\s+/);
  const range = { min: Number(rest[0]), max: Number(rest[1]) };
  if (kind === 'integer') return (word, { known }, report) => readInteger(word, known.name, range, IGNORED, report);
  if (kind === 'seconds') return (word, { known }, report) => readSeconds(word, known.name, range, IGNORED, report);
  if (kind === 'number-or') {
    const whole = { min: 0, max: MAX };
    return (word, { known }, report) =>
      rest.includes(word.text) || readInteger(word, known.name, whole, IGNORED, report);
  }
  if (kind === 'switch') return (_, statement, report) => readSwitch(statement, report);
  return (word, { known }, report) => {
    if (kind === 'address' ? isAddress(word) : rest.includes(kind === 'any-case' ? word.text.toUpperCase() : word.text))
      return;
    const text = word.text.slice(0, 64);
    if (kind === 'address') report.error('invalid-address', word, `'${text}' is not an IP address; ${IGNORED}`);
    else {
      const hint = () => didYouMean(word.text, rest) ?? `${known.name} is one of ${rest.join(', ')}`;
      report.error('invalid-value', word, `unknown ${known.name} '${text}': ${IGNORED}`, { hint });
    }
  };
}

/** The address of a host as keepalived reads it: it drops what follows a `/` or a `-`. Undefined when it is none. */
export function readHost(text: string): IpAddress | undefined {
  return parseAddress(text.split(/[/-]/, 1)[0]!);
}

/** Is this the address of a host? */
export function isAddress({ text }: Word): boolean {
  return readHost(text) !== undefined;
}

function readTable(text: string): ReadonlyMap<string, Rule> {
  const lines = text.split('\n').filter((line) => line.includes(':'));
  return new Map(
    lines.flatMap((line) => {
      const [names, rule] = line.split(':') as [string, string];
      return names
        .trim()
        .split(/\s+/)
        .map((name) => [name, readRule(rule)] as const);
    }),
  );
}

const RULES: ReadonlyMap<KnownKeyword, Rule> = new Map(
  Object.entries(TABLE).flatMap(([context, text]) =>
    [...readTable(text)].flatMap(([name, rule]) => {
      const known = KNOWN_KEYWORDS.get(context)?.get(name);
      return known === undefined ? [] : [[known, rule] as const];
    }),
  ),
);

/** Does a rule say what the first word after this keyword may be? */
export function hasRule(known: KnownKeyword): boolean {
  return RULES.has(known);
}

/** Judges the first word of a line whose keyword has a rule. */
export function judgeWord(statement: Statement, report: Report): void {
  const word = statement.words[0];
  if (word !== undefined) RULES.get(statement.known)?.(word, statement, report);
}
