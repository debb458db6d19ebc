import { describe, expect, it } from 'vitest';
import { cookedOrigin, decodeCooked, LINKTYPE_LINUX_SLL, LINKTYPE_LINUX_SLL2 } from '../../src/wire/cooked.ts';
import { fromHex } from './hex.ts';

describe('a cooked frame', () => {
  it.each([
    [
      'SLL, received',
      LINKTYPE_LINUX_SLL,
      '0000 0001 0006 02000000000a0000 0800 4500',
      {
        source: '02:00:00:00:00:0a',
        etherType: 0x0800,
        vlan: undefined,
        payload: fromHex('4500'),
      },
    ],
    [
      'SLL, sent, in a VLAN',
      LINKTYPE_LINUX_SLL,
      '0004 0001 0006 02000000000a0000 8100 0064 0806 0001',
      { vlan: 100, etherType: 0x0806, payload: fromHex('0001') },
    ],
    [
      'SLL without a hardware address',
      LINKTYPE_LINUX_SLL,
      '0000 fffe 0000 0000000000000000 86dd',
      { source: '00:00:00:00:00:00', etherType: 0x86dd, payload: fromHex('') },
    ],
    [
      'SLL2, sent',
      LINKTYPE_LINUX_SLL2,
      '0800 0000 00000007 0001 04 06 02000000000b0000 4500',
      { source: '02:00:00:00:00:0b', etherType: 0x0800, payload: fromHex('4500') },
    ],
    [
      'SLL2 in a VLAN',
      LINKTYPE_LINUX_SLL2,
      '8100 0000 00000007 0001 00 06 02000000000b0000 0fff 0800 45',
      { vlan: 4095, etherType: 0x0800, payload: fromHex('45') },
    ],
  ])('%s', (_, linkType, hex, value) => {
    expect(decodeCooked(fromHex(hex), linkType)).toMatchObject({ ok: true, value });
  });

  it.each([
    ['SLL', LINKTYPE_LINUX_SLL, 16],
    ['SLL2', LINKTYPE_LINUX_SLL2, 20],
  ])('%s shorter than its header is truncated', (_, linkType, length) => {
    expect(decodeCooked(new Uint8Array(length - 1), linkType)).toEqual({ ok: false, reason: 'truncated' });
    expect(decodeCooked(new Uint8Array(length), linkType)).toMatchObject({ ok: true });
  });

  it.each([
    [
      'SLL, received',
      LINKTYPE_LINUX_SLL,
      '0000 0001 0006 02000000000a0000 0800',
      { direction: 'received', index: undefined },
    ],
    ['SLL, sent', LINKTYPE_LINUX_SLL, '0004 0001 0006 02000000000a0000 0800', { direction: 'sent', index: undefined }],
    ['SLL2', LINKTYPE_LINUX_SLL2, '0800 0000 00000007 0001 04 06 02000000000b0000', { direction: 'sent', index: 7 }],
    ['SLL2, cut', LINKTYPE_LINUX_SLL2, '0800 0000 00000007 0001 04 06 02000000000b00', undefined],
    ['Ethernet', 1, '0004 0001 0006 02000000000a0000 0800', undefined],
  ])('%s: its origin', (_, linkType, hex, origin) => {
    expect(cookedOrigin(fromHex(hex), linkType)).toEqual(origin);
  });

  it('with a cut VLAN tag is truncated', () => {
    expect(decodeCooked(fromHex('0000 0001 0006 02000000000a0000 8100 0064'), LINKTYPE_LINUX_SLL)).toEqual({
      ok: false,
      reason: 'truncated',
    });
  });
});
