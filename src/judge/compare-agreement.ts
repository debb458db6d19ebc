// What routers of one virtual router have to have in common: each refuses the adverts of one that differs.
import type { Evidence } from '../observe/finding.ts';
import type { InstanceConfig } from '../vrrp/config.ts';
import { type Member, said } from './configured-host.ts';
import type { HostFinding } from './host-finding.ts';
import { addressesOf, type RouterGroup } from './match-instances.ts';

type Words = Pick<HostFinding, 'id' | 'severity' | 'title' | 'why' | 'fix'>;

/** Differences of each member from the first one. */
export function agreementFindings({ members }: RouterGroup, subject: string): HostFinding[] {
  const [a, ...others] = members;
  if (a === undefined) return [];
  return others.flatMap((b) => RULES.flatMap((rule) => rule(a, b) ?? []).map((found) => ({ ...found, subject })));
}

type Found = Omit<HostFinding, 'subject'>;
type Rule = (a: Member, b: Member) => Found | undefined;

const RULES: readonly Rule[] = [
  addresses,
  excluded,
  prefixes,
  authentication,
  version,
  interval,
  checksum,
  groupAddress,
  owners,
];

function found(evidence: readonly Evidence[], words: Words): Found {
  // Both files say so.
  return { ...words, confidence: 'proven', evidence };
}

function names(a: Member, b: Member): string {
  return `${a.host.name} and ${b.host.name}`;
}

const BOTH_MASTER = 'Each refuses the adverts of the other: both become MASTER.';

function difference(one: readonly string[], other: readonly string[]): string {
  const minus = one.filter((each) => !other.includes(each)).map((each) => `-${each}`);
  return [...minus, ...other.filter((each) => !one.includes(each)).map((each) => `+${each}`)].join(' ');
}

function listOf(list: InstanceConfig['addresses']): string[] {
  return list.map(({ address }) => address);
}

function addresses(a: Member, b: Member): Found | undefined {
  const [one, other] = [listOf(a.instance.addresses), listOf(b.instance.addresses)];
  const changes = difference(one, other);
  if (changes === '') return undefined;
  const evidence = [a, b].map((member) =>
    said(member, 'virtual_ipaddress', `addresses ${listOf(member.instance.addresses).join(' ') || 'none'}`),
  );
  const mine = addressesOf(a.instance);
  if (!addressesOf(b.instance).some((address) => mine.includes(address))) {
    return found(evidence, {
      id: 'D06',
      severity: 'warning',
      title: `${names(a, b)} have the same VRID and no address in common: two clusters, or a mistake in the addresses`,
      why: 'On one network each disturbs the elections of the other, and both may go down.',
      fix: 'Give one of the clusters another virtual_router_id on all its routers, or make virtual_ipaddress the same.',
    });
  }
  return found(evidence, {
    id: 'D07',
    severity: 'error',
    title: `${b.host.name} does not have the addresses of ${a.host.name}: ${changes}`,
    why: 'At a failover some addresses vanish. keepalived before 2.3.3 refuses such adverts: both become MASTER.',
    fix: `Make virtual_ipaddress the same in ${a.host.name} and ${b.host.name}.`,
  });
}

function excluded(a: Member, b: Member): Found | undefined {
  const changes = difference(listOf(a.instance.excluded), listOf(b.instance.excluded));
  if (changes === '' || difference(addressesOf(a.instance), addressesOf(b.instance)) === '') return undefined;
  const evidence = [a, b].map((member) =>
    said(
      member,
      'virtual_ipaddress_excluded',
      `excluded addresses ${listOf(member.instance.excluded).join(' ') || 'none'}`,
    ),
  );
  return found(evidence, {
    id: 'D07',
    severity: 'warning',
    title: `${b.host.name} does not have the excluded addresses of ${a.host.name}: ${changes}`,
    why: 'They are not advertised, so no router notices; at a failover some vanish.',
    fix: `Make virtual_ipaddress_excluded the same in ${a.host.name} and ${b.host.name}.`,
  });
}

function prefixes(a: Member, b: Member): Found | undefined {
  const all = ({ instance }: Member) => [...instance.addresses, ...instance.excluded];
  const odd = all(a).flatMap((one) => {
    const other = all(b).find(({ address }) => address === one.address);
    return other === undefined || other.prefix === one.prefix ? [] : [{ one, other }];
  })[0];
  if (odd === undefined) return undefined;
  const { one, other } = odd;
  const evidence = [
    said(a, 'virtual_ipaddress', `${one.address}/${one.prefix}`),
    said(b, 'virtual_ipaddress', `${other.address}/${other.prefix}`),
  ];
  return found(evidence, {
    id: 'D07',
    severity: 'warning',
    title: `${one.address} has the prefix /${one.prefix} on ${a.host.name}, /${other.prefix} on ${b.host.name}`,
    why: 'The route to the network comes with the address on one host only: what works before a failover may not after it.',
    fix: 'Write the same prefix on all routers.',
  });
}

function authOf({ password, ah, hmac }: InstanceConfig): string {
  if (hmac !== undefined) return `auth_hmac, key ${hmac.activeKey}, mode ${hmac.mode}`;
  if (password === undefined) return 'no authentication';
  return ah ? 'auth_type AH' : 'auth_type PASS';
}

