// use_vmac, use_ipvlan and their kin: the interfaces that an instance makes for itself, under keepalived's names.
import type { InstanceConfig, VirtualDevice } from '../vrrp/config.ts';
import { addressFamily, type Family } from '../wire/address.ts';
import { virtualMac } from '../wire/vrrp.ts';
import { type AddressLine, MAX_NAME } from './addresses.ts';
import type { Globals } from './globals.ts';
import type { DeviceDraft, InstanceDraft } from './instance-draft.ts';
import type { Report } from './report.ts';
import { readHost } from './rules.ts';
import type { Statement, Word } from './statement.ts';
import { readInteger } from './values.ts';

const MODES: ReadonlySet<string> = new Set(['bridge', 'private', 'vepa']);
/** The addresses of RFC 9568 §7.3: only the VRID may choose among them. */
const STANDARD_MAC = /^00:00:5e:00:0[12]/;

/** Reads `use_vmac [[name] NAME] [MAC] [netlink_notify_msg] [group N]` or `use_ipvlan [[name] NAME] [ADDRESS] [MODE] …`. */
export function readDevice(statement: Statement, draft: InstanceDraft, report: Report): void {
  const { words, keyword, known } = statement;
  const before = draft.device;
  const kind = known.name === 'use_ipvlan' ? 'ipvlan' : 'macvlan';
  if (before !== undefined && (before.kind === 'ipvlan' || kind === 'ipvlan')) {
    const message = `${before.at.text} was given before: this line is ignored`;
    report.add('duplicate', before.kind === kind ? 'error' : 'info', keyword, message);
    return;
  }
  // What an earlier line said stays, its name above all.
  const device: DeviceDraft = { ...before, kind, at: keyword };
  draft.device = device;
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    const next = words[i + 1];
    if (word.text === 'netlink_notify_msg') continue;
    if (word.text === 'name' && next !== undefined) {
      readName(next, device, report);
      i += 1;
    } else if (word.text === 'group' && next !== undefined) {
      const range = { min: 0, max: 0xffffffff };
      const group = readInteger(next, 'the link group', range, 'the device is in none', report);
      if (group !== undefined) device.group = group;
      i += 1;
    } else if (!readValue(word, device, report)) readName(word, device, report);
  }
}

/** A word that is no name: a MAC address, or the address and the mode of an ipvlan. */
function readValue(word: Word, device: DeviceDraft, report: Report): boolean {
  const text = word.text.toLowerCase();
  if (device.kind === 'ipvlan') {
    const address = readHost(word.text);
    if (address !== undefined) device.address = address;
    else if (MODES.has(text)) device.mode = text as NonNullable<DeviceDraft['mode']>;
    else return false;
    return true;
  }
  if (!/^(?:[0-9a-f]{1,2}:){4,5}[0-9a-f]{1,2}$/.test(text)) return false;
  const mac = text.split(':').map((byte) => byte.padStart(2, '0'));
  if (mac.length === 6 && STANDARD_MAC.test(mac.join(':'))) {
    report.error('invalid-value', word, 'the VRID alone chooses among the addresses of RFC 9568: it is ignored');
  } else if ((Number.parseInt(mac[0]!, 16) & 1) !== 0) {
    report.error('invalid-value', word, 'a multicast address cannot be that of an interface: it is ignored');
  } else device.mac = mac.join(':');
  return true;
}

function readName(word: Word, device: DeviceDraft, report: Report): void {
  const { text } = word;
  if (text.length > MAX_NAME || text === '' || text === '.' || text === '..' || /[/:\s]/.test(text)) {
    const message = `'${text.slice(0, 64)}' cannot be the name of an interface: a name is made up`;
    report.error('out-of-range', word, message, { hint: `at most ${MAX_NAME} characters, none of them / or :` });
  } else if (device.name !== undefined) report.error('duplicate', word, 'the name was given before: this is ignored');
  else device.name = word;
}

export interface CompletedDevices {
  readonly vmac?: NonNullable<InstanceConfig['vmac']>;
  readonly addressDevices: readonly VirtualDevice[];
  /** The interface that carries an address. */
  interfaceOf(line: AddressLine): string;
}

