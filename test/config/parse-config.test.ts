import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse-config.ts';
import { MAIN_JOB } from './main-job.ts';

const BASE = 'interface eth0\nvirtual_router_id 5\nvirtual_ipaddress { 10.0.0.1 }';

function parse(text: string) {
  return parseConfig(text, 'keepalived.conf');
}

function instance(body: string, before = '', base = BASE) {
  const result = parse(`${before}vrrp_instance V {\n${base}\n${body}\n}\n`);
  return { ...result, instance: result.config.instances[0]!, codes: result.diagnostics.map(({ code }) => code) };
}

function script(body: string) {
  const result = parse(`vrrp_script s {\nscript "/bin/true"\n${body}\n}\n`);
  return { ...result, script: result.config.scripts[0]!, codes: result.diagnostics.map(({ code }) => code) };
}

describe('the configuration of the main job', () => {
  it('is read without a finding, to exactly these values', () => {
    const { statements: _, ...result } = parse(MAIN_JOB);
    expect(result).toEqual({
      diagnostics: [],
      exitCode: 0,
      fatal: false,
      config: {
        globals: {
          defaultInterface: 'eth0',
          enableScriptSecurity: false,
          checkerLogAllFailures: false,
          vrrpVersion: 2,
        },
        scripts: [
          {
            name: 'health_check',
            command: {
              argv: ['/bin/bash', '/etc/keepalived/check.sh'],
              text: '/bin/bash /etc/keepalived/check.sh',
              user: 'root',
            },
            intervalUs: 1_000_000,
            timeoutUs: 5_000_000,
            weight: 0,
            reverse: false,
            rise: 3,
            fall: 3,
            initFail: false,
          },
        ],
        instances: [
          {
            name: 'VI_1',
            interface: 'ens160',
            family: 4,
            version: 2,
            vrid: 249,
            priority: 241,
            initialState: 'BACKUP',
            advertIntervalUs: 1_000_000,
            preempt: false,
            preemptDelayUs: 0,
            accept: true,
            unicastPeers: ['3.1.5.242', '3.1.5.243'],
            group: '224.0.0.18',
            addresses: [{ interface: 'ens160', address: '3.1.5.249', prefix: 32, scope: 0 }],
            excluded: [],
            password: '1111',
            trackScripts: [{ name: 'health_check', weight: 0, reverse: false }],
            trackInterfaces: [],
            announcements: {
              delayUs: 5_000_000,
              repeat: 5,
              refreshUs: 0,
              refreshRepeat: 1,
              lowerPrioDelayUs: 5_000_000,
              lowerPrioRepeat: 5,
            },
            notify: {},
          },
        ],
      },
    });
  });
});

