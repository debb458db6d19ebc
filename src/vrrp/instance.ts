// One virtual router: (configuration, state, event, now) → (state, effects). Pure; the only door to its state machine.

import { announceAgainstLowerPriority } from './announcements.ts';
import { advertInBackup, tickBackup } from './backup.ts';
import type { InstanceConfig } from './config.ts';
import type { Draft } from './draft.ts';
import { masterDown, record, sendAdvert, update } from './draft.ts';
import { advertInMaster, removedInMaster, tickMaster } from './master.ts';
import { reconfigure, withdraw } from './reconfigure.ts';
import type { Conditions, InstanceEvent, InstanceState, Step } from './state.ts';
import { effectivePriority } from './timers.ts';
import { becomeBackup, becomeFault, becomeMaster, startOrRecover, stop } from './transitions.ts';
import type { Advert } from './validate.ts';

/** An instance before anything is known: INIT, held, no timers. */
export function initialState(config: InstanceConfig, now: number): InstanceState {
  return {
    state: 'INIT',
    since: now,
    cause: 'starting',
    conditions: {
      faults: [],
      hold: true,
      source: undefined,
      basePriority: config.priority,
      contribution: 0,
      preempt: config.preempt,
    },
    effectivePriority: config.priority,
    reduced: false,
    rogue: undefined,
    oldUnicastChecksum: false,
    ahSequence: 0,
    ahHeard: {},
    hmacHeard: {},
    masterIntervalUs: config.advertIntervalUs,
    master: undefined,
    lastAdvertSentAt: undefined,
    wantsMaster: false,
    masterDownAt: undefined,
    advertAt: undefined,
    preemptAt: undefined,
    announceAgainAt: undefined,
    refreshAt: undefined,
    lowerPrioAnnounceAt: undefined,
    extraAnnounceAt: undefined,
  };
}

/** Decides. Neither `state` nor `event` is changed; `now` is µs and never goes back. */
export function stepInstance(config: InstanceConfig, state: InstanceState, event: InstanceEvent, now: number): Step {
  const draft: Draft = { config, now, effects: [], state };
  switch (event.kind) {
    case 'conditionsChanged':
      conditionsChanged(draft, event.conditions);
      break;
    case 'advertReceived':
      // INIT and FAULT hear nothing.
      if (event.advert.oldUnicastChecksum) update(draft, { oldUnicastChecksum: true });
      rememberSequences(draft, event.advert);
      if (state.state === 'BACKUP') advertInBackup(draft, event.advert);
      else if (state.state === 'MASTER') advertInMaster(draft, event.advert);
      break;
    case 'ticked':
      if (state.state === 'BACKUP') tickBackup(draft, event.mayLead ?? true);
      else if (state.state === 'MASTER') tickMaster(draft);
      break;
    case 'groupMaster':
      if (state.state === 'BACKUP') becomeMaster(draft, `sync group: ${event.cause}`);
      break;
    case 'groupBackup':
      if (state.state === 'MASTER') becomeBackup(draft, `sync group: ${event.cause}`);
      break;
    case 'groupAnnounce':
      if (state.state === 'MASTER') announceAgainstLowerPriority(draft);
      break;
    case 'addressRemoved':
      if (state.state === 'MASTER') removedInMaster(draft, `VIP ${event.address}`);
      break;
    case 'policyRemoved':
      if (state.state === 'MASTER') removedInMaster(draft, event.what);
      break;
    case 'withdrawing':
      withdraw(draft, event.before);
      break;
    case 'reconfigured':
      reconfigure(draft, event.before);
      break;
    case 'reloading':
      if (state.state === 'MASTER') sendAdvert(draft);
      break;
    case 'deleted':
      stop(draft, 'DELETED');
      break;
    case 'stopped':
      stop(draft, 'STOP');
      break;
  }
  return { state: draft.state, effects: draft.effects };
}

/** When `ticked` is due next, µs; Infinity when no timer runs. */
export function nextDeadline(state: InstanceState): number {
  return Math.min(
    state.masterDownAt ?? Number.POSITIVE_INFINITY,
    state.advertAt ?? Number.POSITIVE_INFINITY,
    state.announceAgainAt ?? Number.POSITIVE_INFINITY,
    state.refreshAt ?? Number.POSITIVE_INFINITY,
    state.lowerPrioAnnounceAt ?? Number.POSITIVE_INFINITY,
    state.extraAnnounceAt ?? Number.POSITIVE_INFINITY,
  );
}

function rememberSequences(draft: Draft, { source, ahSequence, hmacSequence }: Advert): void {
  if (hmacSequence !== undefined) {
    update(draft, { hmacHeard: { ...draft.state.hmacHeard, [source]: hmacSequence } });
  }
  if (ahSequence === undefined) return;
  update(draft, {
    ahSequence: Math.max(draft.state.ahSequence, ahSequence),
    ahHeard: { ...draft.state.ahHeard, [source]: ahSequence },
  });
}

function conditionsChanged(draft: Draft, conditions: Conditions): void {
  const before = draft.state.conditions;
  // A resigning MASTER still speaks from the address it had.
  const source = conditions.source ?? (draft.state.state === 'MASTER' ? before.source : undefined);
  update(draft, { conditions: { ...conditions, source } });
  changePriority(draft);
  if (before.preempt !== conditions.preempt) update(draft, { preemptAt: undefined });
  if (conditions.faults.length > 0) {
    if (draft.state.state !== 'FAULT') becomeFault(draft);
    else update(draft, { cause: conditions.faults.map(({ text }) => text).join('; ') });
  } else if (!conditions.hold && draft.state.state === 'FAULT') {
    startOrRecover(draft, `fault cleared (${draft.state.cause})`);
  } else if (!conditions.hold && draft.state.state === 'INIT') {
    startOrRecover(draft, 'started');
  }
  update(draft, { conditions });
}

/** In BACKUP the running timer moves by the difference of the two master-down times (keepalived). */
function changePriority(draft: Draft): void {
  const { basePriority, contribution } = draft.state.conditions;
  const before = draft.state.effectivePriority;
  const after = draft.state.reduced ? before : effectivePriority(basePriority, contribution);
  if (before === after) return;
  const downBefore = masterDown(draft);
  update(draft, { effectivePriority: after });
  const { masterDownAt } = draft.state;
  if (masterDownAt !== undefined) update(draft, { masterDownAt: masterDownAt + masterDown(draft) - downBefore });
  record(draft, { about: 'priority', text: `Changing effective priority from ${before} to ${after}` });
  const { state } = draft.state;
  if (!draft.config.options?.notifyPriorityChanges || state === 'FAULT') return;
  draft.effects.push({ kind: 'notify', state: state === 'MASTER' ? 'MASTER_PRIORITY' : 'BACKUP_PRIORITY' });
}
