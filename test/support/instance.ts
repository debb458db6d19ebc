// A virtual router for tests: a configuration with defaults, and a driver that steps it and keeps what it asked for.
import type { InstanceConfig } from '../../src/vrrp/config.ts';
import { initialState, nextDeadline, stepInstance } from '../../src/vrrp/instance.ts';
import type { Conditions, Fault, InstanceEffect, InstanceEvent, InstanceState } from '../../src/vrrp/state.ts';
import type { Advert } from '../../src/vrrp/validate.ts';

export const SECOND = 1_000_000;
export const OWN = '10.0.0.1';
export const PEER = '10.0.0.2';

export function instanceConfig(change: Partial<InstanceConfig> = {}): InstanceConfig {
  return {
    name: 'VI_1',
    interface: 'eth0',
    family: 4,
    version: 2,
    vrid: 51,
    priority: 100,
    initialState: 'BACKUP',
    advertIntervalUs: SECOND,
    preempt: true,
    preemptDelayUs: 0,
    accept: true,
    unicastPeers: [],
    group: '224.0.0.18',
    addresses: [{ interface: 'eth0', address: '10.0.0.100', prefix: 32, scope: 0 }],
    excluded: [],
    trackScripts: [],
    trackInterfaces: [],
    announcements: {
      delayUs: 5 * SECOND,
      repeat: 5,
      refreshUs: 0,
      refreshRepeat: 1,
      lowerPrioDelayUs: 5 * SECOND,
      lowerPrioRepeat: 5,
    },
    notify: {},
    ...change,
  };
}

export interface Driver {
  readonly config: InstanceConfig;
  state(): InstanceState;
  now(): number;
  /** Lets time pass to `at` (µs), ticking at each deadline; returns all effects of that time. */
  runTo(at: number): readonly InstanceEffect[];
  /** Nothing runs until `at`, then one tick: SIGSTOP, a suspended machine. */
  stallUntil(at: number): readonly InstanceEffect[];
  event(event: InstanceEvent): readonly InstanceEffect[];
  hear(advert: Partial<Advert>): readonly InstanceEffect[];
  conditions(change: Partial<Conditions>): readonly InstanceEffect[];
}

/** Starts at time 0, in INIT; `start: true` (default) clears the hold at once. */
export function drive(change: Partial<InstanceConfig> = {}, { start = true }: { start?: boolean } = {}): Driver {
  const config = instanceConfig(change);
  let now = 0;
  let state = initialState(config, now);
  const event = (happened: InstanceEvent): readonly InstanceEffect[] => {
    const step = stepInstance(config, deepFreeze(state), deepFreeze(happened), now);
    state = step.state;
    return step.effects;
  };
  const driver: Driver = {
    config,
    state: () => state,
    now: () => now,
    event,
    runTo(at) {
      const effects: InstanceEffect[] = [];
      while (nextDeadline(state) <= at) {
        now = Math.max(now, nextDeadline(state));
        effects.push(...event({ kind: 'ticked' }));
      }
      now = at;
      return effects;
    },
    stallUntil(at) {
      now = at;
      return event({ kind: 'ticked' });
    },
    hear: (advert) =>
      event({
        kind: 'advertReceived',
        advert: { source: PEER, priority: 150, intervalUs: config.advertIntervalUs, addressesDiffer: false, ...advert },
      }),
    conditions: (changed) => event({ kind: 'conditionsChanged', conditions: { ...state.conditions, ...changed } }),
  };
  if (start) driver.conditions({ hold: false, source: OWN });
  return driver;
}

/** A router that has become MASTER at its master-down time. */
export function master(change: Partial<InstanceConfig> = {}): Driver {
  const driver = drive(change);
  driver.runTo(driver.state().masterDownAt ?? 0);
  if (driver.state().state !== 'MASTER') throw new Error('the driver did not become MASTER');
  return driver;
}

export function fault(text = 'script chk failed', kind: Fault['kind'] = 'script'): Fault {
  return { kind, key: `${kind} ${text}`, text };
}

/** `sendAdvert 100`, `addAddresses 10.0.0.100`, `announce 5`, `notify MASTER`: one word and what matters. Records are left out. */
export function brief(effects: readonly InstanceEffect[]): readonly string[] {
  return effects.flatMap((effect) => {
    switch (effect.kind) {
      case 'sendAdvert':
        return [`sendAdvert ${effect.fields.priority}`];
      case 'addAddresses':
      case 'removeAddresses':
        return [`${effect.kind} ${effect.addresses.map(({ address }) => address).join(' ')}`];
      case 'addPolicy':
      case 'removePolicy':
        return [`${effect.kind} ${effect.entries.map(({ kind }) => kind).join(' ')}`];
      case 'announce':
        return [`announce ${effect.addresses.length}`];
      case 'notify':
        return [`notify ${effect.state}`];
      case 'record':
        return [];
    }
  });
}

export function texts(effects: readonly InstanceEffect[]): readonly string[] {
  return effects.flatMap((effect) => (effect.kind === 'record' ? [effect.text] : []));
}

/** A step that writes into what it was given throws. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value) || ArrayBuffer.isView(value)) return value;
  Object.freeze(value);
  for (const inner of Object.values(value)) deepFreeze(inner);
  return value;
}
