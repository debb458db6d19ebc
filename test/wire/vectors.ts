// Published VRRP messages with what they mean. `from` names the project and file that a vector was found in; the facts
// were collected from there (messages and values only). The keepalived rows were captured from keepalived 2.2.7.
import type { Family } from '../../src/wire/address.ts';
import type { ChecksumForm } from '../../src/wire/vrrp.ts';

export interface Vector {
  readonly id: string;
  readonly from: string;
  readonly family: Family;
  readonly source: string;
  readonly destination: string;
  readonly hex: string;
  readonly version: number;
  readonly vrid: number;
  readonly priority: number;
  readonly count: number;
  readonly authType: number;
  readonly intervalUs: number;
  readonly checksum: number;
  readonly form: ChecksumForm;
  readonly addresses: readonly string[];
  /** Length that the count asks for, where it is not that of the message. */
  readonly expectedLength?: number;
}

const V2 = { family: 4, version: 2, destination: '224.0.0.18', authType: 0, intervalUs: 1_000_000 } as const;
const V3 = { family: 4, version: 3, destination: '224.0.0.18', authType: 0, intervalUs: 1_000_000 } as const;
const KEEPALIVED6 = {
  from: 'keepalived 2.2.7',
  family: 6,
  source: 'fe80::ff:fe00:1',
  destination: 'ff02::12',
} as const;

/** Messages that a sender of RFC 3768, RFC 9568 or keepalived makes: encoding their values gives the same bytes. */
export const GOOD: readonly Vector[] = [
  {
    ...V2,
    id: 'holo-v2',
    from: 'holo-routing/holo holo-vrrp/tests/packet/mod.rs',
    source: '192.168.100.2',
    hex: '21331e010001b5c5 0a000105 0000000000000000',
    vrid: 51,
    priority: 30,
    count: 1,
    checksum: 0xb5c5,
    form: 'message',
    addresses: ['10.0.1.5'],
  },
  {
    ...V2,
    id: 'gopacket-v2',
    from: 'google/gopacket layers/vrrp_test.go',
    source: '192.168.0.30',
    hex: '210164010001ba52 c0a80001 0000000000000000',
    vrid: 1,
    priority: 100,
    count: 1,
    checksum: 0xba52,
    form: 'message',
    addresses: ['192.168.0.1'],
  },
  {
    ...V2,
    id: 'ze-G1-v2',
    from: 'ze-software/ze internal/plugins/vrrp/packet/packet_test.go',
    source: '192.0.2.251',
    hex: '210ac802000192ed c0000201 c0000202 0000000000000000',
    vrid: 10,
    priority: 200,
    count: 2,
    checksum: 0x92ed,
    form: 'message',
    addresses: ['192.0.2.1', '192.0.2.2'],
  },
  {
    ...V3,
    id: 'govrrp-v3-ip4',
    from: 'Trisia/govrrp vrrp_packet_test.go',
    source: '192.168.0.220',
    hex: '31f0640100640608 c0a800e6',
    vrid: 240,
    priority: 100,
    count: 1,
    checksum: 0x0608,
    form: 'pseudo-header',
    addresses: ['192.168.0.230'],
  },
  {
    ...V3,
    id: 'pcapplusplus-v3-ip4',
    from: 'seladb/PcapPlusPlus Tests/Packet++Test/PacketExamples/VRRP-V3-IPv4.dat',
    source: '192.168.0.30',
    hex: '310164020001484d c0a80001 c0a80002',
    vrid: 1,
    priority: 100,
    count: 2,
    intervalUs: 10_000,
    checksum: 0x484d,
    form: 'pseudo-header',
    addresses: ['192.168.0.1', '192.168.0.2'],
  },
  {
    ...V3,
    id: 'ze-G2c-v3-ip4',
    from: 'ze-software/ze internal/plugins/vrrp/packet/packet_test.go',
    source: '192.0.2.251',
    hex: '310ac8020064defb c0000201 c0000202',
    vrid: 10,
    priority: 200,
    count: 2,
    checksum: 0xdefb,
    form: 'pseudo-header',
    addresses: ['192.0.2.1', '192.0.2.2'],
  },
  {
    ...KEEPALIVED6,
    id: 'keepalived-v3-ip6',
    hex: '3106f0020032e5a4 fe800000000000000000000000060001 fd600001000000000000000000010006',
    version: 3,
    vrid: 6,
    priority: 240,
    count: 2,
    authType: 0,
    intervalUs: 500_000,
    checksum: 0xe5a4,
    form: 'pseudo-header',
    addresses: ['fe80::6:1', 'fd60:1::1:6'],
  },
  {
    ...KEEPALIVED6,
    id: 'keepalived-v3-ip6-resigns',
    hex: '310600020032d5a5 fe800000000000000000000000060001 fd600001000000000000000000010006',
    version: 3,
    vrid: 6,
    priority: 0,
    count: 2,
    authType: 0,
    intervalUs: 500_000,
    checksum: 0xd5a5,
    form: 'pseudo-header',
    addresses: ['fe80::6:1', 'fd60:1::1:6'],
  },
  {
    ...KEEPALIVED6,
    id: 'keepalived-v2-ip6-without-authentication-data',
    hex: '2108f0020001f5cf fe800000000000000000000000080001 fd600001000000000000000000010008',
    version: 2,
    vrid: 8,
    priority: 240,
    count: 2,
    authType: 0,
    intervalUs: 1_000_000,
    checksum: 0xf5cf,
    form: 'pseudo-header',
    addresses: ['fe80::8:1', 'fd60:1::1:8'],
  },
  {
    ...KEEPALIVED6,
    id: 'keepalived-v2-ip6-pass-without-authentication-data',
    hex: '2107f0010101f24d fe800000000000000000000000070001',
    version: 2,
    vrid: 7,
    priority: 240,
    count: 1,
    authType: 1,
    intervalUs: 1_000_000,
    checksum: 0xf24d,
    form: 'pseudo-header',
    addresses: ['fe80::7:1'],
  },
  {
    ...KEEPALIVED6,
    id: 'keepalived-v2-ip6-unicast',
    source: 'fd60::1',
    destination: 'fd60::2',
    hex: '2109f0010001f63a fd600001000000000000000000010009',
    version: 2,
    vrid: 9,
    priority: 240,
    count: 1,
    authType: 0,
    intervalUs: 1_000_000,
    checksum: 0xf63a,
    form: 'pseudo-header',
    addresses: ['fd60:1::1:9'],
  },
];

