// The codec against captures of real routers that are handed to the developers and are no part of the project, and
// against what other programs (tcpdump, tshark) read in them. Without them these tests are skipped.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { encodeGratuitousArp } from '../../src/wire/arp.ts';
import { encodeAdvert } from '../../src/wire/encode-vrrp.ts';
import { encodeEthernet } from '../../src/wire/ethernet.ts';
import { decodeFrame, type Frame } from '../../src/wire/frame.ts';
import { decodeIpv4, encodeIpv4 } from '../../src/wire/ipv4.ts';
import { encodeUnsolicitedNeighbourAdvertisement } from '../../src/wire/neighbour.ts';
import { type PcapFile, readPcap, writePcap } from '../../src/wire/pcap.ts';
import type { VrrpPacket } from '../../src/wire/vrrp.ts';
import { toHex } from './hex.ts';

const SHARED = resolve(import.meta.dirname, '../../../shared');
const LAB = resolve(SHARED, 'lab/pcaps');
const PUBLIC = resolve(SHARED, 'corpus/tcpdump');
const TRACES = resolve(SHARED, 'corpus/traces');

function filesIn(folder: string, ending: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => name.endsWith(ending));
}

function capture(path: string): PcapFile {
  const file = readPcap(readFileSync(path));
  if (!file.ok) throw new Error(`${path}: ${file.reason}`);
  return file.value;
}

function frameOf(bytes: Uint8Array): Frame | undefined {
  const decoded = decodeFrame(bytes);
  return decoded.ok ? decoded.value : undefined;
}

/** The `decoded` column of the tables: what an independent program reads in a message. */
function inWords(packet: VrrpPacket): string {
  const { version, type, vrid, priority, count, authType, intervalUs, checksum, checksumForm } = packet;
  const old = version < 3;
  const words = [`v${version} type ${type} vrid ${vrid} prio ${priority} count ${count}`];
  words.push(old ? `auth ${authType} adv ${intervalUs / 1_000_000}s` : `adv ${intervalUs / 10_000}cs`);
  const form = { message: 'message-only', none: 'BAD' }[checksumForm as string] ?? checksumForm;
  words.push(`cksum 0x${checksum.toString(16).padStart(4, '0')} ${form}`);
  return words.join(' ');
}

const TABLES = [
  ...filesIn(PUBLIC, '.packets.tsv').map((name) => ({
    name,
    table: resolve(PUBLIC, name),
    pcap: resolve(PUBLIC, name.replace('.packets.tsv', '.pcap')),
  })),
  ...filesIn(TRACES, '').map((name) => ({
    name,
    table: resolve(TRACES, name, 'trace.tsv'),
    pcap: resolve(TRACES, name, 'trace.pcap'),
  })),
];

describe.skipIf(TABLES.length === 0)('captures with a table of their packets', () => {
  it.each(TABLES)('$name: every frame is read as the table says', ({ table, pcap }) => {
    const { linkType, packets } = capture(pcap);
    const rows = readFileSync(table, 'utf8').trimEnd().split('\n').slice(1);
    expect(packets).toHaveLength(rows.length);
    if (linkType !== 1) return;
    rows.forEach((row, index) => {
      const [, , sourceMac, destinationMac, proto, source, destination, ttl, payload, decoded] = row.split('\t');
      const frame = frameOf(packets[index]!.bytes)!;
      expect(frame, row).toMatchObject({ sourceMac, destinationMac });
      if (frame.kind === 'arp') {
        const { operation, senderMac, targetMac } = frame.arp;
        expect(`op ${operation} sha ${senderMac} tha ${targetMac}`).toBe(decoded);
        return;
      }
      // The table names the first next header; here extension headers are skipped.
      if (proto === 'proto 0') return;
      expect(frame.ip, row).toMatchObject({ source, destination, ttl: Number(ttl) });
      expect(toHex(frame.ip!.payload)).toBe(payload);
      expect(frame.kind === 'vrrp').toBe(proto!.startsWith('VRRP'));
      expect(frame.kind === 'ah').toBe(proto === 'proto 51');
      if (frame.kind === 'vrrp') expect(frame.packet ? inWords(frame.packet) : '', row).toBe(decoded);
    });
  });
});

type Layer = Record<string, unknown>;

/** The fields of tshark that say what a VrrpPacket says. */
function asTshark(packet: VrrpPacket): Layer {
  const old = packet.version < 3;
  const addresses = packet.addresses.length === 1 ? packet.addresses[0] : packet.addresses;
  return {
    'vrrp.typever_tree': { 'vrrp.version': String(packet.version), 'vrrp.type': String(packet.type) },
    'vrrp.virt_rtr_id': String(packet.vrid),
    'vrrp.prio': String(packet.priority),
    'vrrp.addr_count': String(packet.count),
    'vrrp.checksum': `0x${packet.checksum.toString(16).padStart(4, '0')}`,
    [String(packet.addresses[0]).includes(':') ? 'vrrp.ipv6_addr' : 'vrrp.ip_addr']: addresses,
    ...(old
      ? { 'vrrp.auth_type': String(packet.authType), 'vrrp.adver_int': String(packet.intervalUs / 1_000_000) }
      : { 'vrrp.short_adver_int': String(packet.intervalUs / 10_000) }),
  };
}

const LAB_CAPTURES = filesIn(LAB, '.pcap');

