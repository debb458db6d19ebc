// From keepalived's words to behaviour: that what a file says arrives in the engine, and that `run` does not refuse it.
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse-config.ts';
import type { NodeConfig } from '../../src/engine/config.ts';
import { SECOND } from '../support/instance.ts';
import { link, testNode } from '../support/node.ts';
import { ETH1 } from './timelines.ts';

function read(text: string): { readonly config: NodeConfig; readonly refused: readonly string[] } {
  const { config, diagnostics } = parseConfig(text, 'test.conf');
  return { config, refused: diagnostics.filter(({ blocking }) => blocking).map(({ message }) => message) };
}

const instance = (name: string, lines = '', on = 'eth0', vrid = 51) => `
vrrp_instance ${name} {
    interface ${on}
    virtual_router_id ${vrid}
    priority 100
    ${lines}
    virtual_ipaddress { 10.0.${vrid}.100 }
}`;

describe('an option of an instance', () => {
  it.each([
    ['down_timer_adverts 5', { options: { downTimerAdverts: 5 } }],
    ['lower_prio_no_advert', { options: { lowerPrioNoAdvert: true } }],
    ['higher_prio_send_advert', { options: { higherPrioSendAdvert: true } }],
    ['owner_ignore_adverts', { options: { ownerIgnoreAdverts: true } }],
    ['nopreempt\n    timer_expired_backup 90', { options: { timerExpiredBackup: 90 } }],
    ['dont_track_primary', { options: { dontTrackPrimary: true } }],
    [
      'unicast_peer { 10.0.0.2 min_ttl 254 }\n    check_unicast_src',
      { options: { checkUnicastSource: true, peerTtl: { '10.0.0.2': { min: 254 } } } },
    ],
    ['unicast_peer { 10.0.0.2 }\n    unicast_ttl 9', { options: { unicastTtl: 9 } }],
    ['version 3\n    v3_checksum_as_v2', { options: { v3ChecksumAsV2: true } }],
    ['old_unicast_checksum never', { options: { oldUnicastChecksum: 'never' } }],
    ['skip_check_adv_addr', { options: { skipCheckAdvertAddresses: true } }],
    ['notify_priority_changes', { options: { notifyPriorityChanges: true } }],
    ['notify_master_rx_lower_pri "/bin/true x"', { notify: { masterRxLowerPri: { argv: ['/bin/true', 'x'] } } }],
    ['garp_extra_if all 100', { announcements: { extra: { intervalUs: 100_000_000, all: true } } }],
    ['notify_deleted', { options: { notifyDeleted: true }, notify: {} }],
    ['notify_deleted /bin/x', { options: { notifyDeleted: true }, notify: { deleted: { argv: ['/bin/x'] } } }],
    ['mcast_dst_ip 224.0.0.99', { group: '224.0.0.99' }],
    ['mcast_src_ip 10.0.0.7\n    track_src_ip', { source: '10.0.0.7', options: { trackSource: true } }],
    ['unicast_src_ip 10.0.0.1\n    unicast_fault_no_peer', { options: { noPeerFault: true } }],
  ])('%s', (line, expected) => {
    const { config, refused } = read(instance('VI_1', line));
    expect(refused).toEqual([]);
    expect(config.instances).toMatchObject([expected]);
  });
});

describe('intervals and delays of interfaces', () => {
  const garp = 'global_defs {\n vrrp_garp_interval 0.2\n vrrp_gna_interval 0.1\n}\n';
  it.each([
    [garp, { pacing: { garpUs: 200_000, gnaUs: 100_000, groups: [] } }],
    [
      'garp_group {\n garp_interval 0.5\n interfaces {\n eth0\n eth1\n }\n}\n',
      { pacing: { groups: [{ garpUs: 500_000, interfaces: ['eth0', 'eth1'] }] } },
    ],
    ['interface_up_down_delays {\n eth0 0.5\n}\n', { linkDelays: { eth0: { downUs: 500_000, upUs: 0 } } }],
    // Less than two intervals, else a BACKUP that cannot hear would take over: keepalived's own figure.
    ['interface_up_down_delays {\n eth0 5 1\n}\n', { linkDelays: { eth0: { downUs: 1_996_094, upUs: SECOND } } }],
    ['interface_up_down_delays {\n eth1 5 6\n}\n', { linkDelays: { eth1: { downUs: 5 * SECOND, upUs: 6 * SECOND } } }],
  ])('%j', (text, expected) => {
    const { config, refused } = read(`${text}${instance('VI_1')}`);
    expect(refused).toEqual([]);
    expect(config).toMatchObject(expected);
  });
});

