// Which multicast groups a host says it listens to: reports of IGMP (RFC 9776 §4.2, and its versions before) and of MLD
// (RFC 9777 §5.2, and version 1). A healthy VRRP backup is silent, but it joins the group of VRRP.
import { addressFromBytes, type Family, type IpAddress } from '../wire/address.ts';
import type { IpFacts } from '../wire/frame.ts';
import { ICMPV6_PROTOCOL } from '../wire/neighbour.ts';

const IGMP_PROTOCOL = 2;
const IGMPV2_REPORT = 0x16;
const IGMPV3_REPORT = 0x22;
const MLDV1_REPORT = 131;
const MLDV2_REPORT = 143;
/** Records that say "I listen, whoever sends": MODE_IS_EXCLUDE and CHANGE_TO_EXCLUDE_MODE. */
const LISTENS: ReadonlySet<number> = new Set([2, 4]);
/** CHANGE_TO_INCLUDE_MODE; without a source it means leaving. */
const LEAVES = 3;

export interface Membership {
  readonly group: IpAddress;
  readonly member: boolean;
}

/** What a report says of each group; empty for what is no report. */
export function readMembership({ family, protocol, payload }: IpFacts): readonly Membership[] {
  if (protocol !== (family === 4 ? IGMP_PROTOCOL : ICMPV6_PROTOCOL) || payload.length < 8) return [];
  const type = payload[0];
  if (type === (family === 4 ? IGMPV3_REPORT : MLDV2_REPORT)) return records(payload, family);
  const at = family === 4 ? 4 : 8;
  if (type !== (family === 4 ? IGMPV2_REPORT : MLDV1_REPORT) || payload.length < at + sizeOf(family)) return [];
  return [{ group: addressFromBytes(payload, at, family), member: true }];
}

const sizeOf = (family: Family): number => (family === 4 ? 4 : 16);

/** The group records of IGMPv3 and MLDv2: they differ in the size of addresses only. */
function records(payload: Uint8Array, family: Family): Membership[] {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  const size = sizeOf(family);
  const found: Membership[] = [];
  let at = 8;
  for (let left = view.getUint16(6); left > 0 && at + 4 + size <= payload.length; left--) {
    const type = payload[at]!;
    const sources = view.getUint16(at + 2);
    const group = addressFromBytes(payload, at + 4, family);
    if (LISTENS.has(type)) found.push({ group, member: true });
    else if (type === LEAVES && sources === 0) found.push({ group, member: false });
    at += 4 + size + sources * size + payload[at + 1]! * 4;
  }
  return found;
}
