// The messages that make devices, byte for byte as `ip link add` sends them (seen with strace), and what is read back.
import { describe, expect, it } from 'vitest';
import {
  changeDeviceBody,
  decodeDevice,
  deleteLinkBody,
  linkUpBody,
  newDeviceBody,
} from '../../src/linux/device-messages.ts';
import { decodeAttributes } from '../../src/linux/netlink.ts';
import type { DeviceSpec } from '../../src/ports/network-port.ts';

const MACVLAN: DeviceSpec = {
  name: 'vrrp.51',
  base: 'eth0',
  kind: 'macvlan',
  mode: 'private',
  mac: '00:00:5e:00:01:33',
  ipv4: true,
  ipv6: false,
};

const hex = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('hex');
const attributes = (body: Uint8Array) =>
  Object.fromEntries([...decodeAttributes(body.subarray(16))].map(([type, value]) => [type, hex(value)]));

describe('device messages', () => {
  it('make a macvlan in private mode with its MAC address', () => {
    const body = newDeviceBody({ ...MACVLAN, group: 5 }, 2);
    expect(hex(body.subarray(0, 16))).toBe('00'.repeat(16));
    expect(attributes(body)).toEqual({
      1: '00005e000133',
      3: Buffer.from('vrrp.51\0').toString('hex'),
      5: '02000000',
      27: '05000000',
      18: `0c000100${Buffer.from('macvlan\0').toString('hex')}0c0002000800010001000000`,
    });
  });

  it('make an ipvlan of layer 2', () => {
    const { mac: _, ...plain } = MACVLAN;
    const body = newDeviceBody({ ...plain, kind: 'ipvlan', mode: 'bridge' }, 2);
    const kind = `0b000100${Buffer.from('ipvlan\0').toString('hex')}00`;
    expect(attributes(body)).toMatchObject({ 18: `${kind}14000200060001000000000006000200${'00'.repeat(4)}` });
    expect(attributes(body)[1]).toBeUndefined();
  });

  it('change, take up and delete a link by its index', () => {
    expect(attributes(changeDeviceBody(MACVLAN, 7))).toMatchObject({ 1: '00005e000133' });
    expect(hex(linkUpBody(7))).toBe('00000000070000000100000001000000');
    expect(hex(deleteLinkBody(7))).toBe('00000000070000000000000000000000');
  });

  it('tell kind and base of a link', () => {
    const message = { type: 16, flags: 0, sequence: 1, body: newDeviceBody(MACVLAN, 2) };
    expect(decodeDevice(message)).toEqual({ name: 'vrrp.51', index: 0, kind: 'macvlan', base: 2, group: 0 });
    expect(decodeDevice({ ...message, body: message.body.subarray(0, 8) })).toBeUndefined();
  });
});
