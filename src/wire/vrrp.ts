// The VRRP message of RFC 9568 §5.2 (version 3) and RFC 3768 §5.3 (version 2): the values, and the constants of the wire.
import type { Family, IpAddress } from './address.ts';

/** IP protocol number of VRRP (RFC 9568 §5.1.1.4). */
export const VRRP_PROTOCOL = 112;
/** TTL or hop limit that a VRRP packet must have (RFC 9568 §5.1.1.3, §5.1.2.3). */
export const VRRP_TTL = 255;
/** 224.0.0.18 and ff02::12 (RFC 9568 §5.1.1.2, §5.1.2.2). */
export const VRRP_GROUP: Readonly<Record<Family, IpAddress>> = { 4: '224.0.0.18', 6: 'ff02::12' };
/** The only message type (RFC 9568 §5.2.2). */
export const ADVERTISEMENT = 1;
/** Priority of the address owner, and the priority by which a router resigns (RFC 9568 §5.2.4). */
export const OWNER_PRIORITY = 255;
export const RESIGN_PRIORITY = 0;

/** VRRPv2 authentication types (RFC 2338 §5.3.6; keepalived's auth_type). */
export const AUTH_NONE = 0;
export const AUTH_PASS = 1;
export const AUTH_AH = 2;

/**
 * Bytes of Authentication Data behind the addresses: 8 below version 3 (RFC 2338 §5.3.10; zeros in RFC 3768), none over
 * IPv6, for which version 2 is keepalived's own extension (`auth_type` is sent there, the password is not).
 */
export function authDataLength(version: number, family: Family): number {
  return version < 3 && family === 4 ? 8 : 0;
}

/**
 * Over which bytes the checksum of a message is right: the message alone, or with a pseudo-header in front. With the
 * group instead of the destination in it is how old versions of keepalived sent v3 over IPv4 unicast.
 */
export type ChecksumForm = 'message' | 'pseudo-header' | 'group-pseudo-header' | 'both' | 'none' | 'unchecked';

/** IP facts that belong to a message. `destination` is undefined where the kernel does not tell (IPv6 raw sockets). */
export interface IpContext {
  readonly family: Family;
  readonly source: IpAddress;
  readonly destination: IpAddress | undefined;
}

/** A message as it came, lenient: any version, type, count. Whether it is good is decided by vrrp/validate. */
export interface VrrpPacket {
  readonly version: number;
  readonly type: number;
  readonly vrid: number;
  readonly priority: number;
  /** The count field; `addresses` may hold fewer when the message is cut. */
  readonly count: number;
  /** Addresses that are wholly present, at most `count`. */
  readonly addresses: readonly IpAddress[];
  /** Advertisement interval in µs (v2: seconds field, v3: centiseconds field, as sent). */
  readonly intervalUs: number;
  /** v2 only: the Auth Type field; 0 in v3. */
  readonly authType: number;
  /** v2 over IPv4 only: the 8 bytes of Authentication Data when present. */
  readonly authData: Uint8Array | undefined;
  /** Checksum field as sent. */
  readonly checksum: number;
  readonly checksumForm: ChecksumForm;
  /** Bytes present, and bytes that a message of this version, family and count has. */
  readonly length: number;
  readonly expectedLength: number;
  /** What is behind it is a signature, to look at (auth_hmac). */
  readonly signed?: true;
}

/** What a router says in an advertisement. */
export interface AdvertFields {
  readonly version: 2 | 3;
  readonly vrid: number;
  readonly priority: number;
  readonly addresses: readonly IpAddress[];
  /** v2: whole seconds; v3: whole centiseconds. In µs. */
  readonly intervalUs: number;
  /** v2 only. At most 8 bytes are sent (keepalived cuts and pads), over IPv6 none. Absent: auth type 0. */
  readonly password?: string;
  /** v2 over IPv4 only: the advert goes behind an Authentication Header of this number; `password` is its key. */
  readonly ahSequence?: number;
  /** auth_hmac: the key that signs the advert, its number, and how far off in time a receiver takes it. */
  readonly hmac?: { readonly keyId: number; readonly key: Uint8Array; readonly windowSeconds?: number };
  /** Version 3 over IPv4: no pseudo-header, or one with this destination (v3_checksum_as_v2, old_unicast_checksum). */
  readonly checksumOver?: 'message' | IpAddress;
}

/** The MAC address of a virtual router (RFC 9568 §7.3). */
export function virtualMac(vrid: number, family: Family): string {
  return `00:00:5e:00:0${family === 4 ? 1 : 2}:${vrid.toString(16).padStart(2, '0')}`;
}
