// auth_type AH: where it is possible, and what stays where it is not.
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse-config.ts';

function resolve(lines: string, authentication = 'auth_type AH\nauth_pass secret99') {
  const text = `vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    authentication {\n${authentication}\n}
    ${lines}
  }`;
  const { config, diagnostics } = parseConfig(text, 'f');
  const { password, ah, initialState } = config.instances[0]!;
  return { password, ah, initialState, warnings: diagnostics.map(({ message }) => message) };
}

const IPV4 = 'virtual_ipaddress {\n10.0.0.100\n}';

describe('auth_type AH', () => {
  it('is what the instance speaks, and never starts as MASTER', () => {
    const given = resolve(`version 2\nstate MASTER\npriority 200\n${IPV4}`);
    expect(given).toMatchObject({ password: 'secret99', ah: true, initialState: 'BACKUP' });
    expect(given.warnings).toEqual(['an instance with auth_type AH begins as BACKUP']);
  });

  it.each([
    ['over IPv6', 'version 2\nvirtual_ipaddress {\nfe80::100/64\n}', /not possible over IPv6/],
    ['in version 3', `version 3\n${IPV4}`, /VRRPv3 has no authentication/],
  ])('is ignored %s, and that is said', (_, lines, said) => {
    const { password, ah, warnings } = resolve(lines);
    expect({ password, ah }).toEqual({ password: undefined, ah: undefined });
    expect(warnings.join('\n')).toMatch(said);
  });

  it('without auth_pass is no authentication', () => {
    expect(resolve(`version 2\n${IPV4}`, 'auth_type AH')).toMatchObject({ password: undefined, ah: undefined });
  });
});
