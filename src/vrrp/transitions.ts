// Entering and leaving states. The order of the effects is contract: advert, addresses, announcements, notify.
import { OWNER_PRIORITY, RESIGN_PRIORITY } from '../wire/vrrp.ts';
import { announceAsMaster } from './announcements.ts';
import type { Draft } from './draft.ts';
import { masterDown, record, sendAdvert, skew, update } from './draft.ts';
import { restoreOwner } from './owner.ts';
import { addPolicy, removePolicy } from './policy.ts';
import type { InstanceState, VrrpState } from './state.ts';

const NO_TIMERS = {
  masterDownAt: undefined,
  advertAt: undefined,
  preemptAt: undefined,
  announceAgainAt: undefined,
  refreshAt: undefined,
  lowerPrioAnnounceAt: undefined,
  extraAnnounceAt: undefined,
  rogue: undefined,
  wantsMaster: false,
} satisfies Partial<InstanceState>;

/** RFC 9568 §6.4.2 (320): send an advert, take the addresses, announce them, start the advert timer. */
export function becomeMaster(draft: Draft, cause: string): void {
  const { config, now } = draft;
  restoreOwner(draft);
  enter(draft, 'MASTER', cause);
  sendAdvert(draft);
  draft.effects.push({ kind: 'addAddresses', addresses: [...config.addresses, ...config.excluded] });
  addPolicy(draft);
  announceAsMaster(draft);
  update(draft, {
    advertAt: now + config.advertIntervalUs,
    wantsMaster: true,
    master: undefined,
    masterIntervalUs: config.advertIntervalUs,
  });
  report(draft, 'MASTER', cause);
}

/** RFC 9568 §6.4.1: start listening. `downUs` is how long to wait for a MASTER. */
export function becomeBackup(draft: Draft, cause: string, downUs?: number): void {
  releaseAddresses(draft);
  enter(draft, 'BACKUP', cause);
  update(draft, { masterDownAt: timersFrom(draft) + (downUs ?? masterDown(draft)) });
  report(draft, 'BACKUP', cause);
}

/** Now, or the end of vrrp_startup_delay. */
function timersFrom({ state, now }: Draft): number {
  return Math.max(now, state.conditions.notBefore ?? now);
}

/** Out of INIT or FAULT (vrrp-fsm: start, last fault cleared). */
export function startOrRecover(draft: Draft, cause: string): void {
  const { config, state } = draft;
  update(draft, { masterIntervalUs: config.advertIntervalUs, master: undefined });
  if (state.conditions.basePriority !== OWNER_PRIORITY || draft.state.reduced) return becomeBackup(draft, cause);
  // RFC 9568 §6.4.1 (110): the owner is MASTER at once; after a FAULT keepalived lets one interval and skew pass.
  const group = state.conditions.syncGroup;
  if (group === 'mixed') return becomeBackup(draft, cause);
  if (state.state === 'INIT') {
    if (timersFrom(draft) > draft.now || group !== undefined) return becomeBackup(draft, cause, 0);
    return becomeMaster(draft, `${cause}, owner of the addresses`);
  }
  becomeBackup(draft, cause, config.advertIntervalUs + skew(draft));
}

/**
 * A MASTER resigns by priority 0, twice as keepalived does, so that one lost packet does not cost a master-down
 * time; for the fault of another member of its sync group once. */
export function becomeFault(draft: Draft): void {
  const faults = draft.state.conditions.faults.map(({ text }) => text).join('; ');
  if (draft.state.state === 'MASTER' && !linkDown(draft)) {
    sendAdvert(draft, RESIGN_PRIORITY);
    if (draft.state.conditions.faults.some(({ kind }) => kind !== 'group')) sendAdvert(draft, RESIGN_PRIORITY);
  }
  releaseAddresses(draft);
  enter(draft, 'FAULT', faults);
  update(draft, { master: undefined });
  report(draft, 'FAULT', faults);
}

/** RFC 9568 §6.4.3 (600), §6.4.2 (300) Shutdown: only a MASTER says goodbye. */
export function stop(draft: Draft, told: 'STOP' | 'DELETED'): void {
  if (draft.state.state === 'MASTER') sendAdvert(draft, RESIGN_PRIORITY);
  releaseAddresses(draft);
  enter(draft, 'INIT', 'stopped');
  update(draft, { master: undefined });
  record(draft, { about: 'state', text: told === 'STOP' ? 'Stopped' : 'Deleted', state: 'STOP' });
  draft.effects.push({ kind: 'notify', state: told });
}

function linkDown(draft: Draft): boolean {
  return draft.state.conditions.faults.some(({ kind }) => kind === 'interface');
}

/** Only a MASTER holds addresses, routes and rules. */
function releaseAddresses(draft: Draft): void {
  if (draft.state.state !== 'MASTER') return;
  removePolicy(draft);
  draft.effects.push({ kind: 'removeAddresses', addresses: [...draft.config.excluded, ...draft.config.addresses] });
}

function enter(draft: Draft, state: VrrpState, cause: string): void {
  update(draft, { ...NO_TIMERS, state, since: draft.now, cause });
}

function report(draft: Draft, state: VrrpState, cause: string): void {
  const level = state === 'FAULT' ? 'warning' : 'info';
  record(draft, { level, about: 'state', text: `Entering ${state} STATE`, state, cause });
  draft.effects.push({ kind: 'notify', state });
}
