// The judgement of `kavtui check` beside that of the installed `keepalived -t`, snippet by snippet.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse-config.ts';
import { BROKEN, MAIN_JOB } from '../config/main-job.ts';
import { describeWithRoot } from '../support/require-root.ts';

const NAMESPACE = `cf${process.pid}`;
const INTERFACES = ['eth0', 'eth1', 'ens160'];
let folder = '';

function ip(...words: string[]): void {
  execFileSync('ip', words, { stdio: 'pipe' });
}

/** Exit status of keepalived's own check, in a namespace where all named interfaces exist. */
function keepalivedVerdict(text: string): number | null {
  const file = join(folder, 'keepalived.conf');
  writeFileSync(file, text);
  chmodSync(file, 0o644);
  const words = ['netns', 'exec', NAMESPACE, 'keepalived', '-t', '-f', file];
  return spawnSync('ip', words, { timeout: 20_000 }).status;
}

function compare(text: string): void {
  const { exitCode, diagnostics } = parseConfig(text, 'keepalived.conf');
  const messages = diagnostics.map(({ line, severity, message }) => `${line}: ${severity}: ${message}`);
  expect({ exit: exitCode, messages }).toEqual({ exit: keepalivedVerdict(text), messages });
}

interface Parts {
  readonly before?: string;
  readonly base?: string;
  readonly addresses?: string;
}

const BASE = 'interface eth0\nvirtual_router_id 5';
const ADDRESSES = 'virtual_ipaddress {\n 10.0.0.1\n}';

function instance(body: string, { before = '', base = BASE, addresses = ADDRESSES }: Parts = {}, name = 'V'): string {
  return `${before}vrrp_instance ${name} {\n${base}\n${body}\n${addresses}\n}\n`;
}

const SECURE = 'global_defs {\n enable_script_security\n script_user root\n}\n';
const SCRIPT = 'vrrp_script s {\n script "/bin/true"\n}\n';

const IN_INSTANCE = [
  '',
  'state MASTRE',
  'state master',
  'state MASTER\nstate BACKUP',
  'state "MASTER"',
  'state MAST\\#ER',
  'priority 0',
  'priority 256',
  'priority 1x',
  'priority 0x10',
  'priority 010',
  'priority +5',
  'priority " 5"',
  'priority "5"',
  'priority "5',
  'priority 5 # "comment',
  'priority 5 \\',
  'priority 10 20',
  'priority',
  'priority\v5',
  'priority\u00a05',
  'priority 255\nstate BACKUP',
  'priority 100\nstate MASTER\nnopreempt',
  'priority 255\nnopreempt',
  'nopreempt foo',
  'advert_int 0',
  'advert_int 1.5',
  'advert_int .5',
  'advert_int 1.',
  'advert_int .',
  'advert_int 300',
  'advert_int abc',
  'advert_int -1',
  'advert_int 1e1',
  'version 3\nadvert_int 0.005',
  'version 3\nadvert_int 0.015',
  'version 3\nadvert_int 0.25',
  'version 3\nadvert_int 41',
  'version 3\nadvert_int 1.1234567',
  'version 4',
  'version x',
  'preempt_delay 5',
  'preempt_delay 0.5',
  'preempt_delay 1000',
  'preempt_delay 2000',
  'state MASTER\npreempt_delay 5',
  'nopreempt\npreempt_delay 5',
  'accept',
  'no_accept',
  'authentication {\n auth_type PASS\n auth_pass 12345678\n}',
  'authentication {\n auth_type PASS\n auth_pass 123456789\n}',
  'authentication {\n auth_type PASS\n}',
  'authentication {\n auth_pass abc\n}',
  'authentication {\n auth_type PAS\n auth_pass abc\n}',
  'authentication {\n auth_typ PASS\n auth_pass abc\n}',
  'authentication {\n auth_type PASS\n auth_pass\n}',
  'authentication {\n auth_type PASS\n auth_pass ""\n}',
  'authentication {\n auth_type PASS\n auth_pass a b\n}',
  'authentication {\n auth_type PASS\n auth_pass a#b\n}',
  'authentication { auth_type PASS auth_pass 1111 }',
  'authentication { auth_type PASS\n auth_pass 1111 }',
  'authentication more {\n auth_type PASS\n auth_pass abc\n}',
  'version 3\nauthentication {\n auth_type PASS\n auth_pass abc\n}',
  'track_interface {\n eth1 weight 5\n}',
  'track_interface {\n eth1 weight 5 reverse\n}',
  'track_interface {\n eth1 reverse\n}',
  'track_interface {\n eth1 weight\n}',
  'track_interface {\n eth1 weight 300\n}',
  'track_interface {\n eth1 weight -254\n}',
  'track_interface {\n eth1 weight 5 foo\n}',
  'track_interface {\n eth1 foo 5\n}',
  'track_interface {\n eth1\n eth1 weight 6\n}',
  'track_interface {\n eth0\n}',
  'track_interface {\n abcdefghijklmnop\n}',
  'track_interface more {\n eth1\n}',
  'track_script {\n nope\n}',
  'unicast_peer {\n 10.1.1.1\n}',
  'unicast_peer {\n}',
  'unicast_peer {\n 10.1.1\n}',
  'unicast_peer { 10.1.1.1 10.1.1.2 }',
  'unicast_peer {\n 10.1.1.1\n 10.1.1.1\n}',
  'unicast_peer {\n 10.1.1.1/24\n}',
  'unicast_peer {\n 10.1.1.1 min_ttl 5 max_ttl 300\n}',
  'unicast_src_ip 10.1.1.1',
  'unicast_src_ip 10.1',
  'unicast_src_ip 10.1.1.1\nunicast_peer {\n 10.1.1.2\n}',
  'mcast_src_ip 10.1.1.1',
  'mcast_src_ip fe80::1',
  'garp_master_delay abc',
  'garp_master_delay 5000',
  'garp_master_delay 1.5',
  'garp_master_repeat 0',
  'garp_master_repeat -1',
  'garp_master_refresh 0',
  'garp_master_refresh_repeat 0',
  'garp_lower_prio_repeat 0',
  'garp_lower_prio_delay 9999',
  'notify_master',
  'notify_master "/bin/true',
  'notify_deleted',
  'debug',
  'kernel_rx_buf_size',
  'linkbeat_use_polling',
  'lvs_sync_daemon_interface eth0',
  'vmac_garp_intvl 5',
  'foo {\n bar 1\n}',
  'priority 5 {\n nopreempt\n}',
  '{\n nopreempt\n}',
  'interface eth1',
  'virtual_router_id 7',
  'vrrp_instance W {\n interface eth0\n}',
];

