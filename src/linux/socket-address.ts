// Socket addresses and the small structures of socket options, as bytes.
import { addressBytes, type IpAddress } from '../wire/address.ts';
import { AF_INET, AF_INET6, AF_PACKET, AF_UNIX } from './abi.ts';

function structure(length: number, fill: (view: DataView, bytes: Uint8Array) => void): Uint8Array {
  const bytes = new Uint8Array(length);
  fill(new DataView(bytes.buffer), bytes);
  return bytes;
}

/** struct sockaddr_in, port 0. */
export function sockaddrIn(address: IpAddress): Uint8Array {
  return structure(16, (view, bytes) => {
    view.setUint16(0, AF_INET, true);
    bytes.set(addressBytes(address), 4);
  });
}

/** struct sockaddr_in6, port 0, with the interface as scope. */
export function sockaddrIn6(address: IpAddress, index: number): Uint8Array {
  return structure(28, (view, bytes) => {
    view.setUint16(0, AF_INET6, true);
    bytes.set(addressBytes(address), 8);
    view.setUint32(24, index, true);
  });
}

/** struct sockaddr_ll. `protocol` is an ethertype in host order. */
export function sockaddrLl(index: number, protocol: number, destination?: Uint8Array): Uint8Array {
  return structure(20, (view, bytes) => {
    view.setUint16(0, AF_PACKET, true);
    view.setUint16(2, protocol, false);
    view.setInt32(4, index, true);
    if (destination === undefined) return;
    bytes[11] = destination.length;
    bytes.set(destination.subarray(0, 8), 12);
  });
}

/** struct sockaddr_un of a path, or of an abstract name when `path` begins with a zero byte. */
export function sockaddrUn(path: string): Uint8Array {
  const name = new TextEncoder().encode(path);
  const abstract = name[0] === 0;
  return structure(2 + name.length + (abstract ? 0 : 1), (view, bytes) => {
    view.setUint16(0, AF_UNIX, true);
    bytes.set(name, 2);
  });
}

/** struct ip_mreqn: group, no local address, interface. */
export function ipMreqn(group: IpAddress | undefined, index: number): Uint8Array {
  return structure(12, (view, bytes) => {
    if (group !== undefined) bytes.set(addressBytes(group), 0);
    view.setInt32(8, index, true);
  });
}

/** struct ipv6_mreq; struct in6_pktinfo has the same layout. */
export function in6AddressAndIndex(address: IpAddress, index: number): Uint8Array {
  return structure(20, (view, bytes) => {
    bytes.set(addressBytes(address), 0);
    view.setInt32(16, index, true);
  });
}

/** struct packet_mreq for a multicast MAC. */
export function packetMreq(index: number, type: number, mac: Uint8Array): Uint8Array {
  return structure(16, (view, bytes) => {
    view.setInt32(0, index, true);
    view.setUint16(4, type, true);
    view.setUint16(6, mac.length, true);
    bytes.set(mac.subarray(0, 8), 8);
  });
}
