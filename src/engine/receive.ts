// A datagram of protocol 112, alone or behind an Authentication Header: whose is it, is it good, and who sent it.
import type { Datagram } from '../ports/vrrp-port.ts';
import type { RejectReason } from '../vrrp/reject.ts';
import { REJECT_TEXT } from '../vrrp/reject.ts';
import { type Advert, validate } from '../vrrp/validate.ts';
import type { Family } from '../wire/address.ts';
import { decodeVrrp } from '../wire/decode-vrrp.ts';
import type { VrrpPacket } from '../wire/vrrp.ts';
import { OWNER_PRIORITY, RESIGN_PRIORITY } from '../wire/vrrp.ts';
import { advance } from './advance.ts';
import { hearsOn, transportOf } from './devices.ts';
import type { Node, VirtualRouter } from './node.ts';
import { log } from './node.ts';

export function receive(node: Node, datagram: Datagram, wallTime?: number): void {
  // keepalived 2.2 listens during vrrp_startup_delay.
  if (node.now < node.listensFrom && node.compat !== '2.2') return;
  const decoded = decodeVrrp(datagram.payload, datagram);
  const router = findRouter(node, datagram, datagram.payload[1]);
  if (router === undefined) return unknownVrid(node, datagram);
  if (isRepeated(node, router, datagram)) return;
  if (!decoded.ok) return reject(node, router, datagram, 0, decoded.reason);
  const { state } = router;
  const fromMaster = state.state === 'BACKUP' && state.master?.address === datagram.source;
  const verdict = validate(router.config, decoded.value, {
    ...datagram,
    fromMaster,
    lastSequence: state.ahHeard[datagram.source] ?? 0,
    ...(router.config.hmac && hmacFacts(router, datagram, wallTime)),
  });
  if (!verdict.ok) return reject(node, router, datagram, decoded.value.version, verdict.reason);
  accept(node, router, verdict.advert, decoded.value);
}

function hmacFacts({ state }: VirtualRouter, { source }: Datagram, wallTime: number | undefined) {
  const lastHmac = state.hmacHeard[source];
  return { ...(wallTime !== undefined && { wallTime }), ...(lastHmac !== undefined && { lastHmac }) };
}

/** By interface, family and VRID; where unicast instances share a VRID, by peer. */
function findRouter(
  node: Node,
  { interface: name, family, source }: Datagram,
  vrid: number | undefined,
): VirtualRouter | undefined {
  const found = indexOf(node.routers).get(indexKey(name, family, vrid));
  if (found === undefined || found.length === 1) return found?.[0];
  return found.find(({ config }) => config.unicastPeers.includes(source)) ?? found[0];
}

const indexes = new WeakMap<Node['routers'], ReadonlyMap<string, readonly VirtualRouter[]>>();

/** The instances of a configuration by whom an advert is for. */
function indexOf(routers: Node['routers']): ReadonlyMap<string, readonly VirtualRouter[]> {
  const known = indexes.get(routers);
  if (known !== undefined) return known;
  const index = new Map<string, VirtualRouter[]>();
  for (const router of routers.values()) {
    const { family, vrid } = router.config;
    for (const name of hearsOn(router.config)) {
      const key = indexKey(name, family, vrid);
      index.set(key, [...(index.get(key) ?? []), router]);
    }
  }
  indexes.set(routers, index);
  return index;
}

const bases = new WeakMap<Node['routers'], ReadonlySet<string>>();

/** Which virtual routers there are, by the interface that the file names. */
function basesOf(routers: Node['routers']): ReadonlySet<string> {
  const known = bases.get(routers);
  if (known !== undefined) return known;
  const keys = [...routers.values()].map(({ config }) => indexKey(config.interface, config.family, config.vrid));
  const found = new Set(keys);
  bases.set(routers, found);
  return found;
}

/** A forged source costs an entry. */
const MAX_HEARD = 64;

/** With vmac_xmit_base a device hears once more what the base has heard. */
function isRepeated(node: Node, { config, state, heardOnBase }: VirtualRouter, { interface: name, source }: Datagram) {
  if (!config.vmac?.xmitBase) return false;
  if (name !== transportOf(config)) {
    const at = heardOnBase.get(source);
    return at !== undefined && node.now - at < 3 * Math.max(config.advertIntervalUs, state.masterIntervalUs);
  }
  if (heardOnBase.size >= MAX_HEARD) heardOnBase.clear();
  heardOnBase.set(source, node.now);
  return false;
}

function indexKey(name: string, family: Family, vrid: number | undefined): string {
  return `${vrid} ${family} ${name}`;
}

function accept(node: Node, router: VirtualRouter, advert: Advert, packet: VrrpPacket): void {
  const { config, counters, peers, state } = router;
  const { source, priority, addressesDiffer, intervalUs } = advert;
  peers.accepted({ address: source, priority, version: packet.version, addressesDiffer }, node.now);
  if (state.state === 'INIT' || state.state === 'FAULT') return;
  if (config.options?.ownerIgnoreAdverts && config.priority === OWNER_PRIORITY) return;
  counters.advertRcvd += 1;
  if (priority === RESIGN_PRIORITY) counters.priZeroRcvd += 1;
  if (addressesDiffer) {
    const text = `advert from ${source} lists other addresses than ours: ${packet.addresses.join(' ') || 'none'}`;
    log(node, { level: 'warning', kind: 'advert', instance: config.name, text }, `addresses ${source}`);
  }
  if (intervalUs !== config.advertIntervalUs) {
    const text = `advert from ${source} has interval ${seconds(intervalUs)}, ours is ${seconds(config.advertIntervalUs)}`;
    log(node, { level: 'info', kind: 'advert', instance: config.name, text }, `interval ${source}`);
  }
  advance(node, router, { kind: 'advertReceived', advert });
}

function reject(node: Node, router: VirtualRouter, datagram: Datagram, version: number, reason: RejectReason): void {
  const { counters, peers, config, state } = router;
  // keepalived counts these two as received before it looks at them.
  const received = reason === 'address-list' || reason === 'unknown-peer';
  if (received && (state.state === 'BACKUP' || state.state === 'MASTER')) counters.advertRcvd += 1;
  counters.rejected = { ...counters.rejected, [reason]: (counters.rejected[reason] ?? 0) + 1 };
  peers.rejected({ address: datagram.source, version, reason }, node.now);
  const text = `rejected advert from ${datagram.source}: ${reason} (${REJECT_TEXT[reason]})`;
  log(node, { level: 'warning', kind: 'reject', instance: config.name, text }, `reject ${datagram.source} ${reason}`);
}

function unknownVrid(node: Node, { interface: heard, family, source, payload }: Datagram): void {
  const base = node.devices.get(heard)?.spec.base;
  const name = base ?? heard;
  // A device hears the adverts for all others on its base.
  if (base !== undefined && basesOf(node.routers).has(indexKey(base, family, payload[1]))) return;
  // A socket without an interface hears what is for the others too.
  if (name === '') return;
  node.unknownVrid[name] = (node.unknownVrid[name] ?? 0) + 1;
  const text = `advert from ${source} on ${name} for VRID ${payload[1] ?? '?'}, which no instance has`;
  log(node, { level: 'info', kind: 'reject', text }, `unknown-vrid ${name} ${payload[1]}`);
}

function seconds(us: number): string {
  return `${us / 1_000_000} s`;
}
