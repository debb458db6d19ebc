// What a BACKUP does with an advert and with silence (RFC 9568 §6.4.2; vrrp-fsm of keepalived: vrrp_state_backup).
import { OWNER_PRIORITY, RESIGN_PRIORITY } from '../wire/vrrp.ts';
import type { Draft } from './draft.ts';
import { masterDown, record, skew, update } from './draft.ts';
import { restoreOwner } from './owner.ts';
import type { InstanceState } from './state.ts';
import { becomeMaster } from './transitions.ts';
import type { Advert } from './validate.ts';

export function advertInBackup(draft: Draft, advert: Advert): void {
  const { now } = draft;
  if (advert.priority === RESIGN_PRIORITY) {
    // RFC 9568 §6.4.2 (430): the MASTER resigns; whoever has the shortest skew is next.
    update(draft, { masterDownAt: now + skew(draft), master: speaker(draft, advert) });
    record(draft, { text: `${advert.source} sent priority 0` });
    return;
  }
  if (advert.priority !== OWNER_PRIORITY) restoreOwner(draft);
  if (accepts(draft, advert)) return follow(draft, advert);
  // RFC 9568 §6.4.2 (455): a lower priority is not followed, so the timer runs out and we take over.
  update(draft, { master: speaker(draft, advert) });
  record(draft, {
    text: `received lower priority (${advert.priority}) advert from ${advert.source} - discarding (ours ${draft.state.effectivePriority})`,
    limit: 'lower-priority',
  });
}

/** nopreempt, or not below us, or preempt_delay is set and not over yet. */
function accepts(draft: Draft, advert: Advert): boolean {
  const { config, state, now } = draft;
  if (!state.conditions.preempt || advert.priority >= state.effectivePriority) return true;
  return config.preemptDelayUs > 0 && (state.preemptAt === undefined || state.preemptAt > now);
}

/** RFC 9568 §6.4.2 (440): learn the interval (v3), start the timer anew, remember who it is. */
function follow(draft: Draft, advert: Advert): void {
  const { config, now } = draft;
  const before = draft.state.master;
  if (config.version === 3) update(draft, { masterIntervalUs: advert.intervalUs });
  update(draft, {
    master: speaker(draft, advert),
    wantsMaster: false,
    masterDownAt: now + masterDown(draft),
  });
  if (before?.address !== advert.source) {
    record(draft, {
      text: `master is ${advert.source} with priority ${advert.priority}`,
      limit: `master ${advert.source}`,
    });
  }
  delayPreemption(draft, advert);
}

/** preempt_delay counts from the first advert of lower priority (keepalived, not the RFC). */
function delayPreemption(draft: Draft, advert: Advert): void {
  const { config, state, now } = draft;
  if (config.preemptDelayUs === 0 || !state.conditions.preempt) return;
  if (advert.priority >= state.effectivePriority) {
    update(draft, { preemptAt: undefined });
  } else if (state.preemptAt === undefined) {
    update(draft, { preemptAt: now + config.preemptDelayUs });
    record(draft, { text: `start preempt delay (${config.preemptDelayUs / 1_000_000} s)` });
  }
}

function speaker({ now }: Draft, { source, priority }: Advert): InstanceState['master'] {
  return { address: source, priority, lastAdvertAt: now };
}

/** RFC 9568 §6.4.2 (315): the timer has run out. */
export function tickBackup(draft: Draft, mayLead: boolean): void {
  const { masterDownAt } = draft.state;
  if (masterDownAt === undefined || masterDownAt > draft.now) return;
  if (!mayLead) {
    // keepalived: a member of a sync group waits, a full timer at a time, until the others want it too.
    update(draft, { wantsMaster: true, masterDownAt: draft.now + masterDown(draft) });
    return record(draft, {
      about: 'state',
      text: 'Receive advertisement timeout, waiting for the sync group',
      limit: 'group',
    });
  }
  record(draft, { about: 'state', text: 'Receive advertisement timeout' });
  becomeMaster(draft, whyNow(draft));
}

function whyNow({ state, now }: Draft): string {
  const { master, effectivePriority, masterIntervalUs } = state;
  if (master === undefined) return 'master-down timer expired, no master heard';
  if (master.priority === RESIGN_PRIORITY) return `${master.address} resigned (priority 0)`;
  const speaksStill = now - master.lastAdvertAt < 2 * masterIntervalUs;
  if (master.priority < effectivePriority && speaksStill) {
    return `preempts ${master.address}, whose priority ${master.priority} is lower`;
  }
  return `master-down timer expired, ${master.address} silent`;
}