const ADDRESS_BLOCKS = [
  '',
  'virtual_ipaddress {\n}',
  'virtual_ipaddress { 10.0.0.1 }',
  'virtual_ipaddress {\n 10.0.0\n 10.0.0.2\n}',
  'virtual_ipaddress {\n 10.0.0.01\n}',
  'virtual_ipaddress {\n 10.0.0.2/33\n}',
  'virtual_ipaddress {\n 10.0.0.2/0\n}',
  'virtual_ipaddress {\n 10.0.0.2/24/5\n}',
  'virtual_ipaddress {\n 10.0.0.2/255.255.255.0\n}',
  'virtual_ipaddress { 10.0.0.2 10.0.0.3 }',
  'virtual_ipaddress {\n 10.0.0.1\n 10.0.0.1\n}',
  'virtual_ipaddress { 10.0.0.2 dev }',
  'virtual_ipaddress { 10.0.0.2 dev abcdefghijklmnop }',
  'virtual_ipaddress { 10.0.0.2 dev eth0 dev eth1 }',
  'virtual_ipaddress { 10.0.0.2 label eth0:12345678901234567 }',
  'virtual_ipaddress { 10.0.0.2 label }',
  'virtual_ipaddress { 10.0.0.2 scope foo }',
  'virtual_ipaddress { 10.0.0.2 scope 300 }',
  'virtual_ipaddress { 10.0.0.2/24 brd + label eth0:1 scope link dev eth1 }',
  'virtual_ipaddress { 10.0.0.2/24 brd foo }',
  'virtual_ipaddress { 10.0.0.2/32 brd + }',
  'virtual_ipaddress { 10.0.0.2 foo bar }',
  'virtual_ipaddress { 10.0.0.2 no_track }',
  'virtual_ipaddress { 10.0.0.2 preferred_lft }',
  'virtual_ipaddress { default }',
  'virtual_ipaddress { 224.0.0.1 }',
  'virtual_ipaddress { fe80::1 }',
  'virtual_ipaddress { fe80::1%eth0 }',
  'virtual_ipaddress { ::ffff:1.2.3.4 }',
  'virtual_ipaddress { fe80::2 label a }',
  'virtual_ipaddress { fe80::2 scope link }',
  'virtual_ipaddress { fe80::2 brd + }',
  'virtual_ipaddress {\n 10.0.0.2\n fe80::9\n}',
  'virtual_ipaddress extra {\n 10.0.0.1\n}',
  'virtual_ipaddress\n{\n 10.0.0.1\n}',
  'virtual_ipaddress\n10.0.0.1\n}',
  'virtual_ipaddress {\n {\n 10.0.0.1\n }\n}',
  'virtual_ipaddress {\n 10.0.0.1',
  'virtual_ipaddress_excluded {\n fe80::9/64 dev eth1\n}\nvirtual_ipaddress {\n 10.0.0.1\n}',
  `virtual_ipaddress {\n${Array.from({ length: 300 }, (_, n) => ` 10.0.${n >> 8}.${n & 255}`).join('\n')}\n}`,
  `virtual_ipaddress {\n${Array.from({ length: 89 }, (_, n) => ` fe80::${n + 1}`).join('\n')}\n}`,
  `virtual_ipaddress {\n${Array.from({ length: 90 }, (_, n) => ` fe80::${n + 1}`).join('\n')}\n}`,
];