describe('unicast without an interface', () => {
  const routed = (lines: string, vip = '10.0.0.100 dev eth0') =>
    read(
      `vrrp_instance VI_1 {\n virtual_router_id 51\n unicast_peer {\n 10.0.0.2\n }\n ${lines}\n virtual_ipaddress {\n ${vip}\n }\n}\n`,
    );

  it('runs where it has a source', () => {
    const { config, refused } = routed('unicast_src_ip 10.0.0.1');
    expect(refused).toEqual([]);
    expect(config.instances).toMatchObject([{ interface: '', options: { routed: true } }]);
  });

  it('is bound to a VRF where one is named', () => {
    expect(routed('unicast_src_ip 10.0.0.1\n vrf red').config.instances).toMatchObject([{ interface: 'red' }]);
  });

  it('drops an address of which it does not know where it belongs', () => {
    const { config } = routed('unicast_src_ip 10.0.0.1', '10.0.0.100\n 10.0.0.101 dev eth0');
    expect(config.instances).toMatchObject([{ addresses: [{ address: '10.0.0.101', interface: 'eth0' }] }]);
  });

  it.each(['', 'unicast_src_ip fe80::1'])('does not run otherwise: %j', (lines) => {
    expect(routed(lines).config.instances).toEqual([]);
  });
});

describe('an instance without addresses', () => {
  const bare = (lines: string) => `vrrp_instance VI_1 {\n interface eth0\n virtual_router_id 51\n ${lines}\n}\n`;

  it('runs with no_virtual_ipaddress', () => {
    const { config, refused } = read(bare('version 3\n no_virtual_ipaddress'));
    expect(refused).toEqual([]);
    expect(config.instances).toMatchObject([{ version: 3, addresses: [] }]);
  });

  it('is IPv6 with native_ipv6', () => {
    expect(read(bare('native_ipv6\n no_virtual_ipaddress')).config.instances).toMatchObject([
      { family: 6, version: 3 },
    ]);
  });
});

describe('a line of global_defs', () => {
  it.each([
    ['vrrp_down_timer_adverts 5', { options: { downTimerAdverts: 5 } }],
    ['vrrp_lower_prio_no_advert', { options: { lowerPrioNoAdvert: true } }],
    ['vrrp_higher_prio_send_advert', { options: { higherPrioSendAdvert: true } }],
    ['vrrp_owner_ignore_adverts', { options: { ownerIgnoreAdverts: true } }],
    ['vrrp_check_unicast_src', { options: { checkUnicastSource: true } }],
    ['vrrp_skip_check_adv_addr', { options: { skipCheckAdvertAddresses: true } }],
    ['vrrp_notify_priority_changes', { options: { notifyPriorityChanges: true } }],
    ['v3_checksum_as_v2', { options: { v3ChecksumAsV2: true } }],
    ['vrrp_mcast_group4 224.0.0.99', { group: '224.0.0.99' }],
  ])('%s holds for every instance', (line, expected) => {
    const { config, refused } = read(`global_defs {\n    ${line}\n}\n${instance('VI_1', 'unicast_src_ip 10.0.0.1')}`);
    expect(refused).toEqual([]);
    expect(config.instances).toMatchObject([expected]);
  });

  it.each([
    ['vrrp_startup_delay 4', { startupDelayUs: 4_000_000 }],
    ['vrrp_delay_after_boot 90', { delayAfterBootUs: 90_000_000 }],
    ['vrrp_notify_fifo /run/f', { notifyFifos: [{ path: '/run/f' }] }],
    [
      'notify_fifo /run/f\n    notify_fifo_script /bin/true',
      { notifyFifos: [{ path: '/run/f', script: { argv: ['/bin/true'] } }] },
    ],
  ])('%s', (line, expected) => {
    const { config, refused } = read(`global_defs {\n    ${line}\n}\n${instance('VI_1')}`);
    expect(refused).toEqual([]);
    expect(config.globals).toMatchObject(expected);
  });
});

describe('a sync group from a file', () => {
  it('moves its members together, and tells its scripts', () => {
    const text = `vrrp_sync_group G {\n    group {\n        VA\n        VB\n    }\n    notify_fault /bin/gf\n}
${instance('VA', '', 'eth0', 1)}${instance('VB', '', 'eth1', 2)}`;
    const { config, refused } = read(text);
    expect(refused).toEqual([]);
    const node = testNode(config, [link(), ETH1]);
    const effects = node.event({ kind: 'linkChanged', name: 'eth1', link: { ...ETH1, up: false } });
    expect(node.snapshot().instances.map(({ state }) => state)).toEqual(['FAULT', 'FAULT']);
    expect(effects).toContainEqual(expect.objectContaining({ run: expect.objectContaining({ argv: ['/bin/gf'] }) }));
  });
});
