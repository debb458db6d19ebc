// One instance in keepalived.data: the labels of keepalived 2.2.7 in its order, for what the engine knows.
import type { Command, InstanceConfig, TrackWeight } from '../vrrp/config.ts';
import { virtualMac } from '../wire/vrrp.ts';
import type { DumpContext } from './dump-data.ts';
import { dumpedAddress, dumpedCommand, dumpedTime, MASK, wallMicroseconds } from './dump-values.ts';
import type { EntrySnapshot, InstanceSnapshot, Snapshot } from './snapshot.ts';

/** Lines of the section `VRRP Topology` for an instance. */
export function dumpInstance(
  instance: InstanceConfig,
  shown: InstanceSnapshot,
  snapshot: Snapshot,
  context: DumpContext,
): readonly string[] {
  return [
    ` VRRP Instance = ${instance.name}`,
    ...stateLines(instance, shown),
    ...timeLines(instance, shown, snapshot, context),
    ...settingLines(instance, shown, context),
    ...announcementLines(instance),
    ...protocolLines(instance, shown),
    ...addressLines(instance, shown),
    ...unicastLines(instance),
    ...entryLines('   Virtual Routes :', shown.policy, 'route'),
    ...entryLines('   Virtual Rules :', shown.policy, 'rule'),
    ...trackLines('Tracked interfaces', instance.trackInterfaces),
    ...trackLines('Tracked scripts', instance.trackScripts),
    ...trackLines('Tracked files', instance.trackFiles, ','),
    ...trackLines('Tracked processes', instance.trackProcesses, ','),
    ...notifyLines(instance, context),
  ];
}

function stateLines(instance: InstanceConfig, shown: InstanceSnapshot): readonly string[] {
  const { master, state, version } = shown;
  const follows = state === 'BACKUP' && master !== undefined;
  return [
    `   VRRP Version = ${version}`,
    ...(shown.family === 6 ? ['   Using Native IPv6'] : []),
    ...(shown.syncGroup !== undefined ? [`   Sync group = ${shown.syncGroup}`] : []),
    `   State = ${state}`,
    ...(follows ? [`   Master router = ${master.address}`, `   Master priority = ${master.priority}`] : []),
    ...(follows && version === 3 ? [`   Master advert int = ${(shown.masterIntervalUs / 1e6).toFixed(2)} sec`] : []),
    ...flagLines(instance),
    `   Wantstate = ${state === 'INIT' ? instance.initialState : state}`,
    '   Number of config faults = 0',
    `   Number of interface and track script faults = ${shown.faults.length}`,
    `   Number of track scripts init = ${shown.trackers.filter(({ kind, ok }) => kind === 'script' && ok === undefined).length}`,
  ];
}

/** keepalived says none only where no option at all is set, though it lists some of them further down. */
function flagLines({ unicastPeers, vmac, addressDevices, options = {} }: InstanceConfig): readonly string[] {
  if (unicastPeers.length > 0) return ['   Flags:', '     Using unicast'];
  const devices = vmac !== undefined || addressDevices !== undefined;
  const others = devices || options.strict || options.dontTrackPrimary || options.skipCheckAdvertAddresses;
  return [others ? '   Flags:' : '   Flags: none'];
}

function timeLines(
  instance: InstanceConfig,
  shown: InstanceSnapshot,
  snapshot: Snapshot,
  context: DumpContext,
): readonly string[] {
  const { localTime } = context;
  const time = (at: number): string => {
    const microseconds = wallMicroseconds(at, snapshot);
    return `${dumpedTime(microseconds)} (${localTime(microseconds)})`;
  };
  const wakesAt = shown.state === 'MASTER' ? shown.advertAt : shown.masterDownAt;
  return [
    `   Last transition = ${time(shown.since)}`,
    `   Read timeout = ${wakesAt === undefined ? 'DISABLED' : time(wakesAt)}`,
    `   Master down timer = ${shown.masterDownUs} usecs`,
    ...interfaceLines(instance, context.links),
  ];
}

