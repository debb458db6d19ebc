// A captured frame taken apart for reading: a branch per layer, a leaf per field, and the bytes in hexadecimal.
import { decodeFrame, type Frame, type IpFacts } from '../wire/frame.ts';
import { ADVERTISEMENT, AUTH_AH, AUTH_PASS, OWNER_PRIORITY, RESIGN_PRIORITY, type VrrpPacket } from '../wire/vrrp.ts';

/** One line of the tree; `depth` 0 is a layer. `bad`: it is not as it should be, whatever the configuration. */
export interface TreeLine {
  readonly depth: 0 | 1;
  readonly text: string;
  readonly bad?: boolean;
}

const layer = (text: string): TreeLine => ({ depth: 0, text });
const field = (text: string, bad = false): TreeLine => ({ depth: 1, text, ...(bad && { bad }) });

/** The layers of a frame from the link up. Passwords are masked. Of bytes that are no frame, one bad line. */
export function packetTree(bytes: Uint8Array): readonly TreeLine[] {
  const decoded = decodeFrame(bytes);
  if (!decoded.ok) {
    const why = decoded.reason === 'ip' ? 'a broken IP header' : 'too short for its link header';
    return [{ depth: 0, text: `${bytes.length} bytes with ${why}`, bad: true }];
  }
  const frame = decoded.value;
  return [
    ...linkLines(frame),
    ...('ip' in frame && frame.ip !== undefined ? ipLines(frame.ip) : []),
    ...bodyLines(frame),
  ];
}

function linkLines({ sourceMac, destinationMac, vlan, etherType }: Frame): TreeLine[] {
  const lines = [layer(`Ethernet ${sourceMac} > ${destinationMac}, type 0x${etherType.toString(16).padStart(4, '0')}`)];
  const virtual = virtualMac(sourceMac);
  if (vlan !== undefined) lines.push(field(`VLAN ${vlan}`));
  if (virtual !== undefined) lines.push(field(virtual));
  return lines;
}

/** RFC 9568 §7.3. */
function virtualMac(mac: string): string | undefined {
  const match = /^00:00:5e:00:0([12]):([\da-f]{2})$/.exec(mac);
  if (match === null) return undefined;
  return `virtual router MAC: IPv${match[1] === '1' ? 4 : 6}, VRID ${Number.parseInt(match[2]!, 16)}`;
}

function ipLines({ family, source, destination, ttl, protocol, tos, payload, id }: IpFacts): TreeLine[] {
  const hops = family === 4 ? 'ttl' : 'hop limit';
  return [
    layer(`IPv${family} ${source} > ${destination}, ${hops} ${ttl}, protocol ${protocol}, ${payload.length} bytes`),
    field(`tos 0x${tos.toString(16).padStart(2, '0')}${id === undefined ? '' : `, id 0x${id.toString(16)}`}`),
  ];
}

function bodyLines(frame: Frame): TreeLine[] {
  switch (frame.kind) {
    case 'vrrp':
      return vrrpLines(frame.packet);
    case 'ah':
      return [
        layer('Authentication Header'),
        frame.spi === undefined
          ? field('broken', true)
          : field(`spi 0x${frame.spi.toString(16)}, sequence ${frame.sequence}`),
        ...vrrpLines(frame.packet),
      ];
    case 'arp': {
      const { operation, senderMac, senderAddress, targetMac, targetAddress } = frame.arp;
      const what = operation === 1 ? 'request' : operation === 2 ? 'reply' : `operation ${operation}`;
      return [
        layer(`ARP ${what}${senderAddress === targetAddress ? ', gratuitous' : ''}`),
        field(`sender ${senderAddress} is at ${senderMac}`),
        field(`target ${targetAddress}, hardware address ${targetMac}`),
      ];
    }
    case 'neighbour-advertisement': {
      const { target, router, solicited, override, mac, checksumOk } = frame.advertisement;
      const flags = [router && 'router', solicited && 'solicited', override && 'override'].filter((flag) => flag);
      return [
        layer(`ICMPv6 neighbour advertisement, flags ${flags.join(' ') || 'none'}`),
        field(`target ${target} is at ${mac ?? 'an address it does not tell'}`),
        field(`checksum ${checksumOk ? 'right' : 'wrong'}`, !checksumOk),
      ];
    }
    case 'other':
      return [layer('not VRRP')];
  }
}