const BASES = [
  'virtual_router_id 5\nunicast_peer {\n 10.1.1.2\n}',
  'interface eth0',
  'virtual_router_id 5',
  'interface\nvirtual_router_id 5',
  'interface lo\nvirtual_router_id 5',
  'interface abcdefghijklmnopqrst\nvirtual_router_id 5',
  'interface eth0\nvirtual_router_id 0',
  'interface eth0\nvirtual_router_id 256',
  'interface eth0\nvirtual_router_id abc',
  'interface eth0\nvirtual_router_id',
  'interface eth0\nvirtual_router_id 5\nunicast_src_ip fe80::1',
];

const IN_GLOBALS = [
  'router_id',
  'router_id a b',
  'vrrp_version 3',
  'vrrp_version 4',
  'vrrp_version',
  'checker_log_all_failures',
  'checker_log_all_failures on',
  'checker_log_all_failures x',
  'default_interface eth1',
  'default_interface',
  'vrrp_iptables',
  'vrrp_iptables IN OUT',
  'script_user',
  'script_user root root',
  'enable_script_security x',
  'vrrp_garp_master_delay 5000',
  'vrrp_garp_master_delay 1.5',
  'vrrp_garp_master_repeat 0',
  'vrrp_garp_master_refresh 4294967295',
  'vrrp_garp_master_refresh_repeat 0',
  'vrrp_garp_lower_prio_repeat 0',
  'vrrp_garp_lower_prio_delay 3',
  'vrrp_vmac_garp_intvl 5',
  'nonsense 1',
  'smtp_server',
  'smtp_helo_name',
  'notify_fifo',
];

const IN_SCRIPT = [
  'interval 0',
  'interval 4294',
  'interval 5000',
  'interval',
  'interval abc',
  'timeout 0',
  'timeout 4',
  'weight -253',
  'weight 254',
  'weight 5 reverse',
  'weight 5 foo',
  'weight abc',
  'rise 0',
  'rise 2',
  'fall x',
  'fall 0',
  'fail 3',
  'user',
  'user root root',
  'init_fail',
  'init_fail x',
  'script "/bin/true a"',
];

const SCRIPT_LINES = [
  '',
  'script',
  'script ""',
  'script /bin/true a b',
  'script "/bin/true a" root',
  "script '/bin/true a b'",
  'script "/bin/echo {a}"',
];

const WHOLE = [
  ['nothing', ''],
  ['a comment only', '# nothing\n'],
  ['a line of 1023 bytes', `#${'a'.repeat(1022)}\n${instance('')}`],
  ['a line of 1024 bytes', `#${'a'.repeat(1023)}\n${instance('')}`],
  ['a byte order mark', `\ufeff${instance('')}`],
  ['CR LF', instance('').replaceAll('\n', '\r\n')],
  ['an unknown block at the outermost level', `foo {\n bar 1\n}\n${instance('')}`],
  ['an unknown block with { on the next line', `foo\n{\n bar 1\n}\n${instance('')}`],
  ['no { after vrrp_instance', instance('').replace('V {', 'V')],
  ['{ on the next line', instance('').replace('V {', 'V\n{')],
  ['no } at the end', instance('').trimEnd().slice(0, -1)],
  ['one } too many', `${instance('')}}\n`],
  ['text after }', `global_defs { router_id a } foo\n${instance('')}`],
  ['a lone block', `{\n}\n${instance('')}`],
  ['words after global_defs', `global_defs foo {\n router_id a\n}\n${instance('')}`],
  ['two global_defs', `global_defs {\n router_id a\n}\nglobal_defs {\n router_id b\n}\n${instance('')}`],
  ['an instance without a name', instance('').replace('V {', '{')],
  ['an instance with two names', instance('').replace('V {', 'V W {')],
  ['an instance name in quotes', instance('').replace('V {', '"V W" {')],
  ['one name twice', instance('') + instance('', { base: 'interface eth0\nvirtual_router_id 7' })],
  ['one VRID twice', instance('') + instance('', {}, 'W')],
  ['one VRID for IPv4 and IPv6', instance('') + instance('', { addresses: 'virtual_ipaddress { fe80::5 }' }, 'W')],
  [
    'one VRID for two pairs of unicast peers',
    instance('unicast_src_ip 10.1.1.1\nunicast_peer {\n 10.1.1.2\n}') +
      instance('unicast_src_ip 10.1.1.1\nunicast_peer {\n 10.1.1.3\n}', {}, 'W'),
  ],
  [
    'one VRID twice for the same unicast peer',
    instance('unicast_src_ip 10.1.1.1\nunicast_peer {\n 10.1.1.2\n}') +
      instance('unicast_src_ip 10.1.1.1\nunicast_peer {\n 10.1.1.2\n}', {}, 'W'),
  ],
  ['no address in v3', instance('version 3', { addresses: '' })],
  ['a script below its instance', SECURE + instance('track_script {\n s\n}') + SCRIPT],
  ['a script above its instance', SECURE + SCRIPT + instance('track_script {\n s\n}')],
  ['two scripts on a line', SECURE + SCRIPT + instance('track_script { s s }')],
  ['one script tracked twice', SECURE + SCRIPT + instance('track_script {\n s\n s weight 4\n}')],
  ['a script weight of 254', SECURE + SCRIPT + instance('track_script {\n s weight 254\n}')],
  ['reverse without a weight', SECURE + SCRIPT + instance('track_script {\n s reverse\n}')],
  ['one script name twice', SECURE + SCRIPT + SCRIPT + instance('')],
  ['a script without a name', SECURE + SCRIPT.replace('vrrp_script s', 'vrrp_script') + instance('')],
  ['a notify with arguments', SECURE + instance('notify_master "/bin/true a"\nnotify "/bin/true"')],
  ['one notify twice', SECURE + instance('notify_master "/bin/true a"\nnotify_master "/bin/true"')],
  ['parts of a second in a script interval', SECURE + SCRIPT.replace('}', 'interval 0.5\n}') + instance('')],
  [
    'unicast without an interface',
    instance('unicast_src_ip 10.1.1.1\nunicast_peer {\n 10.1.1.2\n}', { base: 'virtual_router_id 5' }),
  ],
  ['an unknown keyword in virtual_server', `virtual_server 10.0.0.9 80 {\n foo 1\n}\n${instance('')}`],
] as const;