function interfaceLines(
  { interface: base, family, vrid, vmac, addressDevices }: InstanceConfig,
  links: DumpContext['links'],
): readonly string[] {
  const others = addressDevices === undefined ? [] : ['   Use VMAC for VIPs on other interfaces'];
  if (vmac === undefined) return [...others, `   Interface = ${base}`];
  const { name, kind, xmitBase } = vmac;
  const up = links.find((link) => link.name === name)?.up ?? false;
  const uses = `   Use VMAC, i/f name ${name}, is_up = ${up}, xmit_base = ${xmitBase}`;
  const over = `${name}, ${kind === 'macvlan' ? 'vmac' : 'ipvlan'} on ${base}${xmitBase ? ', xmit base i/f' : ''}`;
  const suffix = Number.parseInt(vmac.mac?.slice(-2) ?? '', 16) === vrid ? ' (using VRID)' : '';
  const mac = vmac.mac === virtualMac(vrid, family) ? [] : [`     MAC = ${vmac.mac}${suffix}`];
  return [...(kind === 'macvlan' ? [uses, ...mac] : []), ...others, `   Interface = ${over}`];
}

function settingLines(instance: InstanceConfig, shown: InstanceSnapshot, { links }: DumpContext): readonly string[] {
  const { options = {} } = instance;
  const index = links.find(({ name }) => name === instance.interface)?.index;
  const scope = instance.family === 6 && index !== undefined ? `, ifindex ${index}` : '';
  return [
    ...(options.dontTrackPrimary ? ['   VRRP interface tracking disabled'] : []),
    ...(options.skipCheckAdvertAddresses ? ['   Skip checking advert IP addresses'] : []),
    ...(options.strict ? ['   Enforcing strict VRRP compliance'] : []),
    `   Using src_ip = ${shown.source ?? '(none)'}${instance.source === undefined ? '' : ' (from configuration)'}`,
    ...(shown.unicast ? [] : [`   Multicast address ${instance.group}${scope}`]),
  ];
}

function announcementLines({ announcements: garp, options = {} }: InstanceConfig): readonly string[] {
  return [
    `   Gratuitous ARP delay = ${garp.delayUs / 1e6}`,
    `   Gratuitous ARP repeat = ${garp.repeat}`,
    `   Gratuitous ARP refresh = ${garp.refreshUs / 1e6}`,
    `   Gratuitous ARP refresh repeat = ${garp.refreshRepeat}`,
    `   Gratuitous ARP lower priority delay = ${garp.lowerPrioDelayUs / 1e6}`,
    `   Gratuitous ARP lower priority repeat = ${garp.lowerPrioRepeat}`,
    `   Down timer adverts = ${options.downTimerAdverts ?? 3}`,
    `   Send advert after receive lower priority advert = ${!(options.lowerPrioNoAdvert ?? false)}`,
    `   Send advert after receive higher priority advert = ${options.higherPrioSendAdvert ?? false}`,
  ];
}

function protocolLines(instance: InstanceConfig, shown: InstanceSnapshot): readonly string[] {
  const v3 = shown.version === 3;
  const total = shown.basePriority + shown.trackers.reduce((sum, { contribution }) => sum + contribution, 0);
  return [
    `   Virtual Router ID = ${shown.vrid}`,
    `   Priority = ${shown.basePriority}`,
    `   Effective priority = ${shown.effectivePriority}`,
    `   Total priority = ${total}`,
    `   Advert interval = ${v3 ? `${shown.advertIntervalUs / 1000} milli-sec` : `${shown.advertIntervalUs / 1e6} sec`}`,
    ...(v3 && shown.state === 'BACKUP'
      ? [`   Master advert interval = ${shown.masterIntervalUs / 1000} milli-sec`]
      : []),
    `   Accept = ${enabled(instance.accept)}`,
    `   Preempt = ${enabled(shown.preempt)}`,
    ...(shown.preemptDelayUs > 0 ? [`   Preempt delay = ${shown.preemptDelayUs / 1e6} secs`] : []),
    `   Promote_secondaries = ${enabled(instance.options?.promoteSecondaries ?? false)}`,
    ...(v3 ? [] : authenticationLines(instance)),
  ];
}

