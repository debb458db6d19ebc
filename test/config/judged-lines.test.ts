// biome-ignore-all lint/suspicious/noTemplateCurlyInString: keepalived's own syntax
// What keepalived 2.2.7 was seen to name, line by line: ranges, lists, checkers, routes, rules, groups, processes.
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse-config.ts';

/** The lines that keepalived names: of findings about a line, not the whole. */
function named(text: string): readonly number[] {
  const { diagnostics } = parseConfig(text, 'f');
  const lines = diagnostics.filter(({ severity, aboutWhole }) => severity !== 'info' && !aboutWhole);
  return [...new Set(lines.map(({ line }) => line))].sort((a, b) => a - b);
}

const lines = (...list: readonly string[]) => `${list.join('\n')}\n`;
const inServer = (...list: readonly string[]) =>
  lines('virtual_server 1.2.3.4 80 {', 'protocol TCP', 'lvs_sched rr', 'lvs_method NAT', ...list, '}');
const inChecker = (...list: readonly string[]) => inServer('real_server 1.2.3.5 80 {', ...list, '}');
const inInstance = (block: string, ...list: readonly string[]) =>
  lines(
    'vrrp_instance A {',
    'interface eth0',
    'virtual_router_id 5',
    'virtual_ipaddress { 1.2.3.4 }',
    `${block} {`,
    ...list,
    '}',
    '}',
  );

describe('the lines named', () => {
  it.each([
    [
      'of a virtual server',
      inServer('retry 0', 'delay_loop 0', 'quorum 0', 'weight 0', 'protocol tcp', 'lvs_method nat', 'hashed'),
      [5, 6, 7, 8, 10, 11],
    ],
    [
      'of TCP_CHECK',
      inChecker('TCP_CHECK {', 'connect_ip abc', 'connect_port 0', 'bindto 1::1', 'bind_port 70000', 'alpha x', '}'),
      [7, 8, 9, 10, 11],
    ],
    [
      'of HTTP_GET, one url of which has no path',
      inChecker('HTTP_GET {', 'url {', '}', 'url {', 'path /', 'digest abc', 'status_code 200-x', '}', '}'),
      [8, 11, 12],
    ],
    ['of MISC_CHECK without a script', inChecker('MISC_CHECK {', '}'), [7]],
    ['of FILE_CHECK', inChecker('FILE_CHECK {', 'track_file nope', 'weight x', '}'), [7, 8, 9]],
    [
      'of a virtual_server_group',
      lines('virtual_server_group A {', '1.2.3.4 80', '1.2.3.1/24 80', '1.2.3.4-3 80', 'fwmark x', 'abc 80', '}'),
      [3, 4, 5, 6],
    ],
    [
      'of virtual routes',
      inInstance(
        'virtual_routes',
        '10.1.0.0/16 via 1.2.3.9',
        'blackhole 10.2.0.0/16',
        '10.3.0.0/16 dev eth0 protocol 112',
        '10.3.0.0/16 dev eth0 no_track protocol 112',
        '10.3.0.0/33 dev eth0',
        '10.3.0.0/16 dev eth0 hoplimit 300',
        'inet 10.3.0.0/16 dev eth0',
        '10.3.0.0/16 dev eth0 track_group g',
      ),
      [6, 7, 8, 10, 11, 12, 13],
    ],
    [
      'of virtual rules',
      inInstance(
        'virtual_rules',
        'from 1.2.3.4 table 5',
        'from 1.2.3.4 table 5 priority 1',
        'from 1.2.3.4 priority 2',
        'from 1.2.3.4 goto 2 priority 3',
        'from 1.2.3.4 table 0 priority 4',
        'sport 80 table 5 priority 5',
      ),
      [6, 8, 9, 10, 11],
    ],
    [
      'of a BFD session',
      lines('bfd_instance B {', 'neighbor_ip 1.2.3.4', 'min_rx 0', 'idle_tx 5', 'max_hops 300', 'weight 300', '}'),
      [3, 4, 5, 6],
    ],
    ['of a second block of one name', lines('track_group A {', '}', 'track_group A {', 'bogus', '}'), [3]],
    ['of a virtual server that is left out', lines('virtual_server abc 80 {', 'bogus', '}', 'bogus'), [1, 4]],
    [
      'of a host with a prefix or a range after it: none',
      inServer('sorry_server 1.2.3.9/24 80', 'sorry_server_inhibit'),
      [],
    ],
    ['of a sorry server that is none', inServer('sorry_server abc 80', 'sorry_server_inhibit'), [5, 6]],
    ['of a sorry server of another family', inServer('sorry_server 1::1 80'), [6]],
    [
      'of a file that is tracked below',
      inChecker('FILE_CHECK {', 'track_file F', '}') + lines('track_file F {', 'file /x', '}'),
      [7, 8],
    ],
    [
      'of a block without its name: nothing after it',
      lines('virtual_server {', 'bogus', '}', 'vrrp_instance A {', 'bogus', '}'),
      [1],
    ],
    ['of a real server without its address', inServer('real_server {', 'weight x', '}'), [5]],
    ['of a group of servers without {', lines('virtual_server_group G', '1.2.3.4 80', '}'), [2, 3]],
    ['of a payload with the byte ff', inChecker('UDP_CHECK {', 'payload 00ff', 'payload 0ff0 abc', '}'), [7]],
    [
      'of a session that stands below',
      inInstance('track_bfd', 'B') + lines('bfd_instance B {', 'neighbor_ip 1.2.3.4', '}'),
      [6],
    ],
    ['of blocks that stay open: none', lines('virtual_server_group G {'), []],
    [
      'of a device that is named later: none',
      inInstance('track_interface', 'eth1', '}', 'use_vmac a', 'use_vmac', 'track_script {'),
      [],
    ],
    ['of a route with two destinations: none', inInstance('virtual_routes', '1.1.1.1 2.2.2.2/32 dev eth0'), []],
    ['of a FIFO that is named twice', lines('global_defs {', 'notify_fifo /a', 'notify_fifo /b', '}'), [3]],
    ['of a number with a backslash and a blank after it: none', 'global_defs {\nvrrp_version 3 \\ \n}\n', []],
  ])('%s', (_, text, expected) => expect(named(text)).toEqual(expected));
});

