// The validation ladder (RFC 9568 §7.1, RFC 3768 §7.1, in keepalived's order): is this message one to act upon?
import type { IpAddress } from '../wire/address.ts';
import { isMulticast } from '../wire/address.ts';
import { isAhGenuine } from '../wire/ah.ts';
import { decodeHmacTrailer, type HmacSequence } from '../wire/hmac.ts';
import type { ChecksumForm, VrrpPacket } from '../wire/vrrp.ts';
import { ADVERTISEMENT, AUTH_AH, AUTH_NONE, AUTH_PASS, VRRP_TTL } from '../wire/vrrp.ts';
import type { InstanceConfig } from './config.ts';
import { hmacFailure, trailerLength } from './hmac.ts';
import type { RejectReason } from './reject.ts';

/** IP facts beside the message; undefined where the kernel has checked or does not tell. */
export interface Arrival {
  readonly source: IpAddress;
  readonly destination: IpAddress | undefined;
  readonly ttl: number | undefined;
  /** It comes from the MASTER that is followed: skip_check_adv_addr asks for no second look at its addresses. */
  readonly fromMaster?: boolean;
  /** The Authentication Header that it came behind: the IPv4 payload from there on, and the id of the packet. */
  readonly ah?: { readonly id: number; readonly sequence: number; readonly bytes: Uint8Array };
  /** The sequence number of the last Authentication Header of this source; absent: 0. */
  readonly lastSequence?: number;
  /** auth_hmac: all bytes behind the IP header, ms since the Unix epoch, and the last number of this source. */
  readonly payload?: Uint8Array;
  readonly wallTime?: number;
  readonly lastHmac?: HmacSequence;
}

/** A message that passed. */
export interface Advert {
  readonly source: IpAddress;
  readonly priority: number;
  readonly intervalUs: number;
  /** Its list of addresses is not ours: reported, not refused (keepalived since 2.3.3). */
  readonly addressesDiffer: boolean;
  /** Its v3 checksum has the group in the pseudo-header, as old versions of keepalived sent it. */
  readonly oldUnicastChecksum?: boolean;
  /** The number of its Authentication Header. */
  readonly ahSequence?: number;
  /** The number of its signature. */
  readonly hmacSequence?: HmacSequence;
}

export type Verdict =
  | { readonly ok: true; readonly advert: Advert }
  | { readonly ok: false; readonly reason: RejectReason };

/** Judges a message against the instance it is for. The first rung that fails gives the reason. */
export function validate(config: InstanceConfig, packet: VrrpPacket, arrival: Arrival): Verdict {
  const reason = firstFailure(config, packet, arrival);
  if (reason !== undefined) return { ok: false, reason };
  const { options } = config;
  const skip = options?.skipCheckAdvertAddresses && arrival.fromMaster;
  const addressesDiffer = !skip && !sameAddresses(config, packet.addresses);
  // keepalived up to 2.3.2 refuses what it does not share: two MASTERs.
  if (addressesDiffer && options?.compat === '2.2') return { ok: false, reason: 'address-list' };
  const stranger = config.unicastPeers.length > 0 ? strangerFailure(config, arrival) : undefined;
  if (stranger !== undefined) return { ok: false, reason: stranger };
  const { priority, intervalUs } = packet;
  const old = packet.checksumForm === 'group-pseudo-header';
  return {
    ok: true,
    advert: {
      source: arrival.source,
      priority,
      intervalUs,
      addressesDiffer,
      ...(old && { oldUnicastChecksum: true }),
      ...(arrival.ah && { ahSequence: arrival.ah.sequence }),
      ...(arrival.payload &&
        trailerLength(config, packet) > 0 && { hmacSequence: decodeHmacTrailer(arrival.payload).sequence }),
    },
  };
}

/** check_unicast_src; min_ttl and max_ttl of a peer, which imply it. */
function strangerFailure(
  { unicastPeers, options }: InstanceConfig,
  { source, ttl }: Arrival,
): RejectReason | undefined {
  if (!options?.checkUnicastSource && options?.peerTtl === undefined) return undefined;
  if (!unicastPeers.includes(source)) return 'unknown-peer';
  const { min = 0, max = 255 } = options.peerTtl?.[source] ?? {};
  return ttl !== undefined && (ttl < min || ttl > max) ? 'ttl' : undefined;
}

