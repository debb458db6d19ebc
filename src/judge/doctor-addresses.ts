// Virtual addresses on this host against who is MASTER: left behind, vanished, or bound to take others along.
import type { Evidence } from '../observe/finding.ts';
import type { AdvertStream, HostLink, HostState } from '../ports/host-state.ts';
import type { InstanceConfig, VirtualAddress } from '../vrrp/config.ts';
import { addressBytes, addressFamily } from '../wire/address.ts';
import type { Member } from './configured-host.ts';
import type { HostFinding } from './host-finding.ts';

/** Judges one instance of the configuration. */
export type InstanceRule = (state: HostState, member: Member) => HostFinding[];

export const ADDRESS_RULES: readonly InstanceRule[] = [leftBehind, vanished, secondaries];

/** `eth0 vrid 51 IPv4`. */
export function subjectOf({ interface: name, vrid, family }: InstanceConfig): string {
  return `${name} vrid ${vrid} IPv${family}`;
}

/** Adverts of this virtual router on its interface. */
export function ofInstance({ vrid, family, interface: name }: InstanceConfig) {
  return (stream: AdvertStream): boolean =>
    stream.vrid === vrid && stream.family === family && stream.interface === name;
}

interface Placed {
  readonly link: HostLink;
  readonly address: HostLink['addresses'][number];
}

function placesOf({ links }: HostState, addresses: readonly VirtualAddress[]): Placed[] {
  return links.flatMap((link) =>
    link.addresses
      .filter(({ address }) => addresses.some((each) => each.address === address))
      .map((address) => ({ link, address })),
  );
}

function onInterface({ link, address }: Placed): Evidence {
  return { kind: 'host', source: `ip address show dev ${link.name}`, text: `${address.address}/${address.prefix}` };
}

/** Addresses without mastership: no router runs, or another one is MASTER and this host is silent. */
function leftBehind(state: HostState, member: Member): HostFinding[] {
  const { instance } = member;
  if (instance.priority === 255) return [];
  const placed = placesOf(state, [...instance.addresses, ...instance.excluded]);
  const mine = (state.streams ?? []).filter(ofInstance(instance));
  const sent = mine.some(({ direction }) => direction === 'sent');
  const other = mine.find(({ direction, seen, priority }) => direction === 'received' && seen >= 3 && priority > 0);
  const idle = state.routers.length === 0;
  if (placed.length === 0 || sent || (!idle && other === undefined)) return [];
  const witness: Evidence =
    other === undefined
      ? { kind: 'host', source: '/proc', text: 'neither keepalived nor kavtui runs in this network namespace' }
      : {
          kind: 'host',
          source: `packet socket on ${other.interface}`,
          text: `${other.seen} adverts of ${other.source} (priority ${other.priority}), none of this host`,
        };
  return [
    {
      id: 'D37',
      subject: subjectOf(instance),
      vip: placed[0]!.address.address,
      severity: 'error',
      confidence: 'proven',
      title: `${placed.map(({ address }) => address.address).join(' ')} of ${instance.name} is set here, and this host is not MASTER`,
      evidence: [...placed.map(onInterface), witness],
      why: 'When another router is MASTER two hosts have the address; to this host it is always here.',
      fix: placed
        .map(({ link, address }) => `ip address del ${address.address}/${address.prefix} dev ${link.name}`)
        .join('\n'),
    },
  ];
}

/** A MASTER that speaks and lacks an address. */
function vanished(state: HostState, member: Member): HostFinding[] {
  const { instance } = member;
  const sent = state.streams?.find(
    (stream) => ofInstance(instance)(stream) && stream.direction === 'sent' && stream.seen >= 3 && stream.priority > 0,
  );
  if (sent === undefined || state.routers.length === 0) return [];
  const there = placesOf(state, instance.addresses).map(({ address }) => address.address);
  const missing = instance.addresses.filter(({ address }) => !there.includes(address));
  if (missing.length === 0) return [];
  return [
    {
      id: 'D15',
      subject: subjectOf(instance),
      vip: missing[0]!.address,
      severity: 'error',
      confidence: 'proven',
      title: `this host is MASTER for ${instance.name} and does not have ${missing.map(({ address }) => address).join(' ')}`,
      evidence: [
        {
          kind: 'host',
          source: `packet socket on ${sent.interface}`,
          text: `${sent.seen} adverts with priority ${sent.priority} leave`,
        },
        {
          kind: 'host',
          source: 'ip address show',
          text: `${missing.map(({ address }) => address).join(' ')} on no interface`,
        },
      ],
      why: 'Nobody answers for the address while all other routers are silent.',
      fix: missing
        .map(({ address, prefix, interface: name }) => `ip address add ${address}/${prefix} dev ${name}`)
        .join('\n'),
    },
  ];
}

/** With a virtual address as the primary one of a network its removal takes all others of that network along. */
function secondaries(state: HostState, { instance }: Member): HostFinding[] {
  return placesOf(state, instance.addresses).flatMap(({ link, address }) => {
    const setting = `net.ipv4.conf.${link.name}.promote_secondaries`;
    const promote = Math.max(
      Number(state.sysctls.get(setting) ?? 0),
      Number(state.sysctls.get('net.ipv4.conf.all.promote_secondaries') ?? 0),
    );
    if (address.secondary || promote > 0 || addressFamily(address.address) === 6) return [];
    const follows = link.addresses.find(
      (other) => other.secondary && other.prefix === address.prefix && sameNetwork(other.address, address),
    );
    if (follows === undefined) return [];
    return [
      {
        id: 'D42',
        subject: subjectOf(instance),
        vip: address.address,
        severity: 'warning',
        confidence: 'proven',
        title: `${follows.address} vanishes from ${link.name} when the virtual address ${address.address} does`,
        evidence: [
          {
            kind: 'host',
            source: `ip address show dev ${link.name}`,
            text: `${follows.address}/${follows.prefix} secondary`,
          },
          { kind: 'sysctl', name: setting, value: '0' },
        ],
        why: 'The kernel removes the secondary addresses of a network with its primary one.',
        fix: `sysctl -w ${setting}=1`,
      },
    ];
  });
}

function sameNetwork(other: string, { address, prefix }: HostLink['addresses'][number]): boolean {
  if (addressFamily(other) === 6) return false;
  const [a, b] = [other, address].map((each) => new DataView(addressBytes(each).buffer).getUint32(0));
  return prefix === 0 || Math.floor(a! / 2 ** (32 - prefix)) === Math.floor(b! / 2 ** (32 - prefix));
}
