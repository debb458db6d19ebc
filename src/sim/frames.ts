// The Ethernet frames that simulated hosts exchange: real ones, so that captures of the simulation are real too.
import type { OutgoingDatagram } from '../ports/vrrp-port.ts';
import type { IpAddress } from '../wire/address.ts';
import { addressFamily } from '../wire/address.ts';
import { AH_PROTOCOL, encodeAh } from '../wire/ah.ts';
import { encodeGratuitousArp } from '../wire/arp.ts';
import type { MacAddress } from '../wire/ethernet.ts';
import { ETHERTYPE, encodeEthernet } from '../wire/ethernet.ts';
import type { Frame } from '../wire/frame.ts';
import { encodeIpv4 } from '../wire/ipv4.ts';
import { encodeIpv6 } from '../wire/ipv6.ts';
import { encodeUnsolicitedNeighbourAdvertisement } from '../wire/neighbour.ts';
import { VRRP_PROTOCOL } from '../wire/vrrp.ts';

/** keepalived sends adverts with DSCP CS6 (internetwork control). */
const TOS_INTERNETWORK_CONTROL = 0xc0;

/** A datagram of protocol 112 or 51 as it leaves an interface. */
export function datagramFrame(source: MacAddress, destination: MacAddress, datagram: OutgoingDatagram): Uint8Array {
  const { ah, payload } = datagram;
  const id = 0;
  const fields = {
    ...datagram,
    protocol: ah === undefined ? VRRP_PROTOCOL : AH_PROTOCOL,
    tos: TOS_INTERNETWORK_CONTROL,
    payload: ah === undefined ? payload : encodeAh(payload, ah, { ...datagram, id }),
  };
  const ipv4 = datagram.family === 4;
  return encodeEthernet({
    destination,
    source,
    vlan: undefined,
    etherType: ipv4 ? ETHERTYPE.ipv4 : ETHERTYPE.ipv6,
    payload: ipv4 ? encodeIpv4({ ...fields, id }) : encodeIpv6(fields),
  });
}

/** A gratuitous ARP request or an unsolicited neighbour advertisement. */
export function announcementFrame(mac: MacAddress, address: IpAddress): Uint8Array {
  return addressFamily(address) === 4
    ? encodeGratuitousArp({ mac, address })
    : encodeUnsolicitedNeighbourAdvertisement({ mac, address, router: true });
}

/** What a neighbour learns from a frame: which hardware address an IP address has. */
export function learntFrom(frame: Frame): { readonly address: IpAddress; readonly mac: MacAddress } | undefined {
  if (frame.kind === 'arp') return { address: frame.arp.senderAddress, mac: frame.arp.senderMac };
  if (frame.kind !== 'neighbour-advertisement' || frame.advertisement.mac === undefined) return undefined;
  return { address: frame.advertisement.target, mac: frame.advertisement.mac };
}

/** Broadcast or multicast: the lowest bit of the first byte. */
export function isGroupMac(mac: MacAddress): boolean {
  return (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1;
}
