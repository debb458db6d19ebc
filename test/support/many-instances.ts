// Configurations of many instances, spread over the segments of a lab: keepalived's language, which both programs read.

export interface ManyOptions {
  readonly count: number;
  readonly priority: number;
  /** Seconds. */
  readonly interval: number;
  /** `mixed`: 2 and 3 by turns. */
  readonly version: 2 | 3 | 'mixed';
  /** How many interfaces eth0, eth1, ... carry them; default one for every 250. */
  readonly segments?: number;
  /** MASTER: keepalived's owner (255) speaks at once only so. */
  readonly state?: 'MASTER' | 'BACKUP';
  readonly globals?: readonly string[];
  /** Addresses of each instance; default 1. More than one are the same for all: meant for a single instance. */
  readonly addresses?: number;
}

export interface ManyInstance {
  readonly name: string;
  readonly segment: number;
  readonly vrid: number;
  readonly version: 2 | 3;
  readonly address: string;
  /** With `address` in front. */
  readonly addresses: readonly string[];
}

/** How many segments so many instances need. */
export function segmentsFor(count: number): number {
  return Math.ceil(count / 250);
}

export function manyInstances({
  count,
  version,
  addresses = 1,
  segments = segmentsFor(count),
}: ManyOptions): readonly ManyInstance[] {
  const further = Array.from({ length: addresses - 1 }, (_, i) => `10.0.2.${i + 1}`);
  return Array.from({ length: count }, (_, i) => {
    const segment = i % segments;
    const vrid = Math.floor(i / segments) + 1;
    return {
      name: `VI_${segment}_${vrid}`,
      segment,
      vrid,
      version: version === 'mixed' ? (vrid % 2 === 0 ? 3 : 2) : version,
      address: `10.${segment}.1.${vrid}`,
      addresses: [`10.${segment}.1.${vrid}`, ...further],
    };
  });
}

/** The whole file. */
export function manyConfig(options: ManyOptions): string {
  const { priority, interval, state = 'BACKUP', globals = ['vrrp_garp_master_delay 1'] } = options;
  const blocks = manyInstances(options).map(
    ({ name, segment, vrid, version, addresses }) => `vrrp_instance ${name} {
    state ${state}
    interface eth${segment}
    virtual_router_id ${vrid}
    version ${version}
    priority ${priority}
    advert_int ${interval}
    virtual_ipaddress {
${addresses.map((address) => `        ${address}/32\n`).join('')}    }
}
`,
  );
  return `global_defs {\n${globals.map((line) => `    ${line}\n`).join('')}}\n${blocks.join('')}`;
}
