// Links, groups, neighbours, settings and counters of this network namespace, from /proc and ip.
import type { HostLink, HostSourceFilter, HostState } from '../ports/host-state.ts';
import { addressFromBytes, type IpAddress, parseAddress } from '../wire/address.ts';
import { jsonOf, namesIn, output, textOf, type Unseen } from './host-read.ts';

type Row = Readonly<Record<string, unknown>>;

/** Every link with its addresses. */
export function readHostLinks(unseen: Unseen): HostLink[] {
  return rows(jsonOf('addresses', 'ip', ['-j', '-d', 'address', 'show'], unseen)).map((row) => {
    const flags = Array.isArray(row.flags) ? row.flags : [];
    return {
      name: String(row.ifname),
      index: Number(row.ifindex),
      mac: typeof row.address === 'string' ? row.address : '',
      up: flags.includes('UP') && flags.includes('LOWER_UP'),
      kind: (row.linkinfo as Row | undefined)?.info_kind as string | undefined,
      ...(typeof row.link === 'string' && { base: row.link }),
      ...(typeof row.master === 'string' && { master: row.master }),
      addresses: rows(row.addr_info).flatMap((info) => {
        const address = parseAddress(String(info.local));
        if (address === undefined) return [];
        const label = typeof info.label === 'string' ? info.label : undefined;
        const { secondary = false, tentative = false } = info as { secondary?: boolean; tentative?: boolean };
        return [{ address, prefix: Number(info.prefixlen), label, secondary, tentative }];
      }),
    };
  });
}

function rows(json: unknown): Row[] {
  return Array.isArray(json) ? json.filter((row) => typeof row === 'object' && row !== null) : [];
}

export function readHostNeighbours(unseen: Unseen): HostState['neighbours'] {
  return rows(jsonOf('neighbours', 'ip', ['-j', 'neighbour', 'show'], unseen)).flatMap((row) => {
    const address = parseAddress(String(row.dst));
    const state = Array.isArray(row.state) ? row.state.join(' ') : String(row.state ?? '');
    return address === undefined ? [] : [{ interface: String(row.dev), address, state }];
  });
}

/** The interface by which a packet to this address would leave; undefined: by none. */
export function routeTo(address: IpAddress, via: string): string | undefined {
  const scope = address.startsWith('fe80') ? ['dev', via] : [];
  const result = output('ip', ['-o', 'route', 'get', address, ...scope]);
  return 'why' in result ? undefined : / dev (\S+)/.exec(result.text)?.[1];
}

/** /proc/net/igmp and igmp6: an interface line, then a line for each group (IPv4, in host byte order). */
export function readGroups(
  igmp: string = textOf('/proc/net/igmp') ?? '',
  igmp6: string = textOf('/proc/net/igmp6') ?? '',
): { interface: string; group: IpAddress }[] {
  const found: { interface: string; group: IpAddress }[] = [];
  let name = '';
  for (const line of igmp.split('\n').slice(1)) {
    const link = /^\d+\s+(\S+?)\s*:/.exec(line);
    if (link !== null) name = link[1]!;
    const hex = /^\s+([0-9A-F]{8})\s/.exec(line)?.[1];
    if (hex !== undefined) found.push({ interface: name, group: addressFromBytes(bytesOf(hex).reverse(), 0, 4) });
  }
  for (const line of igmp6.split('\n')) {
    const [, device, hex] = line.trim().split(/\s+/);
    if (device === undefined || hex?.length !== 32) continue;
    found.push({ interface: device, group: addressFromBytes(bytesOf(hex), 0, 6) });
  }
  return found;
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** /proc/net/mcfilter: senders that were included or excluded, and by how many sockets. */
export function readSourceFilters(text: string = textOf('/proc/net/mcfilter') ?? ''): HostSourceFilter[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*\d+\s+(\S+)\s+0x([0-9a-f]{8})\s+0x([0-9a-f]{8})\s+(\d+)\s+(\d+)/i.exec(line);
    if (match === null) return [];
    const [, name, group, source, included, excluded] = match;
    return [
      {
        interface: name!,
        group: addressFromBytes(bytesOf(group!), 0, 4),
        source: addressFromBytes(bytesOf(source!), 0, 4),
        included: Number(included),
        excluded: Number(excluded),
      },
    ];
  });
}

const PER_LINK = ['rp_filter', 'arp_ignore', 'arp_filter', 'arp_announce', 'accept_local', 'promote_secondaries'];

/** The settings that matter to a router, for all links and for each. */
export function readHostSysctls(links: readonly string[] = namesIn('/proc/sys/net/ipv4/conf')): Map<string, string> {
  const found = new Map<string, string>();
  const read = (path: string, name: string): void => {
    const text = textOf(`/proc/sys/net/${path}`)?.trim();
    if (text !== undefined) found.set(`net.${name}`, text);
  };
  for (const link of new Set(['all', ...links])) {
    for (const key of PER_LINK) read(`ipv4/conf/${link}/${key}`, `ipv4.conf.${link}.${key}`);
  }
  read('ipv4/ip_nonlocal_bind', 'ipv4.ip_nonlocal_bind');
  return found;
}

/** Counters of the IP stack: `TcpExt IPReversePathFilter`, `Ip InAddrErrors`, `Ip6InAddrErrors`. */
export function readCounters(): Map<string, number> {
  const counters = new Map<string, number>();
  for (const file of ['snmp', 'netstat']) {
    const lines = (textOf(`/proc/net/${file}`) ?? '').split('\n');
    for (let i = 0; i + 1 < lines.length; i += 2) {
      const [names, values] = [lines[i]!.split(' '), lines[i + 1]!.split(' ')];
      const group = names[0]!.replace(':', '');
      for (let j = 1; j < names.length; j++) counters.set(`${group} ${names[j]}`, Number(values[j]));
    }
  }
  for (const line of (textOf('/proc/net/snmp6') ?? '').split('\n')) {
    const [name, value] = line.split(/\s+/);
    if (name && value) counters.set(name, Number(value));
  }
  return counters;
}

export function readConntrack(): HostState['conntrack'] {
  const [count, max] = ['count', 'max'].map((name) => textOf(`/proc/sys/net/netfilter/nf_conntrack_${name}`));
  return count === undefined || max === undefined ? undefined : { count: Number(count), max: Number(max) };
}