describe('an instance', () => {
  it.each([
    ['', { priority: 100, initialState: 'BACKUP', version: 2, preempt: true, advertIntervalUs: 1_000_000 }],
    ['state MASTER', { priority: 255, initialState: 'MASTER' }],
    ['state MASTER\npriority 90', { priority: 90, initialState: 'MASTER' }],
    ['priority 255', { priority: 255, initialState: 'MASTER' }],
    ['priority 255\nstate BACKUP', { priority: 255, initialState: 'BACKUP' }],
    ['nopreempt\npreempt', { preempt: true }],
    ['nopreempt', { preempt: false }],
    ['preempt_delay 0.5', { preemptDelayUs: 500_000 }],
    ['no_accept', { accept: false }],
    ['no_accept\naccept', { accept: true }],
    ['version 3\nadvert_int 0.25', { version: 3, advertIntervalUs: 250_000 }],
    [
      'unicast_src_ip 10.1.1.1\nunicast_peer {\n10.1.1.2/24\n10.1.1.2\n}',
      { source: '10.1.1.1', unicastPeers: ['10.1.1.2'] },
    ],
    ['mcast_src_ip 10.1.1.1', { source: '10.1.1.1', unicastPeers: [] }],
    [
      'garp_master_delay 1\ngarp_master_repeat 2',
      { announcements: { delayUs: 1_000_000, repeat: 2, lowerPrioRepeat: 5 } },
    ],
    ['garp_lower_prio_repeat 0', { announcements: { lowerPrioRepeat: 0 } }],
    ['authentication { auth_type PASS\nauth_pass "a b" }', { password: 'a b' }],
    [
      'track_interface {\neth1\neth2 weight -5 reverse\n}',
      {
        trackInterfaces: [
          { name: 'eth1', weight: 0, reverse: false },
          { name: 'eth2', weight: -5, reverse: true },
        ],
      },
    ],
  ])('with %j', (body, expected) => expect(instance(body).instance).toMatchObject(expected));

  it.each([
    ['advert_int 1.5', 2_000_000],
    ['advert_int 2.4', 2_000_000],
    ['advert_int 0.2', 1_000_000],
    ['version 3\nadvert_int 0.015', 20_000],
    ['version 3\nadvert_int 0.014', 10_000],
    ['version 3\nadvert_int 41', 40_950_000],
  ])('rounds %j as keepalived 2.2.7 does, and says so', (body, expected) => {
    const { instance: resolved, exitCode } = instance(body);
    expect(resolved.advertIntervalUs).toBe(expected);
    expect(exitCode).toBe(5);
  });

  it('of IPv6 has version 3, the IPv6 group and /128', () => {
    const base = 'interface eth0\nvirtual_router_id 5\nvirtual_ipaddress { FE80::0:1 }';
    expect(instance('', '', base)).toMatchObject({
      exitCode: 0,
      instance: { family: 6, version: 3, group: 'ff02::12', addresses: [{ address: 'fe80::1', prefix: 128 }] },
    });
    expect(instance('version 2', '', base).instance.version).toBe(2);
  });

  it('has all options of its addresses, and its own interface where none is named', () => {
    const base = `interface eth0\nvirtual_router_id 5\nvirtual_ipaddress {
      10.0.0.1/24 brd + label eth0:1 scope link
      10.0.0.2/24 dev eth1 broadcast 10.0.0.7 scope 77
      10.0.0.200/25 brd -
    }\nvirtual_ipaddress_excluded {\nfe80::9/64 dev eth1\n}`;
    const { instance: resolved, diagnostics } = instance('', '', base);
    expect(diagnostics).toEqual([]);
    expect(resolved.addresses).toEqual([
      { interface: 'eth0', address: '10.0.0.1', prefix: 24, scope: 253, label: 'eth0:1', broadcast: '10.0.0.255' },
      { interface: 'eth1', address: '10.0.0.2', prefix: 24, scope: 77, broadcast: '10.0.0.7' },
      { interface: 'eth0', address: '10.0.0.200', prefix: 25, scope: 0, broadcast: '10.0.0.128' },
    ]);
    expect(resolved.excluded).toEqual([{ interface: 'eth1', address: 'fe80::9', prefix: 64, scope: 0 }]);
  });

  it('advertises 255 addresses and only sets the rest', () => {
    const list = Array.from({ length: 300 }, (_, n) => `10.0.${n >> 8}.${n & 255}`).join('\n');
    const { instance: resolved, codes } = instance(
      '',
      '',
      `interface eth0\nvirtual_router_id 5\nvirtual_ipaddress {\n${list}\n}`,
    );
    expect([resolved.addresses.length, resolved.excluded.length]).toEqual([255, 45]);
    expect(codes).toEqual(['too-many-addresses']);
  });

  it('takes over what global_defs says, wherever that stands; its own word wins', () => {
    const globals =
      'global_defs {\nvrrp_garp_master_delay 9\nvrrp_garp_master_repeat 2\nvrrp_garp_master_refresh 60\nvrrp_version 3\n}\n';
    const before = instance('garp_master_delay 3', globals).instance;
    const after = parse(`vrrp_instance V {\n${BASE}\ngarp_master_delay 3\n}\n${globals}`).config.instances[0];
    expect(after).toEqual(before);
    expect(before).toMatchObject({
      version: 3,
      announcements: { delayUs: 3e6, repeat: 2, refreshUs: 60e6, lowerPrioDelayUs: 9e6, lowerPrioRepeat: 2 },
    });
  });

  it('runs its notify commands as the user on the line, or else as script_user', () => {
    const globals = 'global_defs {\nscript_user ops ops\n}\n';
    const { instance: resolved } = instance(
      'notify_master "/bin/a \'b c\'" nobody\nnotify_backup /bin/b\nnotify_fault "/bin/c"\nnotify_stop "/bin/d"\nnotify "/bin/e"',
      globals,
    );
    expect(resolved.notify).toEqual({
      master: { argv: ['/bin/a', 'b c'], text: "/bin/a 'b c'", user: 'nobody' },
      backup: { argv: ['/bin/b'], text: '/bin/b', user: 'ops', group: 'ops' },
      fault: { argv: ['/bin/c'], text: '/bin/c', user: 'ops', group: 'ops' },
      stop: { argv: ['/bin/d'], text: '/bin/d', user: 'ops', group: 'ops' },
      any: { argv: ['/bin/e'], text: '/bin/e', user: 'ops', group: 'ops' },
    });
  });

  it('tracks a script with its own weight unless the line says another', () => {
    const scripts =
      'vrrp_script a {\nscript /bin/a\nweight 5 reverse\n}\nvrrp_script b {\nscript /bin/b\nweight 7\n}\n';
    expect(instance('track_script {\na\nb weight -3\n}', scripts).instance.trackScripts).toEqual([
      { name: 'a', weight: 5, reverse: true },
      { name: 'b', weight: -3, reverse: false },
    ]);
  });

  it.each([
    ['no VRID', 'interface eth0\nvirtual_ipaddress { 10.0.0.1 }', 'missing-vrid'],
    ['no interface', 'virtual_router_id 5\nvirtual_ipaddress { 10.0.0.1 }', 'missing-interface'],
    ['no address in v3', 'interface eth0\nvirtual_router_id 5\nversion 3', 'missing-address'],
    ['a VRID that is none', 'interface eth0\nvirtual_router_id x\nvirtual_ipaddress { 10.0.0.1 }', 'invalid-number'],
    ['no word after priority', `${BASE}\npriority`, 'missing-word'],
  ])('with %s ends keepalived: fatal, one finding', (_, base, code) => {
    const { fatal, codes, exitCode } = instance('', '', base);
    expect({ fatal, codes, exitCode }).toEqual({
      fatal: true,
      codes: [code],
      exitCode: code === 'missing-word' ? 2 : 5,
    });
  });

  it('with the VRID of another is fatal, unless the family or the peers differ', () => {
    const one = (name: string, rest: string) =>
      `vrrp_instance ${name} {\ninterface eth0\nvirtual_router_id 5\n${rest}\n}\n`;
    const v4 = 'virtual_ipaddress { 10.0.0.1 }';
    const to = (peer: string) => `unicast_src_ip 10.1.1.1\nunicast_peer { ${peer} }\n${v4}`;
    expect(parse(one('A', v4) + one('B', v4))).toMatchObject({
      fatal: true,
      diagnostics: [{ code: 'duplicate-vrid' }],
    });
    expect(parse(one('A', v4) + one('B', 'virtual_ipaddress { fe80::1 }')).diagnostics).toEqual([]);
    expect(parse(one('A', to('10.1.1.2')) + one('B', to('10.1.1.3'))).diagnostics).toEqual([]);
    expect(parse(one('A', to('10.1.1.2')) + one('B', to('10.1.1.2'))).fatal).toBe(true);
  });
});

