// The rtnetlink messages that make, change, and describe a macvlan or ipvlan (linux/if_link.h). Pure.
import type { DeviceSpec } from '../ports/network-port.ts';
import { concat, cString, decodeAttributes, encodeAttribute, type NetlinkMessage } from './netlink.ts';

const IFLA_ADDRESS = 1;
const IFLA_IFNAME = 3;
const IFLA_LINK = 5;
const IFLA_LINKINFO = 18;
const IFLA_GROUP = 27;
const IFLA_INFO_KIND = 1;
const IFLA_INFO_DATA = 2;
const IFLA_MACVLAN_MODE = 1;
const IFLA_IPVLAN_MODE = 1;
const IFLA_IPVLAN_FLAGS = 2;
const IFF_UP = 0x1;
const IPVLAN_MODE_L2 = 0;
const MACVLAN_MODES = { private: 1, vepa: 2, bridge: 4 } as const;
const IPVLAN_FLAGS = { bridge: 0, private: 1, vepa: 2 } as const;

/** Body of RTM_NEWLINK that makes a device over the interface of that index. It is down. */
export function newDeviceBody(spec: DeviceSpec, base: number): Uint8Array {
  return concat([
    header(0, 0),
    encodeAttribute(IFLA_LINK, uint32(base)),
    encodeAttribute(IFLA_IFNAME, text(spec.name)),
    ...macOf(spec),
    ...groupOf(spec),
    encodeAttribute(IFLA_LINKINFO, kindOf(spec)),
  ]);
}

/** Body of RTM_NEWLINK that gives a device the mode of `spec`, its MAC address and its group. */
export function changeDeviceBody(spec: DeviceSpec, index: number): Uint8Array {
  return concat([header(index, 0), ...macOf(spec), ...groupOf(spec), encodeAttribute(IFLA_LINKINFO, kindOf(spec))]);
}

/** Body of RTM_NEWLINK that takes a link up. */
export function linkUpBody(index: number): Uint8Array {
  return header(index, IFF_UP);
}

/** Body of RTM_NEWLINK that puts a link into a group. */
export function joinGroupBody(index: number, group: number): Uint8Array {
  return concat([header(index, 0), encodeAttribute(IFLA_GROUP, uint32(group))]);
}

/** Body of RTM_DELLINK. */
export function deleteLinkBody(index: number): Uint8Array {
  return header(index, 0);
}

/** Body of RTM_DELLINK for all links of a group. */
export function deleteGroupBody(group: number): Uint8Array {
  return joinGroupBody(0, group);
}

/** What a link of that name is made of. */
export interface DeviceFacts {
  readonly name: string;
  readonly index: number;
  /** `macvlan`; empty for links that are no virtual ones. */
  readonly kind: string;
  /** Index of the interface under it. */
  readonly base: number | undefined;
  readonly group: number;
}

/** Reads RTM_NEWLINK. Undefined when it is about no link. */
export function decodeDevice({ body }: NetlinkMessage): DeviceFacts | undefined {
  if (body.length < 16 || body[0] !== 0) return undefined;
  const attributes = decodeAttributes(body.subarray(16));
  const name = attributes.get(IFLA_IFNAME);
  if (name === undefined) return undefined;
  const base = attributes.get(IFLA_LINK);
  const group = attributes.get(IFLA_GROUP);
  const kind = decodeAttributes(attributes.get(IFLA_LINKINFO) ?? new Uint8Array()).get(IFLA_INFO_KIND);
  return {
    name: cString(name),
    index: readInt32(body, 4),
    kind: kind === undefined ? '' : cString(kind),
    base: base === undefined ? undefined : readInt32(base, 0),
    group: group === undefined ? 0 : readInt32(group, 0) >>> 0,
  };
}

function header(index: number, up: number): Uint8Array {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setInt32(4, index, true);
  view.setUint32(8, up, true);
  view.setUint32(12, up, true);
  return bytes;
}

function kindOf({ kind, mode }: DeviceSpec): Uint8Array {
  const data =
    kind === 'macvlan'
      ? encodeAttribute(IFLA_MACVLAN_MODE, uint32(MACVLAN_MODES[mode]))
      : concat([
          encodeAttribute(IFLA_IPVLAN_MODE, uint16(IPVLAN_MODE_L2)),
          encodeAttribute(IFLA_IPVLAN_FLAGS, uint16(IPVLAN_FLAGS[mode])),
        ]);
  return concat([encodeAttribute(IFLA_INFO_KIND, text(kind)), encodeAttribute(IFLA_INFO_DATA, data)]);
}

function macOf({ mac }: DeviceSpec): readonly Uint8Array[] {
  if (mac === undefined) return [];
  return [
    encodeAttribute(
      IFLA_ADDRESS,
      Uint8Array.from(mac.split(':'), (byte) => Number.parseInt(byte, 16)),
    ),
  ];
}

function groupOf({ group }: DeviceSpec): readonly Uint8Array[] {
  return group === undefined ? [] : [encodeAttribute(IFLA_GROUP, uint32(group))];
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(`${value}\0`);
}

function uint16(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff, value >> 8);
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

function readInt32(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getInt32(at, true);
}