/** Names the devices of an instance in the order in which keepalived does, and says which addresses are on which. */
export function completeDevices(
  draft: InstanceDraft,
  globals: Globals,
  { base, family, strict }: { readonly base: string; readonly family: Family; readonly strict: boolean },
  report: Report,
): CompletedDevices {
  const isPlain = draft.device === undefined && draft.vmacXmitBase === undefined && !draft.vmacAddresses;
  const wantsVmac = ({ useVmac }: AddressLine) => useVmac === true;
  if (isPlain && !draft.addresses.some(wantsVmac) && !draft.excluded.some(wantsVmac)) {
    return { addressDevices: [], interfaceOf: ({ dev }) => dev?.text ?? base };
  }
  const vrid = draft.vrid!.value;
  const vmac = completeVmac(draft, globals, { base, family, strict }, report);
  const devices = new Map<string, VirtualDevice>();
  const deviceOver = (dev: string, wanted: Family): string => {
    const key = `${dev} ${wanted}`;
    const known = devices.get(key);
    if (known !== undefined) return known.name;
    const name = freeName(globals.defaults.vmacAddrPrefix ?? globals.defaults.vmacPrefix, vrid, wanted, globals);
    devices.set(key, { name, autoName: true, base: dev, kind: 'macvlan', mac: virtualMac(vrid, wanted) });
    return name;
  };
  const place = (line: AddressLine): string => {
    const dev = line.dev?.text ?? base;
    const atHome = dev === base && line.family === family;
    // An ipvlan only speaks: its addresses are on the base, as in keepalived.
    if (atHome && vmac?.kind === 'macvlan') return vmac.name;
    return line.useVmac || (draft.vmacAddresses && !atHome) ? deviceOver(dev, line.family) : dev;
  };
  const placed = new Map([...draft.addresses, ...draft.excluded].map((line) => [line, place(line)]));
  return {
    ...(vmac === undefined ? {} : { vmac }),
    addressDevices: [...devices.values()],
    interfaceOf: (line) => placed.get(line)!,
  };
}

function completeVmac(
  draft: InstanceDraft,
  globals: Globals,
  { base, family, strict }: { readonly base: string; readonly family: Family; readonly strict: boolean },
  report: Report,
): InstanceConfig['vmac'] {
  const { device, vmacXmitBase, vrid, options } = draft;
  if (device === undefined || (device.kind === 'ipvlan' && vmacXmitBase !== undefined)) {
    if (vmacXmitBase !== undefined) {
      report.warning('no-effect', vmacXmitBase, 'vmac_xmit_base goes with use_vmac only: it is ignored');
    }
    if (device === undefined) return undefined;
  }
  if (options.promoteSecondaries) {
    report.warning('no-effect', device.at, 'promote_secondaries is set for a virtual MAC anyway: it is ignored');
  }
  const { kind, mode, group } = device;
  return {
    ...nameOf(draft, device, family, globals, report),
    base,
    kind,
    ...(mode === undefined ? {} : { mode }),
    ...(kind === 'macvlan' ? { mac: fullMac(device.mac, vrid!.value, family) } : {}),
    ...(group === undefined ? {} : { group }),
    ...ownAddress(device, family, report),
    xmitBase: kind === 'macvlan' && leavesByBase(draft, device, strict, report),
  };
}

function ownAddress({ address, at }: DeviceDraft, family: Family, report: Report): Pick<VirtualDevice, 'address'> {
  if (address === undefined) return {};
  if (family === 4 && addressFamily(address) === 4) return { address };
  report.warning('no-effect', at, 'the address of an ipvlan is of use over IPv4 only: it is ignored');
  return {};
}

function leavesByBase(draft: InstanceDraft, device: DeviceDraft, strict: boolean, report: Report): boolean {
  const { unicast, vmacXmitBase, closed } = draft;
  if (strict && vmacXmitBase !== undefined) {
    report.warning('no-effect', vmacXmitBase, 'strict mode sends adverts with the virtual MAC: it is ignored');
    return false;
  }
  // A keyword of unicast is enough, as for keepalived.
  if (unicast === undefined || vmacXmitBase !== undefined) return vmacXmitBase !== undefined;
  report.warning('no-effect', closed ?? device.at, 'unicast with use_vmac needs vmac_xmit_base: it is set');
  return true;
}

function nameOf(
  { name: instance, vrid }: InstanceDraft,
  { name }: DeviceDraft,
  family: Family,
  globals: Globals,
  report: Report,
): Pick<VirtualDevice, 'name' | 'autoName'> {
  const { vmacNames, defaults } = globals;
  if (name !== undefined && !vmacNames.has(name.text)) {
    vmacNames.add(name.text);
    return { name: name.text };
  }
  if (name !== undefined) {
    const message = `another device of this file is called ${name.text}: ${instance.text} gets a made-up name`;
    report.error('duplicate', name, message);
  }
  return { name: freeName(defaults.vmacPrefix, vrid!.value, family, globals), autoName: true };
}

/** `vrrp.51`; where that is taken `vrrp6.51` (IPv6), then `vrrp1.51` and so on. */
function freeName(prefix: string, vrid: number, family: Family, { vmacNames }: Globals): string {
  let name = `${prefix}.${vrid}`;
  if (family === 6 && vmacNames.has(name)) name = `${prefix}6.${vrid}`;
  for (let number = 1; vmacNames.has(name); number++) name = `${prefix}${number}.${vrid}`;
  vmacNames.add(name);
  return name;
}

/** Five bytes are a prefix: the VRID comes last. */
function fullMac(written: string | undefined, vrid: number, family: Family): string {
  if (written === undefined) return virtualMac(vrid, family);
  return written.length === 17 ? written : `${written}:${vrid.toString(16).padStart(2, '0')}`;
}
