import { describe, expect, it } from 'vitest';
import { readHostFacts } from '../../src/config/host-facts.ts';
import { parseConfig } from '../../src/config/parse-config.ts';

const FACTS = {
  interfaces: ['lo', 'eth0'],
  users: ['root', 'nobody'],
  groups: ['root'],
  executables: ['/usr/bin/killall', '/bin/true'],
};

function judge(text: string, facts: unknown = FACTS) {
  const { diagnostics, exitCode, fatal } = parseConfig(text, 'f', { host: readHostFacts(facts) });
  const codes = diagnostics.filter(({ severity }) => severity !== 'info').map(({ code, line }) => `${line} ${code}`);
  return { codes, exitCode, fatal };
}

const instance = (body: string, device = 'eth0') =>
  `vrrp_instance V {\ninterface ${device}\nvirtual_router_id 5\nvirtual_ipaddress { 10.0.0.1 }\n${body}}\n`;
const script = (command: string) => `vrrp_script s {\nscript "${command}"\n}\n`;

describe('a configuration judged by one host', () => {
  it.each([
    ['what is there', instance(''), [], 0],
    ['an interface that is not there', instance('', 'eth9'), ['2 no-such-interface'], 5],
    ['a tracked one', instance('track_interface {\neth9\n}\n'), ['6 no-such-interface'], 5],
    ['one that may come later', `global_defs {\ndynamic_interfaces\n}\n${instance('', 'eth9')}`, [], 0],
    [
      'a script that is safe to run by declaration',
      `global_defs {\nscript_user nobody\nenable_script_security\n}\n${script('killall -0 x')}`,
      [],
      0,
    ],
    ['a script that PATH finds, without enable_script_security', script('killall -0 x') + instance(''), [], 6],
    ['a script, where no instance is', script('killall -0 x'), [], 0],
    ['a notify script', instance('notify /bin/true\n'), [], 6],
    ['a script that is not there', script('/opt/none') + instance(''), ['1 no-such-script'], 5],
    ['a script_user that is not there', 'global_defs {\nscript_user who\n}\n', ['2 no-such-user'], 5],
    [
      'scripts that have no user to run as',
      `global_defs {\nenable_script_security\n}\n${script('/bin/true')}`,
      ['6 no-such-user'],
      5,
    ],
    [
      'a namespace that is not there: keepalived -t looks no further',
      `net_namespace n\n${instance('', 'eth9')}`,
      [],
      0,
    ],
  ])('%s', (_, text, codes, exitCode) => expect(judge(text)).toMatchObject({ codes, exitCode }));

  it('cannot run without its interface', () => {
    expect(judge(instance('', 'eth9')).fatal).toBe(true);
  });

  it.each([null, 5, {}, { interfaces: 'eth0', users: [1] }])('facts of another form name nothing: %j', (facts) => {
    expect(judge(instance(''), facts).codes).toEqual(['2 no-such-interface']);
  });

  it('is not judged by any when no facts are given', () => {
    expect(parseConfig(instance('notify /none\n', 'eth9'), 'f')).toMatchObject({ diagnostics: [], exitCode: 0 });
  });
});

describe('sync groups and trackers', () => {
  const member = (name: string, vrid: number, body = '') =>
    `vrrp_instance ${name} {\ninterface eth0\nvirtual_router_id ${vrid}\nvirtual_ipaddress { 10.0.0.${vrid} }\n${body}}\n`;

  it('are resolved, and weights of members do not count', () => {
    const text = `track_file t {\nfile /x\n}\nvrrp_sync_group G {\ngroup { A B C }\nnotify /g\n}\n${member('A', 1, 'track_file {\nt\n}\ntrack_interface {\neth1 weight 5\n}\n')}${member('B', 2)}`;
    const { config, diagnostics } = parseConfig(text, 'f');
    expect(config.syncGroups).toMatchObject([
      { name: 'G', members: ['A', 'B'], trackingWeight: false, notify: { any: {} } },
    ]);
    expect(config.instances[0]).toMatchObject({
      trackFiles: [{ name: 't', weight: 0 }],
      trackInterfaces: [{ name: 'eth1', weight: 0 }],
    });
    expect(diagnostics.some(({ code }) => code === 'no-effect')).toBe(true);
  });

  it.each([
    ['vrrp_lower_prio_no_advert', { lowerPrioNoAdvert: true }],
    ['vrrp_down_timer_adverts 7', { downTimerAdverts: 7 }],
    ['smtp_alert', { smtpAlert: true }],
    ['vrrp_strict', { strict: true, lowerPrioNoAdvert: true }],
  ])('options of global_defs hold for instances: %s', (line, options) => {
    const { config } = parseConfig(`${member('A', 1)}global_defs {\n${line}\n}\n`, 'f');
    expect(config.instances[0]!.options).toEqual(options);
  });

  it('an option of the instance wins', () => {
    const { config } = parseConfig(`global_defs {\nvrrp_strict\n}\n${member('A', 1, 'strict_mode no\n')}`, 'f');
    expect(config.instances[0]!.options?.strict).not.toBe(true);
  });
});