describe('a script', () => {
  it.each([
    ['', { intervalUs: 1_000_000, timeoutUs: 1_000_000, weight: 0, rise: 1, fall: 1, initFail: false }],
    ['interval 3', { intervalUs: 3_000_000, timeoutUs: 3_000_000 }],
    ['interval 3\ntimeout 1', { timeoutUs: 1_000_000 }],
    ['weight -5 reverse', { weight: -5, reverse: true }],
    ['init_fail', { initFail: true }],
    ['user nobody nogroup', { command: { user: 'nobody', group: 'nogroup' } }],
    ['script "/bin/sh -c \\"a b\\""', { command: { argv: ['/bin/sh', '-c', 'a b'] } }],
  ])('with %j', (body, expected) => {
    const { script: resolved, diagnostics } = script(body);
    expect(resolved).toMatchObject(expected);
    expect(diagnostics).toEqual([]);
  });

  it('may run at parts of a second, which keepalived 2.2.7 would not', () => {
    const { script: resolved, diagnostics } = script('interval 0.5');
    expect(resolved).toMatchObject({ intervalUs: 500_000 });
    expect(diagnostics).toMatchObject([{ code: 'invalid-number', severity: 'warning' }]);
  });

  it('whose command is not quoted runs only its first word, which is pointed at', () => {
    const { config, diagnostics } = parse('vrrp_script s {\nscript /usr/bin/killall -0 haproxy\n}\n');
    expect(config.scripts[0]!.command.argv).toEqual(['/usr/bin/killall']);
    expect(diagnostics).toMatchObject([
      { severity: 'info', column: 25, hint: 'put the whole command in double quotes' },
    ]);
  });
});

describe('global_defs', () => {
  it('add up', () => {
    const text =
      'global_defs {\nrouter_id R1\n}\nglobal_defs {\nscript_user a b\nenable_script_security\nvrrp_version 3\ndefault_interface ens1\nchecker_log_all_failures\n}\n';
    expect(parse(text)).toMatchObject({
      exitCode: 0,
      config: {
        globals: {
          routerId: 'R1',
          scriptUser: { user: 'a', group: 'b' },
          enableScriptSecurity: true,
          vrrpVersion: 3,
          defaultInterface: 'ens1',
          checkerLogAllFailures: true,
        },
      },
    });
  });

  it('name the chains of vrrp_iptables, which is an old keyword', () => {
    const { config, diagnostics } = parse('global_defs {\nvrrp_iptables A B\n}\n');
    expect(config.globals.vrrpIptables).toEqual({ inChain: 'A', outChain: 'B' });
    expect(diagnostics.map(({ code }) => code)).toEqual(['deprecated']);
  });
});

describe('an interface without a name', () => {
  it('is an error, and the instance is left out', () => {
    const text = 'vrrp_instance VI_1 {\n virtual_router_id 1\n interface ""\n virtual_ipaddress { 10.0.0.1 }\n}\n';
    const { config, diagnostics, exitCode } = parseConfig(text, 'f');
    expect(diagnostics.map(({ line, message }) => `${line}: ${message}`)).toContain(
      '3: the interface has no name; without one the instance cannot run',
    );
    expect(config.instances).toEqual([]);
    expect(exitCode).toBe(5);
  });
});
