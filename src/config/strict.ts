// What strict mode (vrrp_strict, strict_mode) has no room for: it is taken out of an instance, and said.
import { isLinkLocal } from '../wire/address.ts';
import type { Globals } from './globals.ts';
import type { InstanceDraft } from './instance-draft.ts';
import type { Report } from './report.ts';
import type { Word } from './statement.ts';

export function isStrict({ options }: InstanceDraft, { defaults }: Globals): boolean {
  return options.strict ?? defaults.strict ?? false;
}

/** Before anything of the instance is completed. Nothing happens without strict mode. */
export function mendStrict(draft: InstanceDraft, globals: Globals, report: Report): void {
  if (!isStrict(draft, globals)) return;
  const { seen, options, garp, device, addresses } = draft;
  const ignore = (at: Word | undefined, what: string): void => {
    if (at !== undefined) report.warning('no-effect', at, `strict mode ${what}: it is ignored`);
  };
  if (draft.family === 6 && draft.version === 2) {
    report.warning('no-effect', seen.get('version')!, 'strict mode has no IPv6 in version 2: version 3 is used');
    draft.version = 3;
  }
  if (draft.preemptDelay !== undefined && draft.preemptDelay.value > 0) {
    ignore(draft.preemptDelay.at, 'has no preempt_delay');
    delete draft.preemptDelay;
  }
  if (options.downTimerAdverts !== undefined) ignore(seen.get('down_timer_adverts'), 'counts three adverts');
  if (options.lowerPrioNoAdvert === false) {
    ignore(seen.get('lower_prio_no_advert'), 'does not answer an advert of lower priority');
  }
  if (options.higherPrioSendAdvert) ignore(seen.get('higher_prio_send_advert'), 'does not answer a higher priority');
  if (garp.lowerPrioRepeat) ignore(seen.get('garp_lower_prio_repeat'), 'announces nothing for a lower priority');
  if (device?.mac !== undefined) {
    ignore(device.at, 'has the MAC address of the VRID only');
    delete device.mac;
  }
  const first = draft.family === 6 ? addresses[0] : undefined;
  if (first !== undefined && !isLinkLocal(first.address)) {
    report.warning('no-effect', first.at, 'the first IPv6 address has to be link-local in strict mode');
  }
}
