import { describe, expect, it } from 'vitest';
import { decodeEthernet, encodeEthernet, macFromBytes, multicastMac, writeMac } from '../../src/wire/ethernet.ts';
import { fromHex, toHex } from './hex.ts';

const MACS = '01005e000012 020000000001';
const LINK = { destination: '01:00:5e:00:00:12', source: '02:00:00:00:00:01' };

describe('decodeEthernet', () => {
  it.each([
    ['untagged', '0800', undefined],
    ['802.1Q', '8100 0064 0800', 100],
    ['802.1Q with priority bits', '8100 efff 0800', 4095],
    ['802.1ad', '88a8 0002 0800', 2],
    ['802.1Q within 802.1ad: the outer VLAN', '88a8 0002 8100 0064 0800', 2],
  ])('%s', (_, tags, vlan) => {
    const decoded = decodeEthernet(fromHex(`${MACS} ${tags} aabb`));
    expect(decoded).toEqual({ ok: true, value: { ...LINK, vlan, etherType: 0x0800, payload: fromHex('aabb') } });
  });

  it.each([
    ['nothing', ''],
    ['13 bytes', `${MACS} 08`],
    ['a tag without type', `${MACS} 8100 0064 08`],
    ['a second tag without type', `${MACS} 8100 0064 8100 0065`],
  ])('%s: truncated', (_, hex) => {
    expect(decodeEthernet(fromHex(hex))).toEqual({ ok: false, reason: 'truncated' });
  });
});

describe('encodeEthernet', () => {
  it.each([
    [undefined, '0800'],
    [100, '8100 0064 0800'],
    [0, '8100 0000 0800'],
  ])('VLAN %s', (vlan, tags) => {
    const bytes = encodeEthernet({ ...LINK, vlan, etherType: 0x0800, payload: fromHex('aabb') });
    expect(toHex(bytes)).toBe(`${MACS}${tags}aabb`.replaceAll(' ', ''));
  });
});

it('hardware addresses are written as they are read', () => {
  const bytes = new Uint8Array(8);
  expect(writeMac(bytes, 1, '00:1b:21:Ab:cd:ef')).toBe(7);
  expect(toHex(bytes)).toBe('00001b21abcdef00');
  expect(macFromBytes(bytes, 1)).toBe('00:1b:21:ab:cd:ef');
});

it.each([
  ['224.0.0.18', '01:00:5e:00:00:12'],
  ['239.255.1.2', '01:00:5e:7f:01:02'],
  ['ff02::12', '33:33:00:00:00:12'],
  ['ff02::1:ff00:a', '33:33:ff:00:00:0a'],
])('group %s is at %s', (group, mac) => {
  expect(multicastMac(group)).toBe(mac);
});
