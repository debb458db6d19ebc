// Configuration files for the labs: one vrrp_instance in keepalived's language, which both programs read.
import type { Family } from '../../src/wire/address.ts';

export interface Variant {
  readonly version: 2 | 3;
  readonly mode: 'multicast' | 'unicast';
  readonly family: Family;
  /** Seconds. */
  readonly interval: number;
}

/** The ways two routers can talk. v3 runs at 0.2 s to be quick; v2 knows whole seconds only. */
export const VARIANTS: readonly (Variant & { title: string })[] = [
  { title: 'v2 multicast', version: 2, mode: 'multicast', family: 4, interval: 1 },
  { title: 'v2 unicast', version: 2, mode: 'unicast', family: 4, interval: 1 },
  { title: 'v3 multicast', version: 3, mode: 'multicast', family: 4, interval: 0.2 },
  { title: 'v3 unicast', version: 3, mode: 'unicast', family: 4, interval: 0.2 },
  { title: 'v3 IPv6 multicast', version: 3, mode: 'multicast', family: 6, interval: 0.2 },
  { title: 'v3 IPv6 unicast', version: 3, mode: 'unicast', family: 6, interval: 0.2 },
];

export interface ScriptOptions {
  readonly command: string;
  readonly interval: number;
  readonly rise: number;
  readonly fall: number;
  readonly weight?: number;
}

export interface InstanceOptions extends Variant {
  readonly priority: number;
  /** Hosts of the lab that are unicast peers; used in unicast mode. */
  readonly peers?: readonly number[];
  readonly password?: string;
  /** Of version 2; default PASS. */
  readonly authType?: 'PASS' | 'AH';
  readonly interface?: string;
  readonly addresses?: readonly string[];
  readonly script?: ScriptOptions;
  /** Further lines of the instance: `nopreempt`, `preempt_delay 2`, `notify_stop …`. */
  readonly lines?: readonly string[];
}

export const VIP = '10.0.0.100';
export const VIP6 = ['fe80::51:1', 'fd00::100'] as const;
export const VRID = 51;

/** The virtual addresses of a family, as written in configurations and seen in the kernel. */
export function virtualAddresses(family: Family): readonly string[] {
  return family === 4 ? [VIP] : VIP6;
}

/** A whole file with one instance `VI_1`. Version 2 is authenticated. */
export function routerConfig(options: InstanceOptions): string {
  const { version, family, priority, interval, script } = options;
  const addresses = options.addresses ?? virtualAddresses(family);
  const instance = [
    'state BACKUP',
    `interface ${options.interface ?? 'eth0'}`,
    `virtual_router_id ${VRID}`,
    `priority ${priority}`,
    `advert_int ${interval}`,
    ...(version === 2
      ? block('authentication', [`auth_type ${options.authType ?? 'PASS'}`, `auth_pass ${options.password ?? '1111'}`])
      : []),
    ...(options.mode === 'unicast'
      ? block(
          'unicast_peer',
          (options.peers ?? []).map((peer) => (family === 4 ? `10.0.0.${peer}` : `fe80::ff:fe00:${peer.toString(16)}`)),
        )
      : []),
    ...block(
      'virtual_ipaddress',
      addresses.map((address) => (address.startsWith('fe80') ? `${address}/64` : address)),
    ),
    ...(script ? block('track_script', ['chk']) : []),
    ...(options.lines ?? []),
  ];
  return [
    ...block('global_defs', [`vrrp_version ${version}`, 'vrrp_garp_master_delay 1', 'script_user root']),
    ...(script ? block('vrrp_script chk', scriptLines(script)) : []),
    ...block('vrrp_instance VI_1', instance),
    '',
  ].join('\n');
}

function scriptLines(script: ScriptOptions): string[] {
  const { command, interval, rise, fall, weight } = script;
  const lines = [`script "${command}"`, `interval ${interval}`, `rise ${rise}`, `fall ${fall}`, 'user root'];
  return weight === undefined ? lines : [...lines, `weight ${weight}`];
}

function block(head: string, lines: readonly string[]): string[] {
  return [`${head} {`, ...lines.map((line) => `    ${line}`), '}'];
}
