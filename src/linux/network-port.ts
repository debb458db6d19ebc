// Interfaces, their addresses, devices and announcements: NetworkPort over rtnetlink and a packet socket.
import { readFileSync } from 'node:fs';
import type { AddressSpec, Announcement, Link, NetworkPort } from '../ports/network-port.ts';
import { done, type PortResult } from '../ports/result.ts';
import { addressFamily, type IpAddress } from '../wire/address.ts';
import { encodeGratuitousArp } from '../wire/arp.ts';
import { encodeUnsolicitedNeighbourAdvertisement } from '../wire/neighbour.ts';
import {
  AF_PACKET,
  EADDRNOTAVAIL,
  EEXIST,
  ENODEV,
  SO_PRIORITY,
  SOCK_CLOEXEC,
  SOCK_NONBLOCK,
  SOCK_RAW,
  SOL_SOCKET,
} from './abi.ts';
import { createDevices } from './devices.ts';
import { createFrameBurst, type OutgoingFrame } from './frame-burst.ts';
import { failure, libc } from './libc.ts';
import type { LinkTable } from './link-table.ts';
import { NLM_F_CREATE, NLM_F_EXCL } from './netlink.ts';
import { createNetlinkSocket, type NetlinkRequest } from './netlink-socket.ts';
import { addressBody, RTM_DELADDR, RTM_NEWADDR } from './rtnetlink.ts';
import { createSysctls } from './sysctls.ts';

export interface LinuxNetworkPort extends NetworkPort {
  close(): void;
}

/** Addresses and announcements need CAP_NET_ADMIN and CAP_NET_RAW; without them they fail with EPERM, links still work. */
export function createNetworkPort(table: LinkTable): LinuxNetworkPort {
  const netlink = createNetlinkSocket(0);
  const sysctls = createSysctls();
  const devices = createDevices(table, netlink, sysctls);
  const burst = createFrameBurst();
  let packetSocket: number | undefined;

  function change(specs: readonly AddressSpec[], adding: boolean): PortResult[] {
    const results: PortResult[] = specs.map(() => done);
    const requests: NetlinkRequest[] = [];
    const positions: number[] = [];
    for (const [position, spec] of specs.entries()) {
      const link = table.find(spec.interface);
      if (link === undefined) {
        // Where the interface is gone, so is the address.
        if (adding)
          results[position] = failure(ENODEV, `cannot add ${spec.address}/${spec.prefix} to ${spec.interface}`);
        continue;
      }
      const body = addressBody(spec, link.index, adding);
      requests.push(
        adding ? { type: RTM_NEWADDR, flags: NLM_F_CREATE | NLM_F_EXCL, body } : { type: RTM_DELADDR, flags: 0, body },
      );
      positions.push(position);
    }
    const fine = adding ? [0, EEXIST] : [0, EADDRNOTAVAIL, ENODEV];
    for (const [i, { error, text }] of netlink.request(requests).entries()) {
      if (fine.includes(error)) continue;
      const position = positions[i]!;
      const { interface: name, address, prefix } = specs[position]!;
      const what = adding
        ? `cannot add ${address}/${prefix} to ${name}`
        : `cannot remove ${address}/${prefix} from ${name}`;
      const failed = failure(error, what);
      results[position] = text === undefined ? failed : { ...failed, message: `${failed.message} (${text})` };
    }
    return results;
  }

  function announce(announcements: readonly Announcement[]): readonly PortResult[] {
    const results: PortResult[] = announcements.map(() => done);
    const frames: OutgoingFrame[] = [];
    const positions: number[] = [];
    // Each is announced several times.
    const made = new Map<string, OutgoingFrame>();
    for (const [position, { interface: name, address }] of announcements.entries()) {
      const link = table.find(name);
      if (link === undefined) results[position] = failure(ENODEV, `cannot announce ${address} on ${name}`);
      if (link === undefined || !link.arp || link.mac === '') continue;
      const key = `${name} ${address}`;
      const frame = made.get(key) ?? { index: link.index, bytes: announcementFrame(link, address) };
      made.set(key, frame);
      frames.push(frame);
      positions.push(position);
    }
    if (frames.length === 0) return results;
    const fd = openedPacketSocket();
    const sent = fd < 0 ? frames.map(() => fd) : burst(fd, frames);
    for (const [i, position] of positions.entries()) {
      const { interface: name, address } = announcements[position]!;
      if (sent[i]! < 0) results[position] = failure(sent[i]!, `cannot announce ${address} on ${name}`);
    }
    return results;
  }

  /** A negative errno where it cannot be opened. */
  function openedPacketSocket(): number {
    if (packetSocket !== undefined) return packetSocket;
    // Protocol 0: this socket only sends, no frame is queued to it.
    const opened = libc().socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (opened < 0) return opened;
    libc().setOption(opened, SOL_SOCKET, SO_PRIORITY, 7);
    packetSocket = opened;
    return opened;
  }

  return {
    links: () => table.all(),
    onLinkChange: (listener) => table.onChange(listener),
    addAddresses: (specs) => change(specs, true),
    removeAddresses: (specs) => change(specs, false),
    createDevices: (specs) => specs.map(devices.create),
    removeDevices: devices.remove,
    setSysctls: (settings) => sysctls.hold('configuration', settings),
    announce,
    close: () => {
      netlink.close();
      if (packetSocket !== undefined) libc().close(packetSocket);
      packetSocket = undefined;
    },
  };
}

function announcementFrame({ name, mac }: Link, address: IpAddress): Uint8Array {
  if (addressFamily(address) === 4) return encodeGratuitousArp({ mac, address });
  return encodeUnsolicitedNeighbourAdvertisement({ mac, address, router: forwardsIpv6(name) });
}

/** Whether this host routes IPv6 there: the router flag of what it announces (RFC 4861 §4.4). */
function forwardsIpv6(name: string): boolean {
  try {
    return readFileSync(`/proc/sys/net/ipv6/conf/${name}/forwarding`, 'latin1').trim() !== '0';
  } catch {
    return false;
  }
}