/** Messages that nobody should send: decoded all the same, so that the reason can be told. */
export const BAD: readonly Vector[] = [
  {
    ...V2,
    id: 'pcapplusplus-v2-truncated: one whole address, then one stray byte',
    from: 'seladb/PcapPlusPlus Tests/Packet++Test/Tests/VrrpTest.cpp',
    source: '10.0.0.1',
    hex: '2101640100010000 0a000001 ff',
    vrid: 1,
    priority: 100,
    count: 1,
    checksum: 0,
    form: 'none',
    addresses: ['10.0.0.1'],
    expectedLength: 20,
  },
  {
    ...V3,
    id: 'scapy-v3-ip6-empty: the count says 1, no address is there',
    from: 'secdev/scapy test/scapy/layers/vrrp.uts',
    family: 6,
    source: '::1',
    destination: '::1',
    hex: '3101640100646a1f',
    vrid: 1,
    priority: 100,
    count: 1,
    checksum: 0x6a1f,
    form: 'pseudo-header',
    addresses: [],
    expectedLength: 24,
  },
  {
    ...V2,
    id: 'scapy-v1-ip4: version 1 with a right checksum',
    from: 'secdev/scapy test/scapy/layers/vrrp.uts',
    source: '20.0.0.3',
    hex: '1102fe020001c6f4 14000102 14000103 0000000000000000',
    version: 1,
    vrid: 2,
    priority: 254,
    count: 2,
    checksum: 0xc6f4,
    form: 'message',
    addresses: ['20.0.1.2', '20.0.1.3'],
  },
];
