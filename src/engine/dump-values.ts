// What keepalived's three dumps (data, stats, JSON) have in common: counters, addresses, commands and times as it writes
// them (2.2.7: vrrp_print.c, vrrp_json.c, vrrp_data.c).
import type { Command, InstanceConfig, VirtualAddress } from '../vrrp/config.ts';
import { FOREVER } from '../wire/address.ts';
import type { StaticAddress } from './config.ts';
import { devicesOf } from './devices.ts';
import { isClosed } from './firewall.ts';
import type { InstanceSnapshot, Snapshot } from './snapshot.ts';

/** Stands for every secret. */
export const MASK = '****';

const SCOPES: Readonly<Record<number, string>> = { 0: 'global', 200: 'site', 253: 'link', 254: 'host', 255: 'nowhere' };

/** keepalived's fourteen counters under the names and in the order of its JSON. */
export function dumpedCounters({ counters, peers, authentication }: InstanceSnapshot) {
  const { rejected } = counters;
  // Since 2.3.3 an advert with other addresses is accepted, and counted all the same.
  const mismatches = peers.reduce((sum, peer) => sum + peer.addressMismatches, 0);
  return {
    advert_rcvd: counters.advertRcvd,
    advert_sent: counters.advertSent,
    become_master: counters.becomeMaster,
    release_master: counters.releaseMaster,
    packet_len_err: (rejected.length ?? 0) + (rejected.truncated ?? 0),
    advert_interval_err: rejected.interval ?? 0,
    ip_ttl_err: rejected.ttl ?? 0,
    invalid_type_rcvd: rejected.type ?? 0,
    addr_list_err: (rejected['address-list'] ?? 0) + (rejected.destination ?? 0) + mismatches,
    invalid_authtype: rejected['auth-type-unknown'] ?? 0,
    authtype_mismatch: rejected['auth-type-mismatch'] ?? 0,
    auth_failure: rejected['auth-failure'] ?? 0,
    ...(authentication === 'HMAC' && extensionCounters(rejected)),
    pri_zero_rcvd: counters.priZeroRcvd,
    pri_zero_sent: counters.priZeroSent,
  };
}

/** As keepalived 2.4 has them, where there are signatures to count. */
function extensionCounters(rejected: InstanceSnapshot['counters']['rejected']) {
  return {
    auth_ext_missing: rejected['hmac-missing'] ?? 0,
    auth_ext_malformed: rejected['hmac-malformed'] ?? 0,
    auth_ext_unknown_key: rejected['hmac-unknown-key'] ?? 0,
    auth_ext_invalid_hmac: rejected['hmac-wrong'] ?? 0,
    auth_ext_stale: rejected['hmac-stale'] ?? 0,
    auth_ext_replay: rejected['hmac-replay'] ?? 0,
  };
}

/** `10.0.0.100/24 dev eth0 scope global set`: `set` when the kernel has it. */
export function dumpedAddress(vip: VirtualAddress, instance: InstanceConfig, shown: InstanceSnapshot): string {
  const device = devicesOf(instance).find(({ name }) => name === vip.interface);
  const present = shown.addresses.find(
    (one) => one.address === vip.address && one.interface === vip.interface,
  )?.present;
  const carrier = device === undefined ? vip.interface : `${device.name}@${device.base}`;
  // Ours are closed all the time; keepalived closes them with the address.
  const state = present ? (isClosed(instance) ? ' set nftable_set' : ' set') : '';
  return `${addressText(vip, carrier)}${state}`;
}

/** A virtual or static address in keepalived's words. */
export function addressText(vip: StaticAddress, carrier: string): string {
  const v6 = vip.address.includes(':');
  const host = v6 ? 128 : 32;
  return [
    vip.prefix === host ? vip.address : `${vip.address}/${vip.prefix}`,
    vip.broadcast !== undefined && `brd ${vip.broadcast}`,
    `dev ${carrier}`,
    vip.useVmac && 'use_vmac',
    `scope ${SCOPES[vip.scope] ?? vip.scope}`,
    vip.label !== undefined && `label ${vip.label}`,
    vip.peer !== undefined && `peer ${vip.peer}/${host}`,
    vip.home && 'home',
    vip.duplicateDetection && '-nodad',
    vip.manageTemporary && 'mngtmpaddr',
    vip.noPrefixRoute && 'noprefixroute',
    vip.autoJoin && 'autojoin',
    v6 && lifetimeText(vip.preferredLifetime ?? (vip.prefix === host ? 0 : FOREVER)),
    vip.noTrack && 'no_track',
    vip.trackGroup !== undefined && `track_group ${vip.trackGroup}`,
  ]
    .filter(Boolean)
    .join(' ');
}

function lifetimeText(seconds: number): string {
  if (seconds === 0) return 'deprecated';
  return `preferred_lft ${seconds === FOREVER ? 'forever' : seconds}`;
}

/** `'/usr/bin/test' '-e' '/run/flag'`. */
export function dumpedCommand({ argv }: Command): string {
  return argv.map((word) => `'${word}'`).join(' ');
}

/** A time of the engine's clock (µs) as µs since the Unix epoch. */
export function wallMicroseconds(at: number, { takenAt, wallTime }: Snapshot): number {
  return Math.round(wallTime * 1000) + at - takenAt;
}

/** `1795352681.057299`. */
export function dumpedTime(microseconds: number): string {
  const whole = Math.floor(microseconds / 1_000_000);
  return `${whole}.${String(Math.floor(microseconds - whole * 1_000_000)).padStart(6, '0')}`;
}

/** Priority of the router that was heard last, whoever leads now; 0 when none was. */
export function heardPriority({ peers }: InstanceSnapshot): number {
  const heard = peers.filter(({ priority }) => priority !== undefined);
  const last = heard.sort((a, b) => b.lastHeardAt - a.lastHeardAt)[0];
  return last?.priority ?? 0;
}

/** Instances that are configured and known to the engine, in the order of the file. */
export function dumpedInstances(
  instances: readonly InstanceConfig[],
  snapshot: Snapshot,
): readonly { readonly instance: InstanceConfig; readonly shown: InstanceSnapshot }[] {
  const known = new Map(snapshot.instances.map((shown) => [shown.name, shown]));
  return instances.flatMap((instance) => {
    const shown = known.get(instance.name);
    return shown === undefined ? [] : [{ instance, shown }];
  });
}
