// When addresses are announced by gratuitous ARP or unsolicited NA (garp_master_*, garp_lower_prio_*; RFC 9568 §6.4.2).
import type { Draft } from './draft.ts';
import { update } from './draft.ts';

/** The burst on becoming MASTER, and the plan for the second burst and the refresh. */
export function announceAsMaster(draft: Draft): void {
  const { delayUs, repeat, refreshUs, extra } = draft.config.announcements;
  announce(draft, repeat);
  update(draft, {
    announceAgainAt: delayUs > 0 ? draft.now + delayUs : undefined,
    // Held in one place and cleared on leaving MASTER: keepalived 2.4 starts one more refresh chain at each mastership.
    refreshAt: refreshUs > 0 ? draft.now + delayUs + refreshUs : undefined,
    lowerPrioAnnounceAt: undefined,
    extraAnnounceAt: extra && draft.now + extra.intervalUs,
  });
}

/** After an advert of a lower priority was heard as MASTER: somebody may have poisoned the caches. */
export function announceAgainstLowerPriority(draft: Draft): void {
  const { lowerPrioDelayUs, lowerPrioRepeat } = draft.config.announcements;
  if (lowerPrioRepeat === 0) return;
  announce(draft, lowerPrioRepeat);
  update(draft, { lowerPrioAnnounceAt: lowerPrioDelayUs > 0 ? draft.now + lowerPrioDelayUs : undefined });
}

/** Announcements that are due. */
export function tickAnnouncements(draft: Draft): void {
  const { repeat, refreshUs, refreshRepeat, lowerPrioRepeat, extra } = draft.config.announcements;
  const { announceAgainAt, refreshAt, lowerPrioAnnounceAt, extraAnnounceAt } = draft.state;
  if (announceAgainAt !== undefined && announceAgainAt <= draft.now) {
    announce(draft, repeat);
    update(draft, { announceAgainAt: undefined });
  }
  if (refreshAt !== undefined && refreshAt <= draft.now) {
    announce(draft, refreshRepeat);
    update(draft, { refreshAt: draft.now + refreshUs });
  }
  if (lowerPrioAnnounceAt !== undefined && lowerPrioAnnounceAt <= draft.now) {
    announce(draft, lowerPrioRepeat);
    update(draft, { lowerPrioAnnounceAt: undefined });
  }
  if (extra !== undefined && extraAnnounceAt !== undefined && extraAnnounceAt <= draft.now) {
    announceElsewhere(draft, extra.all);
    update(draft, { extraAnnounceAt: draft.now + extra.intervalUs });
  }
}

/** Switches forget a MAC address from which nothing comes: one address on each interface where no adverts leave. */
function announceElsewhere({ config, effects }: Draft, all: boolean): void {
  const { interface: base, vmac, addressDevices = [], addresses, excluded } = config;
  const transport = vmac === undefined || vmac.xmitBase ? base : vmac.name;
  const devices = [...(vmac === undefined ? [] : [vmac]), ...addressDevices].map(({ name }) => name);
  const seen = new Set([transport]);
  const firsts = [...addresses, ...excluded].filter(({ interface: name }) => {
    const wanted = !seen.has(name) && (all || devices.includes(name));
    seen.add(name);
    return wanted;
  });
  if (firsts.length > 0) effects.push({ kind: 'announce', addresses: firsts });
}

/** Round after round over all addresses, excluded ones too, as keepalived does. */
function announce(draft: Draft, rounds: number): void {
  const all = [...draft.config.addresses, ...draft.config.excluded];
  if (all.length === 0 || rounds === 0) return;
  draft.effects.push({ kind: 'announce', addresses: Array.from({ length: rounds }, () => all).flat() });
}