/** Keys that one side signs with and the other knows. */
function understands(one: InstanceConfig, other: InstanceConfig): boolean {
  const { hmac } = one;
  if (hmac === undefined || hmac.mode === 'receive-only') return other.hmac?.mode !== 'enforce';
  const active = hmac.keys.find(({ id }) => id === hmac.activeKey)?.hex;
  if (other.hmac === undefined) return true;
  return other.hmac.keys.some(({ id, hex }) => id === hmac.activeKey && hex === active);
}

function authentication(a: Member, b: Member): Found | undefined {
  // Version 3 has none, so a difference of versions is no difference of passwords.
  if (a.instance.version !== b.instance.version) return undefined;
  const signed = a.instance.hmac !== undefined || b.instance.hmac !== undefined;
  const [one, other] = [authOf(a.instance), authOf(b.instance)];
  const same = signed
    ? understands(a.instance, b.instance) && understands(b.instance, a.instance)
    : one === other && a.instance.password === b.instance.password;
  if (same) return undefined;
  const what = one === other ? (signed ? 'keys' : 'passwords') : 'authentication';
  const evidence = [a, b].map((member) =>
    said(
      member,
      ['authentication', 'auth_hmac'],
      `${authOf(member.instance)}${one === other ? `, other ${what}` : ''}`,
    ),
  );
  return found(evidence, {
    id: 'D20',
    severity: 'error',
    title: `${names(a, b)} have different ${what}`,
    why: BOTH_MASTER,
    fix: signed
      ? 'Give all routers the same auth_hmac keys; change the key that signs only when all know it.'
      : 'Make auth_type and auth_pass the same on all routers; of a password only the first eight characters count.',
  });
}

function version(a: Member, b: Member): Found | undefined {
  if (a.instance.version === b.instance.version) return undefined;
  const evidence = [a, b].map((member) => said(member, 'version', `VRRPv${member.instance.version}`));
  return found(evidence, {
    id: 'D22',
    severity: 'error',
    title: `${a.host.name} speaks VRRPv${a.instance.version}, ${b.host.name} VRRPv${b.instance.version}`,
    why: BOTH_MASTER,
    fix: 'Make vrrp_version (or version in the instance) the same on all routers.',
  });
}

function interval(a: Member, b: Member): Found | undefined {
  if (a.instance.advertIntervalUs === b.instance.advertIntervalUs) return undefined;
  const old = a.instance.version === 2 || b.instance.version === 2;
  const evidence = [a, b].map((member) =>
    said(member, 'advert_int', `interval ${member.instance.advertIntervalUs / 1e6} s`),
  );
  return found(evidence, {
    id: 'D21',
    severity: old ? 'error' : 'warning',
    title: `${names(a, b)} have different advertisement intervals`,
    why: old
      ? `In version 2 the interval has to agree. ${BOTH_MASTER}`
      : 'In version 3 a BACKUP takes the interval of the MASTER: failover times change with who is MASTER.',
    fix: 'Make advert_int the same on all routers.',
  });
}

function checksum(a: Member, b: Member): Found | undefined {
  const { instance: one } = a;
  const { instance: other } = b;
  if (one.version !== 3 || other.version !== 3 || one.family === 6) return undefined;
  const plain = ({ options }: InstanceConfig) => options?.v3ChecksumAsV2 === true;
  if (plain(one) === plain(other)) return undefined;
  const evidence = [a, b].map((member) =>
    said(
      member,
      'v3_checksum_as_v2',
      plain(member.instance) ? 'checksum without pseudo-header' : 'checksum with pseudo-header',
    ),
  );
  return found(evidence, {
    id: 'D23',
    severity: 'error',
    title: `${names(a, b)} compute the checksum of VRRPv3 differently`,
    why: 'The one with the pseudo-header refuses the adverts of the other, and becomes MASTER beside it.',
    fix: 'Set v3_checksum_as_v2 on all routers or on none.',
  });
}

function groupAddress(a: Member, b: Member): Found | undefined {
  const multicast = ({ instance }: Member) => instance.unicastPeers.length === 0;
  if (!multicast(a) || !multicast(b) || a.instance.group === b.instance.group) return undefined;
  const evidence = [a, b].map((member) => said(member, [], `multicast to ${member.instance.group}`));
  return found(evidence, {
    id: 'D19',
    severity: 'error',
    title: `${names(a, b)} speak to different multicast groups`,
    why: 'Neither hears the other: both become MASTER.',
    fix: 'Make vrrp_mcast_group4 (vrrp_mcast_group6) in global_defs the same on all routers.',
  });
}

function owners(a: Member, b: Member): Found | undefined {
  const { priority } = a.instance;
  if (priority !== b.instance.priority) return undefined;
  const evidence = [a, b].map((member) => said(member, 'priority', `priority ${priority}`));
  if (priority === 255) {
    return found(evidence, {
      id: 'D39',
      severity: 'error',
      title: `${names(a, b)} both say to own the addresses (priority 255)`,
      why: 'An owner never yields: both stay MASTER.',
      fix: 'Leave 255 to the one host that has the address itself.',
    });
  }
  const chosen = [a, b].filter(({ instance }) => instance.initialState === 'MASTER');
  return found(evidence, {
    id: 'D39',
    severity: chosen.length === 1 ? 'warning' : 'info',
    title: `${names(a, b)} have the same priority ${priority}`,
    why:
      chosen.length === 1
        ? `state MASTER does not make ${chosen[0]!.host.name} the MASTER: of equals that start together the higher address wins.`
        : 'Of equals that start together the higher address wins; a MASTER is not displaced by an equal.',
    fix: 'Give each router a priority of its own, unless it does not matter who is MASTER.',
  });
}
