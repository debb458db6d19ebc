// Macvlan and ipvlan interfaces over real ones, with the kernel settings that keepalived gives them and their base.
import type { DeviceSpec, Link, MadeDevice, Sysctl } from '../ports/network-port.ts';
import type { PortResult } from '../ports/result.ts';
import { EEXIST, ENODEV } from './abi.ts';
import {
  changeDeviceBody,
  type DeviceFacts,
  decodeDevice,
  deleteGroupBody,
  deleteLinkBody,
  joinGroupBody,
  linkUpBody,
  newDeviceBody,
} from './device-messages.ts';
import { failure } from './libc.ts';
import type { LinkTable } from './link-table.ts';
import { NLM_F_CREATE, NLM_F_EXCL } from './netlink.ts';
import type { NetlinkSocket } from './netlink-socket.ts';
import { dumpBody, RTM_DELLINK, RTM_GETLINK, RTM_NEWLINK } from './rtnetlink.ts';
import { reversePathSettings, type Sysctls } from './sysctls.ts';

export interface Devices {
  create(spec: DeviceSpec): MadeDevice;
  remove(names: readonly string[]): void;
}

const REVERSE_PATH = 'rp_filter of all';
/** A link group that nobody else has (`kavt`): where devices go before they are deleted together. */
const LAST_GROUP = 0x6b617674;

/** Needs CAP_NET_ADMIN; without it `create` fails with EPERM. */
export function createDevices(table: LinkTable, netlink: NetlinkSocket, sysctls: Sysctls): Devices {
  /** Names of what was made or taken over. */
  const own = new Set<string>();
  let moved = false;

  function create(spec: DeviceSpec): MadeDevice {
    const base = table.find(spec.base);
    if (base === undefined) return failed(failure(ENODEV, `cannot make ${spec.name} on ${spec.base}`));
    const made = request(RTM_NEWLINK, newDeviceBody(spec, base.index), NLM_F_CREATE | NLM_F_EXCL);
    const reused = made.error === EEXIST;
    if (made.error !== 0) {
      const taken = reused ? takeOver(spec, base) : refusal(spec, made);
      if (!taken.ok) return failed(taken);
    }
    const link = table.find(spec.name);
    if (link === undefined) return failed(failure(ENODEV, `cannot make ${spec.name} on ${spec.base}`));
    own.add(spec.name);
    const problems = setUp(spec);
    const up = request(RTM_NEWLINK, linkUpBody(link.index), 0);
    if (up.error !== 0) return failed(failure(up.error, `cannot take ${spec.name} up`));
    // Read again: now it is up.
    const now = table.all().find(({ index }) => index === link.index);
    return { result: { ok: true }, reused, link: now, problems };
  }

  /** Of the same kind over the same base: what an earlier run left, or somebody made for us. */
  function takeOver(spec: DeviceSpec, base: Link): PortResult {
    const there = facts().find(({ name }) => name === spec.name);
    if (there?.kind !== spec.kind || there.base !== base.index) {
      const what = there?.kind === spec.kind ? 'is on another interface' : `is no ${spec.kind}`;
      const message = `an interface ${spec.name} exists and ${what}: choose another name for it`;
      return { ok: false, code: 'EEXIST', message };
    }
    const changed = request(RTM_NEWLINK, changeDeviceBody(spec, there.index), 0);
    return changed.error === 0 ? { ok: true } : failure(changed.error, `cannot change ${spec.name}`);
  }

  function facts(): readonly DeviceFacts[] {
    const dump = netlink.dump(RTM_GETLINK, dumpBody(RTM_GETLINK));
    return typeof dump === 'number' ? [] : dump.flatMap((message) => decodeDevice(message) ?? []);
  }

  function request(type: number, body: Uint8Array, flags: number) {
    return netlink.request([{ type, flags, body }])[0]!;
  }

  function setUp(spec: DeviceSpec): readonly string[] {
    const results = [
      ...(spec.ipv4 ? moveReversePath() : []),
      ...deviceSettings(spec).map((setting) => sysctls.set(setting)),
      ...sysctls.hold(spec.name, baseSettings(spec)),
    ];
    return results.flatMap((result) => (result.ok ? [] : [result.message]));
  }

  /** The kernel lets some 20 ms pass for each deletion, but for a whole group only once. */
  function deleteLinks(indexes: readonly number[]): void {
    const bodies = indexes.map((index) => ({ type: RTM_NEWLINK, flags: 0, body: joinGroupBody(index, LAST_GROUP) }));
    if (indexes.length > 1 && facts().every(({ group }) => group !== LAST_GROUP)) {
      netlink.request(bodies);
      if (request(RTM_DELLINK, deleteGroupBody(LAST_GROUP), 0).error === 0) return;
    }
    for (const index of indexes) request(RTM_DELLINK, deleteLinkBody(index), 0);
  }

  /** Once for all devices. */
  function moveReversePath(): readonly PortResult[] {
    if (moved) return [];
    moved = true;
    return sysctls.hold(REVERSE_PATH, reversePathSettings());
  }

  return {
    create,
    remove(names) {
      const ours = names.filter((name) => own.delete(name));
      deleteLinks(ours.flatMap((name) => table.find(name)?.index ?? []));
      for (const name of ours) sysctls.hold(name, []);
      if (own.size > 0) return;
      moved = false;
      sysctls.hold(REVERSE_PATH, []);
    },
  };
}

function failed(result: PortResult): MadeDevice {
  return { result, reused: false, link: undefined, problems: [] };
}

function refusal(spec: DeviceSpec, { error, text }: { error: number; text: string | undefined }): PortResult {
  const refused = failure(error, `cannot make the ${spec.kind} ${spec.name} on ${spec.base}`);
  return text === undefined ? refused : { ...refused, message: `${refused.message} (${text})` };
}

/**
 * IPv4: only the device whose address is asked for answers ARP, packets come and go although no route leads there.
 * IPv6: no addresses and no questions of its own, which would leave with the virtual MAC address of a MASTER elsewhere.
 */
function deviceSettings({ name, ipv4, ipv6 }: DeviceSpec): readonly Sysctl[] {
  const on = (family: 'ipv4' | 'ipv6', setting: string, value: number): Sysctl => ({
    path: [family, 'conf', name, setting],
    value: String(value),
  });
  return [
    ...(ipv4
      ? [
          on('ipv4', 'arp_ignore', 1),
          on('ipv4', 'accept_local', 1),
          on('ipv4', 'rp_filter', 0),
          on('ipv4', 'promote_secondaries', 1),
        ]
      : []),
    ...(ipv6
      ? [
          on('ipv6', 'disable_ipv6', 0),
          on('ipv6', 'addr_gen_mode', 1),
          on('ipv6', 'accept_ra', 0),
          on('ipv6', 'autoconf', 0),
          on('ipv6', 'router_solicitations', 0),
        ]
      : [on('ipv6', 'disable_ipv6', 1)]),
  ];
}

/**
 * The base must not answer ARP for addresses of its devices; nor (arp_announce, which keepalived leaves alone) name one
 * as its own when it asks for whom an answer goes to: that would undo the announcement of the virtual MAC address.
 */
function baseSettings({ base, ipv4 }: DeviceSpec): readonly Sysctl[] {
  if (!ipv4) return [];
  const settings = { arp_ignore: 1, arp_filter: 1, arp_announce: 2 };
  return Object.entries(settings).map(([setting, value]) => {
    return { path: ['ipv4', 'conf', base, setting], value: String(value) };
  });
}