/** Where kavtui judges otherwise on purpose: [what, text, our status, that of keepalived 2.2.7]. */
const DIFFERENT: readonly (readonly [string, string, number, number])[] = [
  ['a NUL byte, which later versions report', instance('priority 5\0'), 5, 0],
  ['keywords of later versions', instance('no_virtual_ipaddress'), 0, 5],
  ['an empty prefix length', instance('', { addresses: 'virtual_ipaddress { 10.0.0.1/ }' }), 5, 0],
  ['scripts without enable_script_security, which depends on the host', MAIN_JOB, 0, 6],
];

/** 2.2.7 crashes on a script line with an open quote. */
const CRASHES = 'a quote that is not closed';

describeWithRoot('check beside keepalived -t', ['keepalived'], () => {
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'kavtui-check-'));
    ip('netns', 'add', NAMESPACE);
    for (const [index, name] of INTERFACES.entries()) {
      ip('-n', NAMESPACE, 'link', 'add', name, 'type', 'veth', 'peer', 'name', `peer${index}`);
      ip('-n', NAMESPACE, 'address', 'add', `198.18.${index}.1/24`, 'dev', name);
      ip('-n', NAMESPACE, 'link', 'set', name, 'up');
    }
  });

  afterAll(() => {
    ip('netns', 'del', NAMESPACE);
    rmSync(folder, { recursive: true });
  });

  it.each(IN_INSTANCE)('in vrrp_instance: %j', (body) => compare(instance(body)));
  it.each(ADDRESS_BLOCKS)('addresses: %j', (addresses) => compare(instance('', { addresses })));
  it.each(BASES)('interface and VRID: %j', (base) => compare(instance('', { base })));
  it.each(IN_GLOBALS)('in global_defs: %j', (body) => compare(instance('', { before: `global_defs {\n${body}\n}\n` })));
  it.each(IN_SCRIPT)('in vrrp_script: %j', (body) => {
    const script = `vrrp_script s {\nscript "/bin/true"\n${body}\n}\n`;
    compare(instance('track_script {\n s\n}', { before: SECURE + script }));
  });
  it.each(SCRIPT_LINES)('the script line: %j', (line) => {
    compare(instance('track_script {\n s\n}', { before: `${SECURE}vrrp_script s {\n${line}\n}\n` }));
  });
  it.each(WHOLE)('%s', (_, text) => compare(text));
  it.each(Object.entries(BROKEN).filter(([title]) => title !== CRASHES))('the main job with %s', (_, text) => {
    compare(text.replace('vrrp_script', `${SECURE}vrrp_script`));
  });
  it.each(DIFFERENT)('otherwise: %s', (_, text, ours, theirs) => {
    expect([parseConfig(text, 'f').exitCode, keepalivedVerdict(text)]).toEqual([ours, theirs]);
  });
});
