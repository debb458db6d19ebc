// One Ethernet frame, taken apart as far as VRRP needs it.
import type { Family, IpAddress } from './address.ts';
import { AH_PROTOCOL, decodeAh } from './ah.ts';
import { type ArpMessage, decodeArp } from './arp.ts';
import { decodeCooked, LINKTYPE_ETHERNET } from './cooked.ts';
import { decodeVrrp } from './decode-vrrp.ts';
import type { Decoded } from './decoded.ts';
import { decodeEthernet, ETHERTYPE, type EthernetFrame, type MacAddress } from './ethernet.ts';
import { decodeIpv4, type Ipv4Packet } from './ipv4.ts';
import { decodeIpv6, type Ipv6Packet } from './ipv6.ts';
import { decodeNeighbourAdvertisement, ICMPV6_PROTOCOL, type NeighbourAdvertisement } from './neighbour.ts';
import { VRRP_PROTOCOL, type VrrpPacket } from './vrrp.ts';

/** What every frame has. */
export interface FrameLink {
  readonly destinationMac: MacAddress;
  readonly sourceMac: MacAddress;
  readonly vlan: number | undefined;
  readonly etherType: number;
}

/** What both IP headers say. */
export interface IpFacts {
  readonly family: Family;
  readonly source: IpAddress;
  readonly destination: IpAddress;
  /** TTL or hop limit. */
  readonly ttl: number;
  readonly protocol: number;
  readonly tos: number;
  readonly payload: Uint8Array;
  /** IPv4 only. */
  readonly id?: number;
}

export type Frame =
  /** `packet` is undefined when the message is shorter than its fixed part. */
  | (FrameLink & { readonly kind: 'vrrp'; readonly ip: IpFacts; readonly packet: VrrpPacket | undefined })
  /** VRRP behind an Authentication Header; `packet` as for vrrp, or undefined because the header is broken. */
  | (FrameLink & {
      readonly kind: 'ah';
      readonly ip: IpFacts;
      readonly spi: number | undefined;
      readonly sequence: number | undefined;
      readonly packet: VrrpPacket | undefined;
    })
  | (FrameLink & { readonly kind: 'arp'; readonly arp: ArpMessage })
  | (FrameLink & {
      readonly kind: 'neighbour-advertisement';
      readonly ip: IpFacts;
      readonly advertisement: NeighbourAdvertisement;
    })
  /** Anything else, later fragments and broken ARP and ND included. `ip` where it is a readable IP packet. */
  | (FrameLink & { readonly kind: 'other'; readonly ip: IpFacts | undefined });

/**
 * Reads a frame with Ethernet header, or the cooked one of its link type. `truncated`: not even that is whole. `ip`: an IP
 * header that is none.
 */
export function decodeFrame(bytes: Uint8Array, linkType = LINKTYPE_ETHERNET): Decoded<Frame, 'truncated' | 'ip'> {
  const ethernet = linkType === LINKTYPE_ETHERNET ? decodeEthernet(bytes) : decodeCooked(bytes, linkType);
  if (!ethernet.ok) return ethernet;
  const { etherType, payload } = ethernet.value;
  const link = linkFacts(ethernet.value);
  if (etherType === ETHERTYPE.arp) {
    const arp = decodeArp(payload);
    return {
      ok: true,
      value: arp.ok ? { ...link, kind: 'arp', arp: arp.value } : { ...link, kind: 'other', ip: undefined },
    };
  }
  if (etherType !== ETHERTYPE.ipv4 && etherType !== ETHERTYPE.ipv6) {
    return { ok: true, value: { ...link, kind: 'other', ip: undefined } };
  }
  const ip = etherType === ETHERTYPE.ipv4 ? decodeIpv4(payload) : decodeIpv6(payload);
  return ip.ok ? { ok: true, value: ipFrame(link, ip.value) } : { ok: false, reason: 'ip' };
}

function linkFacts({ destination, source, vlan, etherType }: EthernetFrame): FrameLink {
  return { destinationMac: destination, sourceMac: source, vlan, etherType };
}

function ipFrame(link: FrameLink, ip: Ipv4Packet | Ipv6Packet): Frame {
  if (ip.family === 4 && ip.fragment && ip.fragment.offset > 0) return { ...link, kind: 'other', ip };
  if (ip.protocol === VRRP_PROTOCOL) {
    return { ...link, kind: 'vrrp', ip, packet: vrrpPacket(ip.payload, ip) };
  }
  if (ip.protocol === AH_PROTOCOL) {
    const ah = decodeAh(ip.payload);
    if (!ah.ok) return { ...link, kind: 'ah', ip, spi: undefined, sequence: undefined, packet: undefined };
    const { nextHeader, spi, sequence, payload } = ah.value;
    if (nextHeader !== VRRP_PROTOCOL) return { ...link, kind: 'other', ip };
    return { ...link, kind: 'ah', ip, spi, sequence, packet: vrrpPacket(payload, ip) };
  }
  if (ip.protocol === ICMPV6_PROTOCOL && ip.family === 6) {
    const decoded = decodeNeighbourAdvertisement(ip.payload, ip);
    if (decoded.ok) return { ...link, kind: 'neighbour-advertisement', ip, advertisement: decoded.value };
  }
  return { ...link, kind: 'other', ip };
}

function vrrpPacket(payload: Uint8Array, ip: IpFacts): VrrpPacket | undefined {
  const decoded = decodeVrrp(payload, ip);
  return decoded.ok ? decoded.value : undefined;
}
