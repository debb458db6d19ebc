// The lines of vrrp_instance that few configurations have: each sets one option, most take a switch or one number.
import { parseAddress } from '../wire/address.ts';
import { readDevice } from './devices.ts';
import type { InstanceDraft, OptionsDraft } from './instance-draft.ts';
import type { Report } from './report.ts';
import type { Statement } from './statement.ts';
import { isSwitch, readInteger, readSwitch } from './values.ts';

type Reader = (statement: Statement, draft: InstanceDraft, report: Report) => void;

/** Reads one line into `draft.options`; false when the keyword is none of these. */
export function readInstanceOption(statement: Statement, draft: InstanceDraft, report: Report): boolean {
  const reader = Object.hasOwn(READERS, statement.known.name) ? READERS[statement.known.name] : undefined;
  reader?.(statement, draft, report);
  return reader !== undefined;
}

function flag(key: keyof OptionsDraft): Reader {
  return (_, draft) => void Object.assign(draft.options, { [key]: true });
}

function switched(key: keyof OptionsDraft): Reader {
  return (statement, draft, report) => {
    const value = readSwitch(statement, report);
    if (value !== undefined) Object.assign(draft.options, { [key]: value });
  };
}

function number(key: keyof OptionsDraft, min: number, max: number): Reader {
  return (statement, draft, report) => {
    const word = statement.words[0];
    if (word === undefined) return;
    const value = readInteger(word, statement.known.name, { min, max }, 'the line is ignored', report);
    if (value !== undefined) Object.assign(draft.options, { [key]: value });
  };
}

/** `garp_extra_if [all] SECONDS`. */
function readExtraInterval({ known, keyword, words }: Statement, _: InstanceDraft, report: Report): void {
  const [first] = words.filter(({ text }) => text !== 'all');
  if (first === undefined) report.error('missing-value', keyword, `${known.name} needs seconds after it`);
  else readInteger(first, known.name, { min: 0, max: 86_400 }, 'the line is ignored', report);
}

const READERS: Readonly<Record<string, Reader>> = {
  down_timer_adverts: number('downTimerAdverts', 1, 100),
  unicast_ttl: number('unicastTtl', 0, 255),
  debug: number('debug', 0, 4),
  lower_prio_no_advert: switched('lowerPrioNoAdvert'),
  higher_prio_send_advert: switched('higherPrioSendAdvert'),
  owner_ignore_adverts: switched('ownerIgnoreAdverts'),
  strict_mode: switched('strict'),
  v3_checksum_as_v2: switched('v3ChecksumAsV2'),
  smtp_alert: switched('smtpAlert'),
  notify_priority_changes: switched('notifyPriorityChanges'),
  // Any switch after it, even `no`, sets it: keepalived's own slip.
  skip_check_adv_addr: ({ words: [word] }, draft) => {
    if (word === undefined || isSwitch(word)) draft.options.skipCheckAdvertAddresses = true;
  },
  check_unicast_src: ({ keyword }, draft) => {
    draft.unicast ??= keyword;
    draft.options.checkUnicastSource = true;
  },
  dont_track_primary: flag('dontTrackPrimary'),
  promote_secondaries: flag('promoteSecondaries'),
  track_src_ip: flag('trackSource'),
  unicast_fault_no_peer: (_, draft) => {
    draft.faultWithoutPeer = true;
  },
  native_ipv6: ({ keyword }, draft, report) => {
    draft.family ??= 6;
    if (draft.family === 4) report.error('invalid-address', keyword, 'this instance is IPv4 because of an address');
  },
  no_virtual_ipaddress: (_, draft) => {
    draft.noAddresses = true;
  },
  garp_extra_if: readExtraInterval,
  vmac_garp_intvl: readExtraInterval,
  vmac_xmit_base: ({ keyword }, draft) => {
    draft.vmacXmitBase = keyword;
  },
  old_unicast_checksum: ({ keyword, words: [word] }, draft) => {
    draft.unicast ??= keyword;
    draft.options.oldUnicastChecksum = word?.text === 'never' ? 'never' : 'force';
  },
  timer_expired_backup: (statement, draft, report) => {
    if (statement.words.length === 0) draft.options.timerExpiredBackup = 254;
    else number('timerExpiredBackup', 1, 254)(statement, draft, report);
  },
  mcast_dst_ip: ({ words: [word] }, draft, report) => {
    if (word === undefined) return;
    const address = parseAddress(word.text);
    if (address !== undefined && /^(?:22[4-9]|23\d|ff)/i.test(address)) draft.group = address;
    else report.error('invalid-address', word, 'this is no multicast address; the line is ignored');
  },
  use_vmac: readDevice,
  use_ipvlan: readDevice,
  use_vmac_addr: (_, draft) => {
    draft.vmacAddresses = true;
  },
};
