// A captured frame → what it says about virtual routers: an advert, who has an address, or another protocol of the kind.
import { type Family, type IpAddress, isMulticast } from '../wire/address.ts';
import type { MacAddress } from '../wire/ethernet.ts';
import { decodeFrame, type Frame, type IpFacts } from '../wire/frame.ts';
import { ADVERTISEMENT, VRRP_TTL, type VrrpPacket } from '../wire/vrrp.ts';
import type { OtherProtocol, Refusal } from './event.ts';
import { type CarpHeader, readCarp, readHsrp, readQuerier } from './other-protocols.ts';
import type { AdvertFacts } from './speaker.ts';

interface SeenPlace {
  readonly vlan: number | undefined;
  readonly family: Family;
}

export type Seen =
  | (SeenPlace & {
      readonly kind: 'advert';
      readonly vrid: number;
      readonly facts: AdvertFacts;
      /** Why no router accepts it, whatever its configuration. */
      readonly refusal: Refusal | undefined;
    })
  /** Gratuitous ARP, a neighbour advertisement, or any other ARP, which tells its sender's addresses too. */
  | (SeenPlace & {
      readonly kind: 'announcement';
      readonly address: IpAddress;
      readonly mac: MacAddress;
      /** It was sent for nothing else. */
      readonly gratuitous: boolean;
    })
  | (SeenPlace & { readonly kind: 'other-protocol'; readonly other: OtherProtocol })
  | (SeenPlace & { readonly kind: 'querier'; readonly address: IpAddress })
  /** VRRP or AH without its fixed part. */
  | (SeenPlace & { readonly kind: 'malformed' });

/** Undefined: it has nothing to say. `cut`: the capture holds less than there was, so lengths and sums tell nothing. */
export function interpretFrame(bytes: Uint8Array, linkType: number, cut: boolean): Seen | undefined {
  const decoded = decodeFrame(bytes, linkType);
  if (!decoded.ok) return undefined;
  const frame = decoded.value;
  switch (frame.kind) {
    case 'vrrp':
    case 'ah':
      return interpretAdvert(frame, cut);
    case 'arp': {
      const { senderAddress: address, senderMac: mac, targetAddress } = frame.arp;
      // An ARP probe (RFC 5227 §1.1) has no sender address: it asserts nothing.
      if (address === '0.0.0.0') return undefined;
      return { kind: 'announcement', vlan: frame.vlan, family: 4, address, mac, gratuitous: address === targetAddress };
    }
    case 'neighbour-advertisement': {
      const { target: address, mac = frame.sourceMac, solicited, checksumOk } = frame.advertisement;
      if (!checksumOk && !cut) return undefined;
      return { kind: 'announcement', vlan: frame.vlan, family: 6, address, mac, gratuitous: !solicited };
    }
    case 'other':
      return frame.ip === undefined ? undefined : interpretOther(frame, frame.ip);
  }
}

function interpretAdvert(frame: Extract<Frame, { kind: 'vrrp' | 'ah' }>, cut: boolean): Seen {
  const { vlan, ip, packet } = frame;
  const place = { vlan, family: ip.family };
  const carp: CarpHeader | undefined = readCarp(ip.payload);
  if (frame.kind === 'vrrp' && carp !== undefined) {
    const { group, priority } = carp;
    const other = {
      protocol: 'carp',
      group,
      address: ip.source,
      mac: frame.sourceMac,
      state: undefined,
      priority,
    } as const;
    return { ...place, kind: 'other-protocol', other };
  }
  if (packet === undefined) return { ...place, kind: 'malformed' };
  return {
    ...place,
    kind: 'advert',
    vrid: packet.vrid,
    refusal: refusalOf(packet, ip, cut),
    facts: {
      source: ip.source,
      destination: ip.destination,
      mac: frame.sourceMac,
      unicast: !isMulticast(ip.destination),
      ttl: ip.ttl,
      ah: frame.kind === 'ah',
      version: packet.version,
      priority: packet.priority,
      intervalUs: packet.intervalUs,
      authType: packet.authType,
      passwordMark: markOf(packet.authData),
      checksumForm: packet.checksumForm,
      ...(frame.kind === 'ah' && frame.sequence !== undefined && { sequence: frame.sequence }),
      addresses: packet.addresses,
    },
  };
}

/** The rungs of the validation ladder that do not depend on a router's configuration. */
function refusalOf(packet: VrrpPacket, ip: IpFacts, cut: boolean): Refusal | undefined {
  if (packet.version !== 2 && packet.version !== 3) return 'version';
  if (packet.type !== ADVERTISEMENT || packet.vrid === 0) return 'type';
  if (!cut && packet.length !== packet.expectedLength && !packet.signed) return 'length';
  // Unicast may be routed, and its TTL configured.
  if (ip.ttl !== VRRP_TTL && isMulticast(ip.destination)) return 'ttl';
  // Erratum 8301 to RFC 9568 §5.2.7.
  if (packet.intervalUs === 0) return 'interval';
  return !cut && isChecksumWrong(packet, ip.family) ? 'checksum' : undefined;
}

function isChecksumWrong({ version, checksumForm }: VrrpPacket, family: Family): boolean {
  if (checksumForm === 'both' || checksumForm === 'unchecked') return false;
  if (family === 6) return checksumForm !== 'pseudo-header';
  return version === 2 ? checksumForm !== 'message' : checksumForm === 'none';
}

/** FNV-1a of a password: tells whether two are the same, without telling what they are. 0 without one. */
function markOf(authData: Uint8Array | undefined): number {
  if (authData === undefined) return 0;
  let mark = 0x811c9dc5;
  for (const byte of authData) mark = Math.imul(mark ^ byte, 0x01000193) >>> 0;
  return mark;
}

function interpretOther(frame: Frame, ip: IpFacts): Seen | undefined {
  const place = { vlan: frame.vlan, family: ip.family };
  const hsrp = readHsrp(ip);
  if (hsrp !== undefined) {
    const other = { ...hsrp, protocol: 'hsrp', address: ip.source, mac: frame.sourceMac } as const;
    return { ...place, kind: 'other-protocol', other };
  }
  return readQuerier(ip) ? { ...place, kind: 'querier', address: ip.source } : undefined;
}