function vrrpLines(packet: VrrpPacket | undefined): TreeLine[] {
  if (packet === undefined) return [{ depth: 0, text: 'VRRP: shorter than its fixed part', bad: true }];
  const { version, type, vrid, priority, count, addresses, intervalUs, checksum, checksumForm, length } = packet;
  const told = type === ADVERTISEMENT ? 'advertisement' : `type ${type}`;
  return [
    layer(`VRRPv${version} ${told}, VRID ${vrid}, priority ${priority}${priorityName(priority)}`),
    field(`advert interval ${intervalUs / 1_000_000} s`),
    field(
      `checksum 0x${checksum.toString(16).padStart(4, '0')}, right over: ${CHECKSUMS[checksumForm]}`,
      checksumForm === 'none',
    ),
    ...authLines(packet),
    field(`addresses ${count}: ${addresses.join(' ')}`, addresses.length !== count),
    ...(packet.signed ? [field('signed (HMAC-SHA256)')] : []),
    ...(length === packet.expectedLength || packet.signed
      ? []
      : [field(`${length} bytes, should be ${packet.expectedLength}`, true)]),
  ];
}

const CHECKSUMS: Readonly<Record<VrrpPacket['checksumForm'], string>> = {
  message: 'the message alone',
  'pseudo-header': 'message and pseudo-header',
  'group-pseudo-header': 'message and pseudo-header with the group (old keepalived)',
  both: 'the message alone, and with pseudo-header',
  none: 'nothing',
  unchecked: 'not checked',
};

function priorityName(priority: number): string {
  if (priority === RESIGN_PRIORITY) return ' (it resigns)';
  return priority === OWNER_PRIORITY ? ' (address owner)' : '';
}

/** Version 2 only (RFC 2338 §5.3.6). */
function authLines({ version, authType }: VrrpPacket): TreeLine[] {
  if (version !== 2) return [];
  if (authType === AUTH_PASS) return [field('authentication PASS ****')];
  return [field(authType === AUTH_AH ? 'authentication AH' : `authentication ${authType === 0 ? 'none' : authType}`)];
}

const PER_ROW = 16;

/**
 * `0000  45 c0 00 28 ...   E..(....`, 16 bytes a row. The password of VRRPv2 is shown as `**`, unless `secrets`.
 */
export function hexDump(bytes: Uint8Array, { secrets = false } = {}): readonly string[] {
  const hidden = secrets ? undefined : passwordRange(bytes);
  const rows: string[] = [];
  for (let at = 0; at < bytes.length; at += PER_ROW) {
    const row = [...bytes.subarray(at, at + PER_ROW)];
    const isHidden = (i: number): boolean => hidden !== undefined && at + i >= hidden.from && at + i < hidden.to;
    const hex = row.map((byte, i) => (isHidden(i) ? '**' : byte.toString(16).padStart(2, '0')));
    const halves = `${hex.slice(0, 8).join(' ').padEnd(23)}  ${hex.slice(8).join(' ').padEnd(23)}`;
    const text = row.map((byte, i) =>
      isHidden(i) ? '*' : byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.',
    );
    rows.push(`${at.toString(16).padStart(4, '0')}  ${halves}  ${text.join('')}`);
  }
  return rows;
}

/** Where the Authentication Data with a password stands in the frame. */
function passwordRange(bytes: Uint8Array): { readonly from: number; readonly to: number } | undefined {
  const decoded = decodeFrame(bytes);
  if (!decoded.ok || decoded.value.kind !== 'vrrp') return undefined;
  const { ip, packet } = decoded.value;
  if (packet?.authType !== AUTH_PASS || packet.authData === undefined) return undefined;
  // The payload is a view of the frame's own memory.
  const to = ip.payload.byteOffset - bytes.byteOffset + packet.expectedLength;
  return { from: to - packet.authData.length, to };
}
