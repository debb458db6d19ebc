import { describe, expect, it } from 'vitest';
import { errnoName, failure } from '../../src/linux/libc.ts';
import { routerName } from '../../src/linux/namespace-lock.ts';
import { missingCapabilities, privilegeAdvice, startCommand } from '../../src/linux/privileges.ts';
import {
  in6AddressAndIndex,
  ipMreqn,
  packetMreq,
  sockaddrIn,
  sockaddrIn6,
  sockaddrLl,
  sockaddrUn,
} from '../../src/linux/socket-address.ts';
import { entryOf, resolveIdentity } from '../../src/linux/users.ts';

const hex = (value: Uint8Array): string => Buffer.from(value).toString('hex');

describe('socket addresses', () => {
  it.each([
    ['sockaddr_in', sockaddrIn('192.0.2.1'), '02000000c00002010000000000000000'],
    ['sockaddr_in6', sockaddrIn6('ff02::12', 3), `0a00000000000000ff02${'00'.repeat(13)}1203000000`],
    ['sockaddr_ll', sockaddrLl(3, 0x0806, Uint8Array.of(1, 2, 3, 4, 5, 6)), '1100080603000000000000060102030405060000'],
    ['sockaddr_un of a path', sockaddrUn('/a'), '01002f6100'],
    ['sockaddr_un of an abstract name: no zero behind it', sockaddrUn('\0a'), '01000061'],
    ['ip_mreqn', ipMreqn('224.0.0.18', 3), 'e00000120000000003000000'],
    ['ipv6_mreq', in6AddressAndIndex('ff02::12', 3), `ff02${'00'.repeat(13)}1203000000`],
    ['packet_mreq', packetMreq(3, 0, Uint8Array.of(1, 0, 0x5e, 0, 0, 0x12)), '030000000000060001005e0000120000'],
  ])('lays out %s', (_, bytes, expected) => {
    expect(hex(bytes)).toBe(expected);
  });
});

describe('errno', () => {
  it('has its name, and words for a message', () => {
    expect(errnoName(-100)).toBe('ENETDOWN');
    expect(errnoName(-12345)).toBe('EUNKNOWN');
    expect(failure(-1, 'cannot do it')).toEqual({
      ok: false,
      code: 'EPERM',
      message: 'cannot do it: operation not permitted',
    });
    expect(failure(-12345, 'cannot do it').message).toBe('cannot do it: error 12345');
  });
});

describe('privileges', () => {
  const status = (effective: string): string => `Name:\tnode\nCapPrm:\t000001ffffffffff\nCapEff:\t${effective}\n`;
  it.each([
    ['000001ffffffffff', []],
    ['0000000000000000', ['CAP_NET_ADMIN', 'CAP_NET_RAW']],
    ['0000000000001000', ['CAP_NET_RAW']],
    ['0000000000002000', ['CAP_NET_ADMIN']],
    ['0000000000003000', []],
  ] as const)('finds what is missing in CapEff %s', (effective, missing) => {
    expect(missingCapabilities(undefined, status(effective))).toEqual(missing);
  });

  it('asks only for what is needed', () => {
    expect(missingCapabilities(['CAP_NET_RAW'], status('0000000000000000'))).toEqual(['CAP_NET_RAW']);
  });

  it('advises the exact lines, with words that a shell reads back', () => {
    const lines = privilegeAdvice(['CAP_NET_ADMIN', 'CAP_NET_RAW'], ['kavtui', 'run', '-f', "it's here.conf"]);
    const words = `kavtui run -f 'it'\\''s here.conf'`;
    expect(lines[0]).toBe(`sudo ${words}`);
    expect(lines[1]).toMatch(/^sudo setpriv .*--inh-caps \+net_admin,\+net_raw --ambient-caps \+net_admin,\+net_raw /);
    expect(lines[1]?.endsWith(words)).toBe(true);
  });

  it("names the program as root's PATH finds it, else node and the file", () => {
    const args = ['run', '-f', 'a'];
    expect(startCommand('/n/node', ['/n/node', '/usr/local/bin/kavtui', ...args])).toEqual(['kavtui', ...args]);
    expect(startCommand('/n/node', ['/n/node', '/home/me/bin/kavtui.js', ...args])).toEqual([
      '/n/node',
      '/home/me/bin/kavtui.js',
      ...args,
    ]);
  });
});

describe('other routers', () => {
  it.each([
    ['keepalived', ['/usr/sbin/keepalived', '-n'], 'keepalived'],
    ['keepalived_vrrp', ['/usr/sbin/keepalived'], 'keepalived'],
    ['node', ['/usr/bin/node', '/usr/local/bin/kavtui', 'run', '-f', 'x'], 'kavtui'],
    ['node', ['node', '--max-old-space-size=99', '/opt/kavtui/bin/kavtui.js', 'run'], 'kavtui'],
    ['kavtui', ['kavtui', 'run'], 'kavtui'],
    ['node', ['node', '/usr/local/bin/kavtui', 'demo'], undefined],
    ['node', ['node', '/usr/local/bin/kavtui', 'status'], undefined],
    ['vi', ['vi', 'bin/kavtui.js', 'run'], undefined],
    ['bash', ['bash', '-c', 'keepalived'], undefined],
    ['', [], undefined],
  ] as const)('%s %j is %s', (comm, argv, name) => {
    expect(routerName(comm, argv)).toBe(name);
  });
});

describe('users and groups', () => {
  it('are found by their whole name in lines that are well formed', () => {
    const text = '# note\nroot:x:0:0:root:/root:/bin/sh\nbroken\nodd:x:y:1\nroots:x:7:8::/:/bin/sh\n';
    expect(entryOf(text, 'root')?.slice(2, 4)).toEqual(['0', '0']);
    expect(entryOf(text, 'roots')?.slice(2, 4)).toEqual(['7', '8']);
    for (const name of ['roo', '', 'broken', 'odd', '#']) expect(entryOf(text, name)).toBeUndefined();
  });

  it("are a user's number and its own group, or the group that is named", () => {
    expect(resolveIdentity('root', undefined)).toEqual({ uid: 0, gid: 0 });
    expect(resolveIdentity(undefined, 'root')).toEqual({ uid: process.getuid?.(), gid: 0 });
  });

  it('are refused by name', () => {
    expect(resolveIdentity('no-such-user', undefined)).toBe('user no-such-user does not exist');
    expect(resolveIdentity('root', 'no-such-group')).toBe('group no-such-group does not exist');
    expect(resolveIdentity('--help', undefined)).toBe('user --help does not exist');
  });
});
