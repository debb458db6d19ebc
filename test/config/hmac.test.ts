import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse-config.ts';

const KEY = 'abcdefghijklmnopqrstuvwxyz012345';
const read = (block: string, lines = '') =>
  parseConfig(
    `vrrp_instance V {\ninterface eth0\nvirtual_router_id 5\nversion 3\nadvert_int 2\n${lines}\nauth_hmac {\n${block}\n}\nvirtual_ipaddress { 10.0.0.1 }\n}\n`,
    'f',
  );

describe('auth_hmac', () => {
  it('has defaults for all but the key', () => {
    const { config, diagnostics } = read(`key 7 ${KEY}`);
    expect(diagnostics.map(({ code, severity }) => [code, severity])).toEqual([['newer-keyword', 'info']]);
    const hex = Buffer.from(KEY).toString('hex');
    const rest = { activeKey: 7, antiReplay: 'time', windowSeconds: 6, mode: 'enforce' };
    expect(config.instances[0]!.hmac).toEqual({ keys: [{ id: 7, hex }], ...rest });
  });

  it('takes all it can be told, and the lowest key signs when none is named', () => {
    const { config } = read(
      `key 9 hex:${'AB'.repeat(64)}\nkey 2 ${KEY}\ntime_window 300\nanti_replay monotonic\nmode receive-only`,
    );
    expect(config.instances[0]!.hmac).toMatchObject({
      keys: [{ id: 2 }, { id: 9, hex: 'ab'.repeat(64) }],
      activeKey: 2,
      antiReplay: 'monotonic',
      windowSeconds: 300,
      mode: 'receive-only',
    });
  });

  it('takes the place of a password', () => {
    const { config } = read(`key 1 ${KEY}`, 'authentication {\nauth_type PASS\nauth_pass x\n}');
    expect(config.instances[0]).not.toHaveProperty('password');
  });

  it.each([
    ['a key that is short', 'key 1 short'],
    ['a key that is long', `key 1 hex:${'00'.repeat(65)}`],
    ['half a byte', 'key 1 hex:abc'],
    ['no key', 'mode enforce'],
    ['a key that is not there', `key 1 ${KEY}\nactive_key 2`],
  ])('%s: the instance does not run', (_title, block) => {
    const { config, fatal, exitCode } = read(block);
    expect({ fatal, exitCode, instances: config.instances }).toEqual({ fatal: true, exitCode: 5, instances: [] });
  });

  it('a key in a file is not supported, and said so', () => {
    const { diagnostics } = read(`key 1 file:/etc/key\nkey 2 ${KEY}`);
    expect(diagnostics).toMatchObject([
      { code: 'newer-keyword', severity: 'info' },
      { code: 'not-yet-supported', blocking: true },
    ]);
  });

  it('no key stands in a finding', () => {
    const { diagnostics } = read(`key 1 s3cret s3cret\nkey 2 hex:s3cret\nkey 1x s3cret`);
    expect(diagnostics.length).toBeGreaterThan(2);
    expect(JSON.stringify(diagnostics)).not.toContain('s3cret');
  });
});
