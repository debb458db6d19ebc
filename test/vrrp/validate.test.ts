// The ladder of vrrp/validate: which rung refuses, and that the first one that fails is the reason.
import { describe, expect, it } from 'vitest';
import type { InstanceConfig, InstanceOptions } from '../../src/vrrp/config.ts';
import { validate } from '../../src/vrrp/validate.ts';
import { decodeVrrp } from '../../src/wire/decode-vrrp.ts';
import { encodeAdvert } from '../../src/wire/encode-vrrp.ts';
import type { AdvertFields, IpContext } from '../../src/wire/vrrp.ts';
import { instanceConfig } from '../support/instance.ts';

const IP = { family: 4, source: '10.0.0.2', destination: '224.0.0.18' } as const;
const FIELDS: AdvertFields = { version: 2, vrid: 51, priority: 150, addresses: ['10.0.0.100'], intervalUs: 1_000_000 };

interface Case {
  readonly config?: Partial<InstanceConfig>;
  readonly fields?: Partial<AdvertFields>;
  readonly ip?: Partial<IpContext>;
  readonly ttl?: number;
  readonly fromMaster?: boolean;
  /** Changes the bytes after the checksum was made. */
  readonly spoil?: (bytes: Uint8Array) => Uint8Array;
}

function judge({ config, fields, ip, ttl = 255, fromMaster = false, spoil = (bytes) => bytes }: Case): string {
  const context = { ...IP, ...ip };
  const bytes = spoil(
    encodeAdvert({ ...FIELDS, ...fields }, { ...IP, ...ip, destination: context.destination ?? IP.destination }),
  );
  const decoded = decodeVrrp(bytes, context);
  if (!decoded.ok) return decoded.reason;
  const verdict = validate(instanceConfig(config), decoded.value, {
    source: context.source,
    destination: context.destination,
    ttl,
    fromMaster,
  });
  return verdict.ok ? (verdict.advert.addressesDiffer ? 'ok, other addresses' : 'ok') : verdict.reason;
}

const spoilByte = (at: number, value: number) => (bytes: Uint8Array) => {
  bytes[at] = value;
  return bytes;
};
const longer = (by: number) => (bytes: Uint8Array) => Uint8Array.from([...bytes, ...new Array<number>(by).fill(0)]);
const OTHER = { fields: { addresses: ['10.0.0.7'] } } as const;
const unicast = (options: InstanceOptions, unicastPeers = ['10.0.0.2'], ttl = 255): Case => ({
  config: { unicastPeers, options },
  ip: { destination: '10.0.0.1' },
  ttl,
});
const oldUnicast = (options: InstanceOptions): Case => ({
  config: { version: 3, unicastPeers: ['10.0.0.2'], options },
  fields: { version: 3, checksumOver: '224.0.0.18' },
  ip: { destination: '10.0.0.1' },
});
const V3 = { config: { version: 3 }, fields: { version: 3 } } as const;