describe('a keyword without its word', () => {
  const text = lines(
    'vrrp_instance A {',
    'bogus',
    'priority',
    'bogus',
    '}',
    'bogus',
    'virtual_server 1.2.3.4 80 {',
    'bogus',
    '}',
  );

  it('ends what the process says that came to it, and those after it', () => {
    expect(named(text)).toEqual([2, 3, 6, 8]);
  });

  it('of virtual servers silences the VRRP process, which reads the file later', () => {
    expect(named(text.replace('virtual_server 1.2.3.4 80 {', 'virtual_server 1.2.3.4 80 {\nretry'))).toEqual([6, 8]);
  });

  it('of global_defs silences all but what stands before it', () => {
    expect(named(`bogus\n${text}global_defs {\nvrrp_version\n}\nbogus\n`)).toEqual([1, 7, 12]);
  });
});

describe('lines as keepalived reads them', () => {
  it.each([
    ['an escaped # ends them for all processes but the first', 'vrrp_instance A\\#1 {\nbogus 1\n}\n', [2, 3]],
    ['of a comment the backslash at its end stays', '# x \\\n', [1]],
    ['a blank line ends a value', '$A= \\\nx \\\n\nbogus\n$A\n', [4, 5]],
    ['a sequence may stand behind a brace', 'global_defs { ~SEQ(I, 2) bogus${I}\n}\n', [1]],
  ])('%s', (_, text, expected) => expect(named(text)).toEqual(expected));

  it('a last line without an end is named by the number before it, too', () => {
    const { diagnostics } = parseConfig('bogus\n\n}', 'f');
    expect(diagnostics.map(({ line, code }) => `${line} ${code}`)).toEqual([
      '1 unknown-keyword',
      '2 no-line-end',
      '3 extra-close-brace',
    ]);
  });
});