function firstFailure(config: InstanceConfig, packet: VrrpPacket, arrival: Arrival): RejectReason | undefined {
  const multicast = config.unicastPeers.length === 0;
  // keepalived looks at the IP protocol before it looks into the message.
  if ((arrival.ah !== undefined) !== (config.ah ?? false)) return 'auth-type-mismatch';
  if (packet.version !== config.version) return 'version';
  if (packet.length !== packet.expectedLength + trailerLength(config, packet)) return 'length';
  // RFC 9568 §5.1.1.3. Unicast may be routed: keepalived does not look at its TTL.
  if (multicast && arrival.ttl !== undefined && arrival.ttl !== VRRP_TTL) return 'ttl';
  const unsigned = hmacFailure(config, packet, arrival);
  if (unsigned !== undefined) return unsigned;
  if (packet.version === 2) {
    const failure = authenticationFailure(config, packet, arrival);
    if (failure !== undefined) return failure;
    // RFC 3768 §7.1: v2 does not learn; a different interval is refused.
    if (packet.intervalUs !== config.advertIntervalUs) return 'interval';
  }
  if (packet.type !== ADVERTISEMENT) return 'type';
  // Erratum 8301 to RFC 9568 §5.2.7: an interval of 0 is dropped.
  if (packet.intervalUs === 0) return 'interval';
  if (!checksumAccepted(config, packet.checksumForm)) return 'checksum';
  if (arrival.destination !== undefined && isMulticast(arrival.destination) !== multicast) return 'destination';
  return undefined;
}

/** RFC 2338 §5.3.6: the type must be known, ours, and the password right. */
function authenticationFailure(config: InstanceConfig, packet: VrrpPacket, arrival: Arrival): RejectReason | undefined {
  if (packet.authType > AUTH_AH) return 'auth-type-unknown';
  const expected = config.password === undefined ? AUTH_NONE : config.ah ? AUTH_AH : AUTH_PASS;
  if (packet.authType !== expected) return 'auth-type-mismatch';
  // keepalived sends no authentication data in version 2 over IPv6, whatever the type says.
  if (config.password === undefined || config.family === 6) return undefined;
  if (config.ah) return isAhAccepted(config.password, arrival) ? undefined : 'auth-failure';
  return samePassword(config.password, packet.authData) ? undefined : 'auth-failure';
}

/** RFC 2402 §3.4: made with our password, and not heard before. */
function isAhAccepted(password: string, { ah, source, destination, ttl, lastSequence = 0 }: Arrival): boolean {
  if (ah === undefined || destination === undefined || ttl === undefined || ah.sequence <= lastSequence) return false;
  return isAhGenuine(ah.bytes, password, { source, destination, ttl, id: ah.id });
}

/** Eight bytes, zero padded, cut at eight, as keepalived sends them. */
function samePassword(password: string, data: Uint8Array | undefined): boolean {
  if (data === undefined) return false;
  const bytes = new TextEncoder().encode(password);
  for (let i = 0; i < 8; i++) if ((bytes[i] ?? 0) !== data[i]) return false;
  return true;
}

/**
 * v3 over IPv4 is met with a pseudo-header (RFC 5798, keepalived) and without (RFC 9568 §5.2.8): both are right.
 * v2 over IPv4 has none; IPv6 always has one, and its kernel has often checked it already.
 */
function checksumAccepted(config: InstanceConfig, form: ChecksumForm): boolean {
  if (form === 'both' || form === 'unchecked') return true;
  if (config.version === 3 && config.family === 4 && config.options?.v3ChecksumAsV2) return true;
  if (form === 'none') return false;
  if (config.family === 6) return form === 'pseudo-header';
  if (config.version === 2) return form === 'message';
  const { unicastPeers, options } = config;
  return form !== 'group-pseudo-header' || (unicastPeers.length > 0 && options?.oldUnicastChecksum !== 'never');
}

function sameAddresses(config: InstanceConfig, heard: readonly IpAddress[]): boolean {
  if (heard.length !== config.addresses.length) return false;
  return config.addresses.every(({ address }) => heard.includes(address));
}
