// ARP for IPv4 over Ethernet (RFC 826), and the gratuitous request by which a VIP is announced.
import { addressFromBytes, type IpAddress, writeAddress } from './address.ts';
import type { Decoded } from './decoded.ts';
import { BROADCAST_MAC, ETHERTYPE, encodeEthernet, type MacAddress, macFromBytes, writeMac } from './ethernet.ts';

const LENGTH = 28;
export const ARP_REQUEST = 1;
export const ARP_REPLY = 2;

export interface ArpMessage {
  /** ARP_REQUEST, ARP_REPLY, or another. */
  readonly operation: number;
  readonly senderMac: MacAddress;
  readonly senderAddress: IpAddress;
  readonly targetMac: MacAddress;
  readonly targetAddress: IpAddress;
}

/** Reads the payload of an ARP frame. `unsupported`: not IPv4 over Ethernet. */
export function decodeArp(bytes: Uint8Array): Decoded<ArpMessage, 'truncated' | 'unsupported'> {
  if (bytes.length < 8) return { ok: false, reason: 'truncated' };
  const types = bytes[0] === 0 && bytes[1] === 1 && bytes[2] === 8 && bytes[3] === 0;
  if (!types || bytes[4] !== 6 || bytes[5] !== 4) return { ok: false, reason: 'unsupported' };
  if (bytes.length < LENGTH) return { ok: false, reason: 'truncated' };
  return {
    ok: true,
    value: {
      operation: (bytes[6]! << 8) | bytes[7]!,
      senderMac: macFromBytes(bytes, 8),
      senderAddress: addressFromBytes(bytes, 14, 4),
      targetMac: macFromBytes(bytes, 18),
      targetAddress: addressFromBytes(bytes, 24, 4),
    },
  };
}

/**
 * The whole Ethernet frame of a gratuitous ARP as keepalived sends it: a request, sender and target are `address`, target
 * hardware address and destination are broadcast (RFC 5227 §3 would have zeros as the target hardware address).
 */
export function encodeGratuitousArp(fields: { readonly mac: MacAddress; readonly address: IpAddress }): Uint8Array {
  const payload = new Uint8Array(LENGTH);
  payload.set([0, 1, 8, 0, 6, 4, 0, ARP_REQUEST]);
  writeMac(payload, 8, fields.mac);
  writeAddress(payload, 14, fields.address);
  writeMac(payload, 18, BROADCAST_MAC);
  writeAddress(payload, 24, fields.address);
  return encodeEthernet({
    destination: BROADCAST_MAC,
    source: fields.mac,
    vlan: undefined,
    etherType: ETHERTYPE.arp,
    payload,
  });
}
