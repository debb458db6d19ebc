// What we resolved, under the labels of keepalived's dump (`keepalived -d`), to be compared with it.

import type { NodeConfig, ScriptConfig } from '../../src/engine/config.ts';
import { addressText as dumpedAddress } from '../../src/engine/dump-values.ts';
import { routeText, ruleText } from '../../src/engine/policy-text.ts';
import type { Command, InstanceConfig, VirtualAddress } from '../../src/vrrp/config.ts';

export type Dump = Readonly<Record<string, string | readonly string[]>>;

/** Of an interface that is not there yet (dynamic_interfaces) keepalived does not name the base. */
function interfaceText({ interface: base, vmac }: InstanceConfig, present: ReadonlySet<string>): string {
  if (vmac === undefined) return base;
  if (!present.has(base)) return vmac.name;
  const kind = vmac.kind === 'macvlan' ? 'vmac' : 'ipvlan';
  return `${vmac.name}, ${kind} on ${base}${vmac.xmitBase ? ', xmit base i/f' : ''}`;
}

function addressText(address: VirtualAddress, { vmac, addressDevices = [] }: InstanceConfig): string {
  const over = [vmac, ...addressDevices].find((one) => one?.name === address.interface);
  return dumpedAddress(address, over === undefined ? address.interface : `${over.name}@${over.base}`);
}

const seconds = (microseconds: number) => String(microseconds / 1_000_000);
const onOff = (value: boolean) => (value ? 'enabled' : 'disabled');

/** An instance under the labels of the dump. */
export function dumpInstance(instance: InstanceConfig, config: NodeConfig, present: ReadonlySet<string>): Dump {
  const { announcements: garp, version, advertIntervalUs: interval, options = {} } = instance;
  const unicast = instance.unicastPeers.length > 0;
  const tracked = (list: readonly { name: string; weight: number; reverse: boolean }[], separator = '') =>
    list.map((one) => `${one.name}${separator} weight ${one.weight}${one.reverse ? ' reverse' : ''}`);
  const group = config.syncGroups?.find(({ members }) => members.includes(instance.name));
  const password = instance.password;
  const dump: Record<string, string | readonly string[]> = {
    Interface: interfaceText(instance, present),
    Flags: flagsOf(instance),
    'Virtual Router ID': String(instance.vrid),
    Priority: String(instance.priority),
    Wantstate: instance.initialState,
    'VRRP Version': String(version),
    'Advert interval': version === 3 ? `${interval / 1000} milli-sec` : `${seconds(interval)} sec`,
    Preempt: onOff(instance.preempt),
    Accept: onOff(instance.accept),
    'Gratuitous ARP delay': seconds(garp.delayUs),
    'Gratuitous ARP repeat': String(garp.repeat),
    'Gratuitous ARP refresh': seconds(garp.refreshUs),
    'Gratuitous ARP refresh repeat': String(garp.refreshRepeat),
    'Gratuitous ARP lower priority delay': seconds(garp.lowerPrioDelayUs),
    'Gratuitous ARP lower priority repeat': String(garp.lowerPrioRepeat),
    'Virtual IP': [...instance.addresses, ...instance.excluded].map((address) => addressText(address, instance)),
    'Down timer adverts': String(options.downTimerAdverts ?? 3),
    'Number of config faults': '0',
    Promote_secondaries: onOff(options.promoteSecondaries ?? false),
    'Notify deleted': options.notifyDeleted ? 'Deleted' : 'Fault',
    'Notify priority changes': String(options.notifyPriorityChanges ?? false),
    'Using smtp notification': options.smtpAlert ? 'yes' : 'no',
    'Send advert after receive higher priority advert': String(options.higherPrioSendAdvert ?? false),
    'Send advert after receive lower priority advert': String(!(options.lowerPrioNoAdvert ?? false)),
    'Tracked scripts': tracked(instance.trackScripts),
    'Tracked interfaces': tracked(instance.trackInterfaces),
    'Virtual Routes': (instance.routes ?? []).map(routeText),
    'Virtual Rules': (instance.rules ?? []).map(ruleText),
    'Tracked files': tracked(instance.trackFiles ?? [], ','),
    'Tracked processes': tracked(instance.trackProcesses ?? [], ','),
  };
  if (version === 2) {
    dump['Authentication type'] = password === undefined ? 'none' : instance.ah ? 'IPSEC_AH' : 'SIMPLE_PASSWORD';
    if (password !== undefined) dump.Password = password;
  }
  if (instance.preemptDelayUs > 0) dump['Preempt delay'] = `${seconds(instance.preemptDelayUs)} secs`;
  if (group !== undefined) dump['Sync group'] = group.name;
  // keepalived prints the BFD sessions on lines of their own: under the label stands nothing.
  if (instance.trackBfds !== undefined) dump['Tracked BFDs'] = '';
  if (options.debug) dump['Debug level'] = String(options.debug);
  if (unicast) {
    dump['Unicast Peer'] = instance.unicastPeers.map((peer) => {
      const ttl = options.peerTtl?.[peer];
      return `${peer} min_ttl ${ttl?.min ?? 0} max_ttl ${ttl?.max ?? 255}`;
    });
    dump['Unicast checksum compatibility'] =
      { force: 'yes', never: 'never' }[options.oldUnicastChecksum as 'force'] ?? 'no';
    dump['Check unicast src'] = options.checkUnicastSource ? 'yes' : 'no';
    dump['Unicast TTL'] = String(options.unicastTtl ?? 255);
  }
  return dump;
}

/** `none` only when keepalived keeps no flag at all: some flags are told on lines of their own. */
function flagsOf({ unicastPeers, preempt, vmac, source, options = {} }: InstanceConfig): string | readonly string[] {
  if (unicastPeers.length > 0) return ['Using unicast'];
  const isFlagged =
    source !== undefined ||
    !preempt ||
    vmac !== undefined ||
    options.dontTrackPrimary ||
    options.promoteSecondaries ||
    options.skipCheckAdvertAddresses;
  return isFlagged ? [] : 'none';
}

/** The words after the program: where that lies is the host's. */
const quoted = ({ argv }: Command) =>
  argv
    .slice(1)
    .map((word) => `'${word}'`)
    .join(' ');

/** A notify script under the labels of the dump. */
export function dumpNotify({ notify }: Pick<InstanceConfig, 'notify'>): Dump {
  const scripts = { Backup: notify.backup, Master: notify.master, Fault: notify.fault, Stop: notify.stop };
  return Object.fromEntries(
    Object.entries(scripts).flatMap(([state, command]) =>
      command === undefined ? [] : [[`${state} state transition script`, quoted(command)]],
    ),
  );
}

/** A vrrp_script under the labels of the dump. */
export function dumpScript(script: ScriptConfig): Dump {
  return {
    Command: quoted(script.command),
    Interval: `${seconds(script.intervalUs)} sec`,
    Timeout: `${script.timeoutUs === script.intervalUs ? 0 : seconds(script.timeoutUs)} sec`,
    Weight: `${script.weight}${script.reverse ? ' reverse' : ''}`,
    Rise: String(script.rise),
    Fall: String(script.fall),
  };
}