describe('an advert is', () => {
  it.each<[string, Case, string]>([
    ['accepted: version 2', {}, 'ok'],
    ['accepted: version 3 with the pseudo-header that keepalived sends', V3, 'ok'],
    [
      'accepted although its list of addresses differs (keepalived since 2.3.3)',
      { fields: { addresses: ['10.0.0.7'] } },
      'ok, other addresses',
    ],
    ['accepted with no address at all (keepalived: v2, no VIP)', { fields: { addresses: [] } }, 'ok, other addresses'],
    ['truncated: shorter than its header', { spoil: (bytes) => bytes.subarray(0, 7) }, 'truncated'],
    ['refused: version 3 on a version 2 instance', { fields: { version: 3 } }, 'version'],
    ['refused: version 2 on a version 3 instance', { config: { version: 3 } }, 'version'],
    ['refused: version nibble 1, whatever else is wrong', { spoil: spoilByte(0, 0x11), ttl: 1 }, 'version'],
    ['refused: v3 with the 8 bytes of a v2 trailer', { ...V3, spoil: longer(8) }, 'length'],
    ['refused: an address is missing', { spoil: spoilByte(3, 2) }, 'length'],
    ['refused: TTL 64', { ttl: 64 }, 'ttl'],
    ['refused for its length before its TTL', { spoil: longer(4), ttl: 64 }, 'length'],
    ['refused: auth type 3', { spoil: spoilByte(4, 3) }, 'auth-type-unknown'],
    ['refused: PASS where none is configured', { fields: { password: 'secret' } }, 'auth-type-mismatch'],
    ['refused: none where PASS is configured', { config: { password: 'secret' } }, 'auth-type-mismatch'],
    ['refused: wrong password', { config: { password: 'secret' }, fields: { password: 'public' } }, 'auth-failure'],
    [
      'refused: a password that only begins like ours',
      { config: { password: 'secret' }, fields: { password: 'sec' } },
      'auth-failure',
    ],
    [
      'accepted: only eight bytes of a password count',
      { config: { password: 'verylongsecret' }, fields: { password: 'verylong' } },
      'ok',
    ],
    ['refused: v2 with another interval', { fields: { intervalUs: 2_000_000 } }, 'interval'],
    ['accepted: v3 with another interval', { ...V3, fields: { version: 3, intervalUs: 2_000_000 } }, 'ok'],
    ['refused: v3 with interval 0 (erratum 8301)', { ...V3, fields: { version: 3, intervalUs: 0 } }, 'interval'],
    ['refused: type 2', { spoil: spoilByte(0, 0x22) }, 'type'],
    ['refused: v2 checksum', { spoil: spoilByte(6, 0) }, 'checksum'],
    [
      'refused: v3 checksum that fits neither form',
      { ...V3, spoil: (bytes) => spoilByte(7, 0)(spoilByte(6, 0)(bytes)) },
      'checksum',
    ],
    ['refused: unicast to a multicast instance', { ip: { destination: '10.0.0.1' } }, 'destination'],
    ['refused: multicast to a unicast instance', { config: { unicastPeers: ['10.0.0.2'] } }, 'destination'],
    [
      'accepted: unicast, routed (TTL 60)',
      { config: { unicastPeers: ['10.0.0.2'] }, ip: { destination: '10.0.0.1' }, ttl: 60 },
      'ok',
    ],
    [
      'accepted: unicast from somebody who is no peer (keepalived without check_unicast_src)',
      { config: { unicastPeers: ['10.0.0.3'] }, ip: { destination: '10.0.0.1' } },
      'ok',
    ],
    [
      'refused by keepalived 2.2: other addresses',
      { ...OTHER, config: { options: { compat: '2.2' } } },
      'address-list',
    ],
    [
      'accepted by 2.2 with skip_check_adv_addr from the MASTER that is followed',
      { ...OTHER, config: { options: { compat: '2.2', skipCheckAdvertAddresses: true } }, fromMaster: true },
      'ok',
    ],
    [
      'refused by 2.2 with skip_check_adv_addr from anybody else',
      { ...OTHER, config: { options: { compat: '2.2', skipCheckAdvertAddresses: true } } },
      'address-list',
    ],
    ['refused: check_unicast_src, no peer', unicast({ checkUnicastSource: true }, ['10.0.0.3']), 'unknown-peer'],
    ['accepted: check_unicast_src, a peer', unicast({ checkUnicastSource: true }), 'ok'],
    ['refused: below min_ttl of its peer', unicast({ peerTtl: { '10.0.0.2': { min: 254 } } }, undefined, 253), 'ttl'],
    ['refused: above max_ttl of its peer', unicast({ peerTtl: { '10.0.0.2': { max: 9 } } }, undefined, 10), 'ttl'],
    ['accepted: at the limits', unicast({ peerTtl: { '10.0.0.2': { min: 9, max: 9 } } }, undefined, 9), 'ok'],
    ['refused: TTL limits check the source too', unicast({ peerTtl: {} }, ['10.0.0.3']), 'unknown-peer'],
    [
      'accepted: any v3 checksum with v3_checksum_as_v2',
      { config: { version: 3, options: { v3ChecksumAsV2: true } }, fields: V3.fields, spoil: spoilByte(6, 1) },
      'ok',
    ],
    ['accepted: the old unicast checksum', oldUnicast({}), 'ok'],
    [
      'refused: the old unicast checksum, old_unicast_checksum never',
      oldUnicast({ oldUnicastChecksum: 'never' }),
      'checksum',
    ],
  ])('%s', (_title, given, expected) => {
    expect(judge(given)).toBe(expected);
  });

  it('accepted: version 3 over IPv4 without pseudo-header (RFC 9568 §5.2.8; FRR with checksum-with-ipv4-pseudoheader off)', () => {
    // govrrp/holo style message: version 3, checksum over the message alone.
    const bytes = Uint8Array.from([0x31, 51, 150, 1, 0, 100, 0, 0, 10, 0, 0, 100]);
    const sum = 0x3133 + 0x9601 + 100 + 0x0a00 + 100;
    const checksum = ~((sum & 0xffff) + (sum >> 16)) & 0xffff;
    bytes[6] = checksum >> 8;
    bytes[7] = checksum & 0xff;
    const decoded = decodeVrrp(bytes, IP);
    expect(decoded.ok && decoded.value.checksumForm).toBe('message');
    expect(decoded.ok && validate(instanceConfig({ version: 3 }), decoded.value, { ...IP, ttl: 255 }).ok).toBe(true);
  });

  it('accepted: version 2 over IPv6 with PASS, which carries no password (keepalived)', () => {
    const ip = { family: 6, source: 'fe80::2', destination: 'ff02::12' } as const;
    const config = { family: 6, password: 'secret', addresses: [] } as const;
    const decoded = decodeVrrp(encodeAdvert({ ...FIELDS, password: 'other', addresses: [] }, ip), ip);
    expect(decoded.ok && validate(instanceConfig(config), decoded.value, { ...ip, ttl: 255 }).ok).toBe(true);
  });

  it('accepted: IPv6, whose checksum and hop limit the kernel has checked', () => {
    const ip = { family: 6, source: 'fe80::2', destination: 'ff02::12' } as const;
    const config = {
      version: 3,
      family: 6,
      addresses: [{ interface: 'eth0', address: 'fe80::100', prefix: 128, scope: 0 }],
    } as const;
    const bytes = encodeAdvert({ ...FIELDS, version: 3, addresses: ['fe80::100'] }, ip);
    const decoded = decodeVrrp(bytes, { ...ip, destination: undefined });
    const verdict =
      decoded.ok &&
      validate(instanceConfig(config), decoded.value, { source: ip.source, destination: undefined, ttl: undefined });
    expect(verdict).toMatchObject({ ok: true, advert: { addressesDiffer: false } });
  });
});
