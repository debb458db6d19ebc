// What a MASTER does with an advert, with its timer, and when an address is taken away (RFC 9568 §6.4.3).
import type { IpAddress } from '../wire/address.ts';
import { compareAddresses } from '../wire/address.ts';
import { RESIGN_PRIORITY } from '../wire/vrrp.ts';
import { announceAgainstLowerPriority, tickAnnouncements } from './announcements.ts';
import type { Draft } from './draft.ts';
import { countAhSequence, record, sendAdvert, skew, update } from './draft.ts';
import { countAgainstRogue, meetRogue, yieldAsOwner } from './owner.ts';
import { masterDownTime } from './timers.ts';
import { becomeBackup } from './transitions.ts';
import type { Advert } from './validate.ts';

export function advertInMaster(draft: Draft, advert: Advert): void {
  if (advert.priority === RESIGN_PRIORITY) {
    // RFC 9568 §6.4.3 (640): somebody else resigned; everyone shall see that we are here.
    record(draft, { text: `${advert.source} sent priority 0`, limit: `priority-0 ${advert.source}` });
    return advertiseNow(draft);
  }
  meetRogue(draft, advert);
  const ours = draft.state.effectivePriority;
  const order = advert.priority - ours || compareWithSource(draft, advert.source);
  if (order > 0) return yieldTo(draft, advert);
  if (order === 0) {
    record(draft, {
      level: 'warning',
      text: `received an advert with our own address ${advert.source} and priority ${ours}: is this VRID used twice?`,
      limit: 'own-address',
    });
    return;
  }
  record(draft, {
    text: `Received advert from ${advert.source} with lower priority ${advert.priority}, ours ${ours}, forcing new election`,
    limit: `lower ${advert.source}`,
  });
  // keepalived leaves out a number here, so that what we send now is new to the loser in any case.
  if (draft.config.ah) countAhSequence(draft);
  // RFC 9568 §6.4.3 (745): the loser learns of us at once.
  if (!draft.config.options?.lowerPrioNoAdvert) advertiseNow(draft);
  announceAgainstLowerPriority(draft);
  draft.effects.push({ kind: 'notify', state: 'MASTER_RX_LOWER_PRI' });
}

/** Address decides between two MASTERs of equal priority only: the greater one stays. */
function compareWithSource(draft: Draft, address: IpAddress): number {
  return compareAddresses(address, draft.state.conditions.source!);
}

/** RFC 9568 §6.4.3 (705): no priority 0, the better one speaks already. */
function yieldTo(draft: Draft, advert: Advert): void {
  const { config, state, now } = draft;
  const equal = advert.priority === state.effectivePriority;
  const why = equal ? 'equal priority and greater address' : `higher priority ${advert.priority}`;
  record(draft, { text: `Master received advert from ${advert.source} with ${why}, ours ${state.effectivePriority}` });
  if (config.options?.higherPrioSendAdvert) sendAdvert(draft);
  yieldAsOwner(draft, advert);
  if (config.version === 3) update(draft, { masterIntervalUs: advert.intervalUs });
  becomeBackup(draft, `${advert.source} has ${why}`);
  update(draft, { master: { address: advert.source, priority: advert.priority, lastAdvertAt: now } });
}

/** Sends and starts the interval anew. Only sending does: keepalived also does it for packets that it rejects. */
function advertiseNow(draft: Draft): void {
  sendAdvert(draft);
  countAgainstRogue(draft);
  update(draft, { advertAt: draft.now + draft.config.advertIntervalUs });
}

/** RFC 9568 §6.4.3 (620): the advert timer. The schedule is absolute, so that lateness does not add up. */
export function tickMaster(draft: Draft): void {
  const { config, state, now } = draft;
  if (isOverdue(draft)) {
    record(draft, { level: 'warning', about: 'state', text: 'The advert timer is late: a peer must have taken over' });
    return becomeBackup(draft, 'its advert timer was late (timer_expired_backup)');
  }
  if (state.advertAt !== undefined && state.advertAt <= now) {
    sendAdvert(draft);
    countAgainstRogue(draft);
    const next = state.advertAt + config.advertIntervalUs;
    update(draft, { advertAt: next > now ? next : now + config.advertIntervalUs });
  }
  tickAnnouncements(draft);
}

/** timer_expired_backup N: has a peer of priority N had the time to take over since our last advert? */
function isOverdue({ config, state, now }: Draft): boolean {
  const priority = config.options?.timerExpiredBackup;
  if (priority === undefined || state.conditions.preempt || state.lastAdvertSentAt === undefined) return false;
  return now - state.lastAdvertSentAt >= masterDownTime(config.version, priority, config.advertIntervalUs);
}

/** Somebody removed what we hold. keepalived: resign, and come back after skew if nobody better does. */
export function removedInMaster(draft: Draft, what: string): void {
  const text = `${what} was removed by another program`;
  record(draft, { level: 'warning', about: 'address', text });
  sendAdvert(draft, RESIGN_PRIORITY);
  becomeBackup(draft, text, skew(draft));
}
