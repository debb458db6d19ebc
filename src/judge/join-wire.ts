// What a router of this host has in its file, beside what is seen of it on the wire and what its dumps say.
import type { Discovery } from '../observe/finding.ts';
import type { DumpedInstance, LocalInstance, LocalProcess, ReadDump } from '../observe/local-router.ts';
import type { SegmentView, SpeakerView } from '../observe/view.ts';
import type { InstanceConfig } from '../vrrp/config.ts';
import type { IpAddress } from '../wire/address.ts';
import { type ConfiguredHost, said } from './configured-host.ts';

export interface JoinInput {
  readonly process: Pick<LocalProcess, 'pid' | 'name'>;
  readonly host: ConfiguredHost;
  readonly segments: readonly SegmentView[];
  /** Addresses that are on an interface of this host now. */
  readonly own: ReadonlySet<IpAddress>;
  readonly dumps: readonly ReadDump[];
  /** How the picture of the watch calls a virtual router. */
  nameOf(id: Pick<SegmentView, 'interface' | 'vlan' | 'family' | 'vrid'>): string;
}

/** All instances of the file, heard or not. */
export function joinWire({ process, host, segments, own, dumps, nameOf }: JoinInput): LocalInstance[] {
  return host.config.instances.map((instance) => {
    const { name, family, vrid, priority } = instance;
    const segment = segmentOf(instance, segments);
    const master = masterOf(segment);
    const role = master === undefined ? 'none' : own.has(master.address) ? 'MASTER' : 'BACKUP';
    const told = dumps.flatMap(({ instances, ...dump }) => {
      const dumped = instances.find((each) => isSame(each, instance));
      return dumped === undefined ? [] : [{ ...dump, instance: dumped }];
    });
    const wire = master === undefined ? [] : agreementOf(instance, master, own);
    return {
      ...{ pid: process.pid, program: process.name, name, interface: instance.interface, family, vrid, priority },
      router: nameOf({ interface: instance.interface, vlan: undefined, family, vrid }),
      heard: segment !== undefined,
      role,
      agreement: [...wire, ...told.flatMap(({ kind, instance: dumped }) => dumpAgreement(kind, dumped, role, master))],
      dumps: told,
    };
  });
}

/**
 * Where adverts for an instance are heard: on its interface, or on the one that carries its VLAN (`eth0.7`). Another VLAN of
 * its interface is another segment; number 0 is none (a priority tag). Undefined: nothing was heard.
 */
export function segmentOf(instance: InstanceConfig, segments: readonly SegmentView[]): SegmentView | undefined {
  return segments.find(
    ({ interface: name, family, vrid, vlan }) =>
      vrid === instance.vrid && family === instance.family && (vlan ? `${name}.${vlan}` : name) === instance.interface,
  );
}

function masterOf(segment: SegmentView | undefined): SpeakerView | undefined {
  return segment?.speakers.find(({ address }) => address === segment.master);
}

/** A dump of another keepalived (another network namespace writes to the same /tmp) has other routers in it. */
function isSame(dumped: DumpedInstance, { name, vrid, interface: place }: InstanceConfig): boolean {
  if (dumped.name !== name) return false;
  return (dumped.vrid ?? vrid) === vrid && (dumped.interface ?? place) === place;
}

const sorted = (addresses: readonly IpAddress[]): string => [...addresses].sort().join(' ') || 'none';

function agreementOf(
  instance: InstanceConfig,
  master: SpeakerView,
  own: ReadonlySet<IpAddress>,
): LocalInstance['agreement'] {
  const file = sorted(instance.addresses.map(({ address }) => address));
  const wire = sorted(master.addresses);
  const whose = own.has(master.address) ? 'what this host sends' : `what ${master.address} sends`;
  const lines = [
    file === wire
      ? { ok: true, text: `addresses: the file and ${whose} agree` }
      : { ok: false, text: `addresses: ${file} in the file, ${wire} in ${whose}` },
  ];
  if (instance.version !== master.version) {
    lines.push({ ok: false, text: `version: ${instance.version} in the file, ${master.version} in ${whose}` });
  }
  if (instance.advertIntervalUs !== master.intervalUs) {
    const [a, b] = [instance.advertIntervalUs / 1e6, master.intervalUs / 1e6];
    lines.push({ ok: false, text: `interval: ${a} s in the file, ${b} s in ${whose}` });
  }
  const missing = own.has(master.address)
    ? instance.addresses.filter(({ address }) => !own.has(address)).map(({ address }) => address)
    : [];
  if (missing.length > 0) lines.push({ ok: false, text: `this host is MASTER and has not set ${missing.join(' ')}` });
  return lines;
}

