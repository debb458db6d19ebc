// The rules of this router in nft's own language: one transaction that replaces its table. Pure.
// The shape is keepalived's (vrrp_nftables.c); interfaces stand by name, so that one made anew keeps its rules.
import type { FirewallRules } from '../ports/firewall-port.ts';
import { addressFamily, isLinkLocal } from '../wire/address.ts';

const DISCOVERY = 'icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert }';

/** Text for `nft -f`: without rules, the table goes. */
export function nftRules(rules: FirewallRules | undefined, table: string): string {
  // nft takes no quotes here.
  const name = table.replace(/[^\w./-]/g, '_');
  const clean = ['ip', 'ip6'].flatMap((family) => [`add table ${family} ${name}`, `delete table ${family} ${name}`]);
  return [...clean, ...(rules === undefined ? [] : [...ipv4Table(rules, name), ...ipv6Table(rules, name)]), ''].join(
    '\n',
  );
}

function ipv4Table(rules: FirewallRules, name: string): readonly string[] {
  const closed = rules.closed.filter(({ address }) => addressFamily(address) === 4).map(({ address }) => address);
  const devices = rules.devices.filter(({ family }) => family === 4);
  if (closed.length === 0 && devices.length === 0) return [];
  const set = `{ ${[...new Set(closed)].join(', ')} }`;
  const drop = verdict(rules, 'drop');
  return [
    `table ip ${name} {`,
    chain(rules, 'in', 'input', closed.length > 0 ? [`ip daddr ${set} ${drop}`] : []),
    chain(rules, 'out', 'output', [
      // A report is told on the base: with the virtual MAC address, switches would take us for the MASTER.
      ...(devices.length > 0 ? [`ip protocol igmp dup to ip daddr device oifname map ${bases(devices)} ${drop}`] : []),
      ...(closed.length > 0 ? [`ip saddr ${set} ${drop}`] : []),
    ]),
    '}',
  ];
}

function ipv6Table(rules: FirewallRules, name: string): readonly string[] {
  const closed = rules.closed.filter(({ address }) => addressFamily(address) === 6);
  const wide = closed.filter(({ address }) => !isLinkLocal(address)).map(({ address }) => address);
  const local = closed.filter(({ address }) => isLinkLocal(address));
  const devices = rules.devices.filter(({ family }) => family === 6);
  if (closed.length === 0 && devices.length === 0) return [];
  const drop = verdict(rules, 'drop');
  const lines = (end: 'daddr' | 'saddr', direction: 'iifname' | 'oifname') => [
    ...(closed.length > 0 ? [`${DISCOVERY} ${verdict(rules, 'accept')}`] : []),
    ...(wide.length > 0 ? [`ip6 ${end} { ${[...new Set(wide)].join(', ')} } ${drop}`] : []),
    ...local.map((one) => `${direction} ${quoted(one.interface)} ip6 ${end} ${one.address} ${drop}`),
  ];
  const names = `{ ${devices.map((device) => quoted(device.name)).join(', ')} }`;
  return [
    `table ip6 ${name} {`,
    chain(rules, 'in', 'input', lines('daddr', 'iifname')),
    chain(rules, 'out', 'output', [
      ...(devices.length > 0
        ? [
            `icmpv6 type mld2-listener-report dup to ip6 daddr device oifname map ${bases(devices)} ${drop}`,
            `oifname ${names} icmpv6 type nd-router-solicit ${drop}`,
            // Else neighbours of a BACKUP would take its own address to where the MASTER is.
            ...devices.flatMap(({ name: device, shared }) =>
              shared === undefined
                ? []
                : [`oifname ${quoted(device)} ip6 saddr ${shared} icmpv6 type nd-neighbor-advert ${drop}`],
            ),
          ]
        : []),
      ...lines('saddr', 'oifname'),
    ]),
    '}',
  ];
}

function chain(rules: FirewallRules, name: string, hook: string, lines: readonly string[]): string {
  const head = `type filter hook ${hook} priority ${rules.priority}; policy accept;`;
  return [`  chain ${name} {`, ...[head, ...lines].map((line) => `    ${line}`), '  }'].join('\n');
}

function bases(devices: FirewallRules['devices']): string {
  return `{ ${devices.map(({ name, baseIndex }) => `${quoted(name)} : ${baseIndex}`).join(', ')} }`;
}

function verdict({ counters }: FirewallRules, end: 'drop' | 'accept'): string {
  return counters ? `counter ${end}` : end;
}

/** nft knows no escape within quotes: what could end them is left out (no interface or sane table has it). */
function quoted(name: string): string {
  return `"${name.replace(/[^\x21\x23-\x5b\x5d-\x7e]/g, '')}"`;
}