describe.skipIf(LAB_CAPTURES.length === 0)('captures of keepalived and FRR', () => {
  it.each(LAB_CAPTURES)('%s: tshark reads the same', (name) => {
    const { packets } = capture(resolve(LAB, name));
    const json = gunzipSync(readFileSync(resolve(LAB, name.replace('.pcap', '.json.gz')))).toString();
    const rows = JSON.parse(json) as { _source: { layers: Record<string, Layer> } }[];
    expect(packets).toHaveLength(rows.length);
    rows.forEach((row, index) => {
      const { frame: meta, eth, vrrp, arp, icmpv6, ah } = row._source.layers;
      const packet = packets[index]!;
      const frame = frameOf(packet.bytes)!;
      expect(`${packet.at / 1_000_000_000n}.${String(packet.at % 1_000_000_000n).padStart(9, '0')}`).toBe(
        meta!['frame.time_epoch'],
      );
      expect([frame.sourceMac, frame.destinationMac]).toEqual([eth!['eth.src'], eth!['eth.dst']]);
      expect(frame.kind === 'vrrp' || frame.kind === 'ah').toBe(vrrp !== undefined);
      if (frame.kind === 'vrrp' || frame.kind === 'ah') expect(vrrp).toMatchObject(asTshark(frame.packet!));
      if (frame.kind === 'ah') expect(ah).toMatchObject({ 'ah.sequence': String(frame.sequence) });
      expect(frame.kind === 'arp').toBe(arp !== undefined);
      if (frame.kind === 'arp') {
        expect(arp).toMatchObject({
          'arp.opcode': String(frame.arp.operation),
          'arp.src.hw_mac': frame.arp.senderMac,
          'arp.src.proto_ipv4': frame.arp.senderAddress,
          'arp.dst.hw_mac': frame.arp.targetMac,
          'arp.dst.proto_ipv4': frame.arp.targetAddress,
        });
      }
      expect(frame.kind === 'neighbour-advertisement').toBe(icmpv6?.['icmpv6.type'] === '136');
      if (frame.kind === 'neighbour-advertisement') {
        expect(frame.advertisement.checksumOk).toBe(true);
        expect(icmpv6!['icmpv6.nd.na.target_address']).toBe(frame.advertisement.target);
      }
    });
  });

  it.each(LAB_CAPTURES)('%s: what is read can be written again, byte by byte', (name) => {
    const file = capture(resolve(LAB, name));
    let compared = 0;
    for (const { bytes } of file.packets) {
      const frame = frameOf(bytes)!;
      const again = rebuilt(frame, bytes);
      if (again === undefined) continue;
      expect(toHex(again)).toBe(toHex(bytes));
      compared++;
    }
    expect(compared).toBeGreaterThan(5);
    expect(toHex(writePcap(file).subarray(24))).toBe(toHex(readFileSync(resolve(LAB, name)).subarray(24)));
  });

  it('every message has the checksum that its version and family ask for', () => {
    const forms = new Map<string, number>();
    for (const name of LAB_CAPTURES) {
      for (const { bytes } of capture(resolve(LAB, name)).packets) {
        const frame = frameOf(bytes)!;
        if (frame.kind !== 'vrrp' && frame.kind !== 'ah') continue;
        const { version, checksumForm } = frame.packet!;
        const key = `VRRPv${version} over IPv${frame.ip.family}: ${checksumForm}`;
        forms.set(key, (forms.get(key) ?? 0) + 1);
      }
    }
    expect([...forms.keys()].sort()).toEqual([
      'VRRPv2 over IPv4: message',
      'VRRPv3 over IPv4: pseudo-header',
      'VRRPv3 over IPv6: pseudo-header',
    ]);
    expect(Math.min(...forms.values())).toBeGreaterThan(10);
  });
});

/** The frame that our encoders make of what the decoders say; undefined where there is no encoder for its kind. */
function rebuilt(frame: Frame, bytes: Uint8Array): Uint8Array | undefined {
  if (frame.kind === 'arp' && frame.arp.senderAddress === frame.arp.targetAddress) {
    return encodeGratuitousArp({ mac: frame.sourceMac, address: frame.arp.senderAddress });
  }
  if (frame.kind === 'neighbour-advertisement' && !frame.advertisement.solicited) {
    const { target, router, mac } = frame.advertisement;
    return encodeUnsolicitedNeighbourAdvertisement({ mac: mac!, address: target, router });
  }
  if (frame.kind !== 'vrrp') return undefined;
  const message = encodeAdvert(advertFields(frame.packet!), frame.ip);
  if (frame.ip.family === 6) {
    // The kernel makes the IPv6 header, with a flow label of its own.
    const withMessage = bytes.slice();
    withMessage.set(message, bytes.length - message.length);
    return withMessage;
  }
  const ip = decodeIpv4(bytes.subarray(14));
  if (!ip.ok) throw new Error(ip.reason);
  // FRR sets the router alert option or DF: only its message is compared.
  const plain = ip.value.headerLength === 20 && (bytes[20]! & 0x40) === 0;
  const payload = plain ? encodeIpv4({ ...ip.value, payload: message }) : bytes.slice(14);
  if (!plain) payload.set(message, ip.value.headerLength);
  const { destinationMac: destination, sourceMac: source, vlan, etherType } = frame;
  return encodeEthernet({ destination, source, vlan, etherType, payload });
}

function advertFields(packet: VrrpPacket) {
  const { version, vrid, priority, addresses, intervalUs, authType, authData } = packet;
  const password = new TextDecoder().decode(authData).replace(/\0+$/, '');
  return {
    version: version as 2 | 3,
    vrid,
    priority,
    addresses,
    intervalUs,
    ...(authType === 1 ? { password } : {}),
  };
}