/** Where a dump and the wire contradict each other. It may only be old: its age stands beside it. */
function dumpAgreement(
  kind: string,
  dumped: DumpedInstance,
  role: LocalInstance['role'],
  master: SpeakerView | undefined,
): LocalInstance['agreement'] {
  const { state, effectivePriority } = dumped;
  if (state === undefined) return [];
  const lines = [];
  const says = `${kind} dump: ${state}`;
  if (state === 'MASTER' && role !== 'MASTER') {
    lines.push({
      ok: false,
      text: `${says}, the wire: ${master === undefined ? 'nobody' : `${master.address} is MASTER`}`,
    });
  } else if (state !== 'MASTER' && role === 'MASTER') {
    lines.push({ ok: false, text: `${says}, the wire: this host is MASTER` });
  } else {
    lines.push({ ok: true, text: `${says}, as the wire tells` });
  }
  if (role === 'MASTER' && effectivePriority !== undefined && master!.priority !== effectivePriority) {
    lines.push({ ok: false, text: `${kind} dump: priority ${effectivePriority}, on the wire ${master!.priority}` });
  }
  return lines;
}

/** What the file of a silent BACKUP and the adverts of the MASTER disagree in: no frame alone shows it. */
export function joinFindings({ host, segments, own }: Pick<JoinInput, 'host' | 'segments' | 'own'>): {
  readonly instance: InstanceConfig;
  readonly finding: Discovery;
}[] {
  return host.config.instances.flatMap((instance) => {
    const master = masterOf(segmentOf(instance, segments));
    if (master === undefined || own.has(master.address)) return [];
    return disagreements({ host, instance }, master).map((finding) => ({ instance, finding }));
  });
}

function disagreements(member: { host: ConfiguredHost; instance: InstanceConfig }, master: SpeakerView): Discovery[] {
  const { instance } = member;
  const { address } = master;
  const found: Discovery[] = [];
  const add = (
    id: string,
    what: string,
    keyword: string,
    ours: string,
    theirs: string,
    why: string,
    severity: Discovery['severity'] = 'error',
  ): void => {
    if (ours === theirs) return;
    found.push({
      ...{ id, address, severity, confidence: 'proven' },
      title: `${what}: ${ours} in the file of this host, ${theirs} in the adverts of ${address}`,
      evidence: [
        said(member, keyword, `${what} ${ours}`),
        { kind: 'frame', at: master.lastHeard, text: `${address} sends ${what} ${theirs}` },
      ],
      why,
      fix: `Make ${keyword} the same on all routers, then reload.`,
    });
  };
  const file = sorted(instance.addresses.map((each) => each.address));
  add(
    'D07',
    'addresses',
    'virtual_ipaddress',
    file,
    sorted(master.addresses),
    'After a takeover other addresses are served than before.',
  );
  add(
    'D22',
    'version',
    'version',
    String(instance.version),
    String(master.version),
    'Neither accepts the adverts of the other: both become MASTER.',
  );
  const seconds = (us: number): string => `${us / 1e6} s`;
  const refused = instance.version === 2 && master.version === 2;
  add(
    'D21',
    'interval',
    'advert_int',
    seconds(instance.advertIntervalUs),
    seconds(master.intervalUs),
    refused
      ? 'The adverts are refused: both become MASTER.'
      : 'How long a failover takes depends on who is MASTER before it.',
    refused ? 'error' : 'warning',
  );
  return found;
}
