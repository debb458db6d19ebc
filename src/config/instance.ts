// Completion: what the lines of a vrrp_instance leave open is filled in, what cannot go together is mended or refused.
import type { InstanceConfig, VirtualAddress } from '../vrrp/config.ts';
import { addressFamily, type Family, type IpAddress, isLinkLocal } from '../wire/address.ts';
import type { AddressLine } from './addresses.ts';
import { completeDevices } from './devices.ts';
import { resolveGarp } from './garp.ts';
import type { Globals } from './globals.ts';
import { completeHmac } from './hmac.ts';
import type { InstanceDraft, OptionsDraft } from './instance-draft.ts';
import type { Report } from './report.ts';
import { isStrict, mendStrict } from './strict.ts';

/** VRRP counts addresses in one byte; of IPv6 fewer fit into the packet (keepalived's figure for an MTU of 1500). */
const MAX_ADDRESSES = { 4: 255, 6: 89 } as const;
const SECOND = 1_000_000;
const CENTISECOND = 10_000;
/** 12 bits of centiseconds. */
const MAX_INTERVAL_V3 = 40_950_000;
/** Bytes of an auth_pass on the wire. */
const MAX_PASSWORD = 8;

/** Completes a draft (keepalived's vrrp_complete_instance); undefined when the instance cannot run. */
export function completeInstance(draft: InstanceDraft, globals: Globals, report: Report): InstanceConfig | undefined {
  mendStrict(draft, globals, report);
  const family = draft.family ?? 4;
  const version = draft.version ?? (family === 6 ? 3 : globals.config.vrrpVersion);
  if (!checkRequired(draft, version, isStrict(draft, globals), report)) return undefined;
  dropWithoutInterface(draft, report);
  const name = draft.interface?.text ?? draft.vrf?.text ?? '';
  const priority = draft.priority ?? (draft.state?.value === 'MASTER' ? 255 : 100);
  const said = completeOptions(draft, globals, priority, report);
  const strict = said.strict ?? false;
  if (!strict) delete said.strict;
  const place = { base: name, family, strict };
  const { vmac, addressDevices, interfaceOf } = completeDevices(draft, globals, place, report);
  const { addresses, excluded } = placeAddresses(draft, interfaceOf, report);
  const garp = resolveGarp(draft.garp, globals.garp);
  const advertIntervalUs = completeInterval(draft, version, report);
  const signed = { advertIntervalUs, strict };
  const hmac = draft.hmac === undefined ? undefined : completeHmac(draft.hmac, signed, report);
  if (draft.hmac !== undefined && hmac === undefined) return undefined;
  const password = hmac === undefined ? completePassword(draft, version, family, report) : undefined;
  const initialState = completeState(draft, priority, strict, report);
  const { preempt, preemptDelayUs } = completePreemption(draft, priority, report);
  const accept = completeAccept(draft, version, priority === 255, strict, report);
  const config: Writable<InstanceConfig> = {
    name: draft.name.text,
    interface: name,
    family,
    version,
    vrid: draft.vrid!.value,
    priority,
    initialState,
    advertIntervalUs,
    preempt,
    preemptDelayUs,
    accept,
    unicastPeers: completePeers(draft, report),
    group: draft.group ?? (family === 4 ? globals.defaults.group4 : globals.defaults.group6) ?? DEFAULT_GROUP[family],
    addresses,
    excluded,
    trackScripts: draft.trackScripts.size === 0 ? NONE : [...draft.trackScripts.values()],
    trackInterfaces: completeTrackInterfaces(draft, name, report),
    announcements: strict ? { ...garp, lowerPrioDelayUs: 0, lowerPrioRepeat: 0 } : garp,
    notify: draft.notify,
  };
  if (draft.source !== undefined) config.source = draft.source;
  if (draft.routes.length > 0) config.routes = draft.routes;
  if (draft.rules.length > 0) config.rules = draft.rules;
  if (hmac !== undefined) config.hmac = hmac;
  if (password !== undefined && !strict) {
    config.password = password;
    if (draft.authType?.value === 'AH') config.ah = true;
  }
  addTrackers(config, draft);
  if (vmac !== undefined) config.vmac = vmac;
  if (addressDevices.length > 0) config.addressDevices = addressDevices;
  if (Object.keys(said).length > 0) config.options = said;
  return config;
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

const NONE: readonly never[] = [];

function addTrackers(config: Writable<InstanceConfig>, draft: InstanceDraft): void {
  if (draft.trackFiles.size > 0) config.trackFiles = [...draft.trackFiles.values()];
  if (draft.trackProcesses.size > 0) config.trackProcesses = [...draft.trackProcesses.values()];
  if (draft.trackBfds.size > 0) config.trackBfds = [...draft.trackBfds.values()];
}

const DEFAULT_GROUP = { 4: '224.0.0.18' as IpAddress, 6: 'ff02::12' as IpAddress } as const;

function completeState(
  draft: InstanceDraft,
  priority: number,
  strict: boolean,
  report: Report,
): InstanceConfig['initialState'] {
  if (draft.authType?.value === 'AH' && draft.authPass !== undefined) {
    if (draft.state?.value === 'MASTER' && priority !== 255) {
      report.warning('no-effect', draft.authType.at, 'an instance with auth_type AH begins as BACKUP');
    }
    return 'BACKUP';
  }
  if (strict || draft.state === undefined) return priority === 255 ? 'MASTER' : 'BACKUP';
  return draft.state.value;
}

/** The options that are said, by the instance or else by global_defs, and what strict mode makes of them. */
function completeOptions(draft: InstanceDraft, { defaults }: Globals, priority: number, report: Report): OptionsDraft {
  const {
    group4: _4,
    group6: _6,
    smtpAlertVrrp,
    smtpAlert,
    vmacPrefix: _prefix,
    vmacAddrPrefix: _addr,
    ...shared
  } = defaults;
  const mail = smtpAlertVrrp ?? smtpAlert;
  const merged: OptionsDraft = { ...shared, ...(mail === undefined ? {} : { smtpAlert: mail }), ...draft.options };
  if (draft.faultWithoutPeer && draft.unicast !== undefined && draft.peers.length === 0) merged.noPeerFault = true;
  if (draft.interface === undefined) merged.routed = true;
  if (draft.options.unicastTtl !== undefined && draft.peers.length === 0) {
    report.warning('no-effect', draft.closed ?? draft.name, 'unicast_ttl without a peer in unicast_peer is ignored');
    delete merged.unicastTtl;
  }
  const options: OptionsDraft = {};
  for (const key of Object.keys(merged) as (keyof OptionsDraft)[]) {
    if (merged[key] !== false || (shared as OptionsDraft)[key]) Object.assign(options, { [key]: merged[key] });
  }
  // Whoever has a device has that anyway.
  if (draft.device !== undefined) delete options.promoteSecondaries;
  if (!options.strict) return options;
  if (draft.authType !== undefined) {
    report.warning('no-effect', draft.authType.at, 'strict mode has no authentication: it is ignored');
  }
  if (draft.state !== undefined && (draft.state.value === 'MASTER') !== (priority === 255)) {
    report.warning(
      'no-effect',
      draft.state.at,
      'strict mode: state MASTER belongs to the address owner, and only to it',
    );
  }
  delete options.higherPrioSendAdvert;
  delete options.downTimerAdverts;
  return { ...options, lowerPrioNoAdvert: true };
}

/**
 * Whether a MASTER that does not own the addresses answers on them. keepalived: yes, but in strict mode only where it is
 * said, and then not in version 2.
 */
function completeAccept(
  { accept, seen }: InstanceDraft,
  version: 2 | 3,
  owner: boolean,
  strict: boolean,
  report: Report,
): boolean {
  if (accept === undefined) return !strict || owner;
  if (!accept || !strict || version === 3 || owner) return accept;
  report.warning('no-effect', seen.get('accept')!, 'strict mode of version 2 has no accept: it is ignored');
  return false;
}

/** False (and reported) when something is missing without which keepalived's VRRP process would end. */
function checkRequired(draft: InstanceDraft, version: 2 | 3, strict: boolean, report: Report): boolean {
  const { name } = draft;
  let usable = true;
  if (draft.vrid === undefined) {
    usable = false;
    // A line that is no good has been reported; then this would only repeat it.
    if (draft.seen.has('virtual_router_id')) report.cannotRun();
    else report.fatalError('missing-vrid', name, `instance ${name.text} has no virtual_router_id: it cannot run`);
  }
  if (draft.interface === undefined && !canDoWithoutInterface(draft, report)) usable = false;
  if (draft.addresses.length === 0 && (!draft.noAddresses || strict)) {
    const written = draft.seen.get('virtual_ipaddress');
    const message = `instance ${name.text} has no ${written === undefined ? '' : 'valid '}virtual_ipaddress`;
    if (version === 3 || strict) {
      usable = false;
      const what = version === 3 ? 'VRRPv3' : 'strict mode';
      report.fatalError('missing-address', written ?? name, `${message}: ${what} cannot run without`);
    } else report.warning('missing-address', written ?? name, `${message}: there is nothing to fail over`);
  }
  return usable;
}

/** Unicast needs none where its source is configured (keepalived since 2.2.8): the kernel finds the way. */
function canDoWithoutInterface({ name, seen, peers, source }: InstanceDraft, report: Report): boolean {
  if (seen.has('interface')) report.cannotRun();
  else if (peers.length === 0 || source === undefined) {
    const hint = peers.length > 0 ? 'unicast needs none if there is a unicast_src_ip' : undefined;
    report.fatalError('missing-interface', name, `instance ${name.text} has no interface: it cannot run`, { hint });
  } else if (addressFamily(source) === 6 && isLinkLocal(source)) {
    const message = `instance ${name.text} has no interface: a link-local source address needs one`;
    report.fatalError('missing-interface', name, message);
  } else {
    report.info('missing-interface', name, `instance ${name.text} has no interface: keepalived 2.2 refuses that`);
    return true;
  }
  return false;
}

/** What needs an interface where there is none, and the VRF where there is one. */
function dropWithoutInterface(draft: InstanceDraft, report: Report): void {
  if (draft.interface !== undefined) {
    if (draft.vrf !== undefined) report.warning('no-effect', draft.vrf, 'vrf is for unicast without interface only');
    delete draft.vrf;
    return;
  }
  if (draft.device !== undefined) {
    report.warning('no-effect', draft.device.at, `${draft.device.at.text} needs an interface: it is ignored`);
    delete draft.device;
  }
  for (const lines of [draft.addresses, draft.excluded]) {
    const placed = lines.filter(({ dev, at, address }) => {
      if (dev === undefined) report.error('missing-value', at, `${address} needs a dev: the instance has no interface`);
      return dev !== undefined;
    });
    lines.splice(0, lines.length, ...placed);
  }
}

/** µs: whole seconds for v2, hundredths up to 40.95 s for v3. */
function completeInterval(draft: InstanceDraft, version: 2 | 3, report: Report): number {
  if (draft.advertInterval === undefined) return SECOND;
  const { value, at } = draft.advertInterval;
  const unit = version === 2 ? SECOND : CENTISECOND;
  const rounded = Math.max(unit, Math.round(value / unit) * unit);
  if (version === 3 && rounded > MAX_INTERVAL_V3) {
    report.warning('out-of-range', at, 'VRRPv3 has intervals up to 40.95 seconds; 40.95 is used');
    return MAX_INTERVAL_V3;
  }
  if (rounded !== value) {
    const units = version === 2 ? 'VRRPv2 has whole seconds' : 'VRRPv3 has hundredths of a second';
    report.warning('invalid-number', at, `${units} only; ${rounded / SECOND} is used`, {
      hint: version === 2 ? "'version 3' has intervals of parts of a second, on all routers" : undefined,
    });
  }
  return rounded;
}

function completePreemption(
  draft: InstanceDraft,
  priority: number,
  report: Report,
): Pick<InstanceConfig, 'preempt' | 'preemptDelayUs'> {
  let preempt = draft.nopreempt === undefined;
  if (!preempt && (priority === 255 || draft.state?.value === 'MASTER')) {
    const why = priority === 255 ? 'an address owner (priority 255)' : 'state MASTER';
    report.warning('no-effect', draft.nopreempt!, `nopreempt does not go with ${why}: it is ignored`, {
      hint: priority === 255 ? undefined : "write 'state BACKUP' on all routers, the priorities decide who starts",
    });
    preempt = true;
  }
  const delay = draft.preemptDelay;
  if (delay === undefined || delay.value === 0) return { preempt, preemptDelayUs: 0 };
  const against = draft.state?.value === 'MASTER' ? 'state MASTER' : preempt ? undefined : 'nopreempt';
  if (against !== undefined) {
    report.warning('no-effect', delay.at, `preempt_delay does not go with ${against}: it is ignored`);
  }
  return { preempt, preemptDelayUs: against === undefined ? delay.value : 0 };
}

function completePassword(draft: InstanceDraft, version: 2 | 3, family: Family, report: Report): string | undefined {
  const { authType, authPass } = draft;
  if (authType === undefined) {
    if (authPass !== undefined) report.info('no-effect', authPass.at, 'auth_pass without auth_type has no effect');
    return undefined;
  }
  if (version === 3) {
    report.warning('no-effect', authType.at, 'VRRPv3 has no authentication: it is ignored');
    return undefined;
  }
  if (authPass === undefined || authPass.value === '') {
    report.warning('no-effect', authType.at, 'auth_type without auth_pass: there is no authentication');
    return undefined;
  }
  if (authType.value === 'AH' && family === 6) {
    // keepalived says so too, and goes on without.
    report.warning('no-effect', authType.at, 'auth_type AH is not possible over IPv6: there is no authentication');
    return undefined;
  }
  const bytes = new TextEncoder().encode(authPass.value);
  if (bytes.length <= MAX_PASSWORD) return authPass.value;
  return new TextDecoder().decode(bytes.subarray(0, MAX_PASSWORD));
}

function completePeers(draft: InstanceDraft, report: Report): InstanceConfig['unicastPeers'] {
  if (draft.unicast !== undefined && draft.peers.length === 0) {
    const message = `${draft.unicast.text} but no peer in unicast_peer`;
    if (draft.faultWithoutPeer) report.info('no-effect', draft.unicast, `${message}: the instance stays in FAULT`);
    else report.warning('deprecated', draft.unicast, `${message}: multicast is used`);
  }
  return draft.peers.length === 0 ? NONE : [...new Set(draft.peers)];
}

function completeTrackInterfaces(
  draft: InstanceDraft,
  name: string,
  report: Report,
): InstanceConfig['trackInterfaces'] {
  if (draft.trackInterfaces.size === 0) return NONE;
  return [...draft.trackInterfaces.values()]
    .filter(({ value, at }) => {
      if (value.name !== name) return true;
      report.warning(
        'no-effect',
        at,
        `${name} is the instance's own interface and tracked anyway; the line is ignored`,
      );
      return false;
    })
    .map(({ value }) => value);
}

/** Gives each address its interface; what does not fit into an advert is only set, not advertised. */
function placeAddresses(
  draft: InstanceDraft,
  interfaceOf: (line: AddressLine) => string,
  report: Report,
): Pick<InstanceConfig, 'addresses' | 'excluded'> {
  const unique = draft.addresses.length < 2 ? draft.addresses : withoutRepeated(draft.addresses, report);
  const most = MAX_ADDRESSES[draft.family ?? 4];
  const surplus = unique.length > most ? unique.slice(most) : NONE;
  if (surplus.length > 0) {
    const message = `an advert carries ${most} addresses: from here on they are set but not advertised`;
    report.warning('too-many-addresses', surplus[0]!.at, message);
  }
  const place = (line: AddressLine): VirtualAddress => ({
    interface: interfaceOf(line),
    address: line.address,
    prefix: line.prefix,
    scope: line.scope,
    ...line.options,
    ...(line.useVmac ? { useVmac: true } : {}),
  });
  return {
    addresses: (surplus.length > 0 ? unique.slice(0, most) : unique).map(place),
    excluded: surplus.length + draft.excluded.length === 0 ? NONE : [...surplus, ...draft.excluded].map(place),
  };
}

function withoutRepeated(lines: readonly AddressLine[], report: Report): readonly AddressLine[] {
  const seen = new Set<string>();
  return lines.filter((line) => {
    const fresh = !seen.has(line.address);
    seen.add(line.address);
    if (!fresh) report.info('duplicate', line.at, `${line.address} is in the list already; the line is ignored`);
    return fresh;
  });
}