function authenticationLines({ password, ah }: InstanceConfig): readonly string[] {
  if (password === undefined) return ['   Authentication type = none'];
  return [`   Authentication type = ${ah ? 'IPSEC_AH' : 'SIMPLE_PASSWORD'}`, `   Password = ${MASK}`];
}

function addressLines(instance: InstanceConfig, shown: InstanceSnapshot): readonly string[] {
  const { addresses, excluded } = instance;
  const text = (vip: (typeof addresses)[number]) => `     ${dumpedAddress(vip, instance, shown)}`;
  return [
    ...(addresses.length > 0 ? [`   Virtual IP (${addresses.length}):`, ...addresses.map(text)] : []),
    ...(excluded.length > 0 ? ['   Virtual IP Excluded :', ...excluded.map(text)] : []),
  ];
}

function unicastLines({ unicastPeers, options = {} }: InstanceConfig): readonly string[] {
  if (unicastPeers.length === 0) return [];
  const compatibility = { force: 'yes', never: 'never', found: 'no' }[options.oldUnicastChecksum ?? 'found'];
  return [
    `   Unicast TTL = ${options.unicastTtl ?? 255}`,
    `   Check unicast src : ${options.checkUnicastSource ? 'yes' : 'no'}`,
    '   Unicast Peer :',
    ...unicastPeers.map((peer) => {
      const ttl = options.peerTtl?.[peer];
      return `     ${peer} min_ttl ${ttl?.min ?? 0} max_ttl ${ttl?.max ?? 255}`;
    }),
    `   Unicast checksum compatibility = ${compatibility}`,
  ];
}

/** Routes or rules under a heading; nothing when there are none. */
export function entryLines(
  heading: string,
  entries: readonly EntrySnapshot[],
  kind: EntrySnapshot['kind'],
): readonly string[] {
  const lines = entries.filter((entry) => entry.kind === kind);
  const present = (entry: EntrySnapshot) => (entry.kind === 'address' && entry.present ? ' set' : '');
  return lines.length === 0 ? [] : [heading, ...lines.map((entry) => `     ${entry.text}${present(entry)}`)];
}

/** What an instance or group tracks of a kind; keepalived puts a comma behind some names. */
export function trackLines(title: string, tracks: readonly TrackWeight[] = [], comma = ''): readonly string[] {
  if (tracks.length === 0) return [];
  return [`   ${title} :`, ...tracks.map((track) => `     ${track.name}${comma} ${weightText(track)}`)];
}

export function weightText({ weight, reverse }: Pick<TrackWeight, 'weight' | 'reverse'>): string {
  return `weight ${weight}${reverse ? ' reverse' : ''}`;
}

function notifyLines({ notify, options = {} }: InstanceConfig, context: DumpContext): readonly string[] {
  return [
    `   Using smtp notification = ${options.smtpAlert ? 'yes' : 'no'}`,
    `   Notify deleted = ${options.notifyDeleted ? 'Deleted' : 'Fault'}`,
    ...scriptLine('Backup', notify.backup, context),
    ...scriptLine('Master', notify.master, context),
    ...scriptLine('Fault', notify.fault, context),
    ...scriptLine('Stop', notify.stop, context),
    ...scriptLine('Deleted', notify.deleted, context),
    ...scriptLine('Generic', notify.any, context),
    ...scriptLine('Master rx lower pri', notify.masterRxLowerPri, context),
    `   Notify priority changes = ${options.notifyPriorityChanges ?? false}`,
  ];
}

/** The line of a notify script; none without it. */
export function scriptLine(event: string, command: Command | undefined, { identity }: DumpContext): readonly string[] {
  if (command === undefined) return [];
  return [`   ${event} state transition script = ${dumpedCommand(command)}, uid:gid ${identity(command)}`];
}

function enabled(value: boolean): string {
  return value ? 'enabled' : 'disabled';
}
