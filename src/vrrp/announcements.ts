// When addresses are announced by gratuitous ARP or unsolicited NA (garp_master_*, garp_lower_prio_*; RFC 9568 §6.4.2).
import type { Draft } from './draft.ts';
import { update } from './draft.ts';

/** The burst on becoming MASTER, and the plan for the second burst and the refresh. */
export function announceAsMaster(draft: Draft): void {
  const { delayUs, repeat, refreshUs } = draft.config.announcements;
  announce(draft, repeat);
  update(draft, {
    announceAgainAt: delayUs > 0 ? draft.now + delayUs : undefined,
    // Held in one place and cleared on leaving MASTER: keepalived 2.4 starts one more refresh chain at each mastership.
    refreshAt: refreshUs > 0 ? draft.now + delayUs + refreshUs : undefined,
    lowerPrioAnnounceAt: undefined,
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
  const { repeat, refreshUs, refreshRepeat, lowerPrioRepeat } = draft.config.announcements;
  const { announceAgainAt, refreshAt, lowerPrioAnnounceAt } = draft.state;
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
}

/** Round after round over all addresses, excluded ones too, as keepalived does. */
function announce(draft: Draft, rounds: number): void {
  const all = [...draft.config.addresses, ...draft.config.excluded];
  if (all.length === 0 || rounds === 0) return;
  draft.effects.push({ kind: 'announce', addresses: Array.from({ length: rounds }, () => all).flat() });
}
