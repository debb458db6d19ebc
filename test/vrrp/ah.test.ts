// auth_type AH: which rung of the ladder refuses, and how the one counter of sequence numbers goes on.
import { describe, expect, it } from 'vitest';
import type { InstanceConfig } from '../../src/vrrp/config.ts';
import type { InstanceEffect } from '../../src/vrrp/state.ts';
import { type Arrival, validate } from '../../src/vrrp/validate.ts';
import { encodeAh } from '../../src/wire/ah.ts';
import { decodeVrrp } from '../../src/wire/decode-vrrp.ts';
import { encodeAdvert } from '../../src/wire/encode-vrrp.ts';
import type { AdvertFields } from '../../src/wire/vrrp.ts';
import { drive, instanceConfig, master, SECOND } from '../support/instance.ts';

const AH = { password: 'secret', ah: true } as const;
const IP = { family: 4, source: '10.0.0.2', destination: '224.0.0.18', ttl: 255, id: 7 } as const;
const FIELDS: AdvertFields = {
  version: 2,
  vrid: 51,
  priority: 150,
  addresses: ['10.0.0.100'],
  intervalUs: SECOND,
  password: 'secret',
};

interface Case {
  readonly config?: Partial<InstanceConfig>;
  /** Of the header; absent: 5. */
  readonly sequence?: number;
  readonly key?: string;
  /** The header is left out on the way, or the message says another type than that it came behind one. */
  readonly without?: 'header' | 'type';
  readonly arrival?: Partial<Arrival>;
}

function judge({ config = AH, sequence = 5, key = 'secret', without, arrival }: Case): string {
  const message = encodeAdvert({ ...FIELDS, ...(without !== 'type' && { ahSequence: sequence }) }, IP);
  const decoded = decodeVrrp(message, IP);
  if (!decoded.ok) return decoded.reason;
  const ah = { id: IP.id, sequence, bytes: encodeAh(message, { sequence, password: key }, IP) };
  const verdict = validate(instanceConfig(config), decoded.value, {
    ...IP,
    lastSequence: 4,
    ...(without !== 'header' && { ah }),
    ...arrival,
  });
  return verdict.ok ? `ok ${verdict.advert.ahSequence}` : verdict.reason;
}

describe('an advert behind an Authentication Header is', () => {
  it.each<[string, Case, string]>([
    ['accepted with our password and a new number', {}, 'ok 5'],
    ['accepted when numbers were lost', { sequence: 0xffffffff }, 'ok 4294967295'],
    ['accepted when it is the first', { sequence: 1, arrival: { lastSequence: 0 } }, 'ok 1'],
    ['refused where PASS is configured', { config: { password: 'secret' } }, 'auth-type-mismatch'],
    ['refused where nothing is configured', { config: {} }, 'auth-type-mismatch'],
    ['refused by version 3', { config: { version: 3 } }, 'auth-type-mismatch'],
    ['refused for that before its TTL', { config: {}, arrival: { ttl: 64 } }, 'auth-type-mismatch'],
    ['refused for its TTL before its password', { key: 'public', arrival: { ttl: 64 } }, 'ttl'],
    ['refused when the message says PASS', { without: 'type' }, 'auth-type-mismatch'],
    ['refused with another password', { key: 'public' }, 'auth-failure'],
    ['refused from another address than it was made for', { arrival: { source: '10.0.0.3' } }, 'auth-failure'],
    ['refused with the number of the last', { sequence: 4 }, 'auth-failure'],
    ['refused with a number before the last', { sequence: 3 }, 'auth-failure'],
    [
      'refused for its number before its interval',
      { config: { ...AH, advertIntervalUs: 2 * SECOND }, sequence: 4 },
      'auth-failure',
    ],
    ['refused for another interval', { config: { ...AH, advertIntervalUs: 2 * SECOND } }, 'interval'],
  ])('%s', (_title, given, expected) => expect(judge(given)).toBe(expected));

  it('missed where it is configured: a bare advert is refused', () => {
    expect(judge({ without: 'header' })).toBe('auth-type-mismatch');
  });
});

const numbers = (effects: readonly InstanceEffect[]): readonly (number | undefined)[] =>
  effects.flatMap((effect) => (effect.kind === 'sendAdvert' ? [effect.fields.ahSequence] : []));

describe('the sequence number', () => {
  it('counts up from 1 with every advert', () => {
    const router = drive(AH);
    expect(numbers(router.runTo(router.state().masterDownAt! + 2 * SECOND))).toEqual([1, 2, 3]);
  });

  it('goes on from what was heard as BACKUP, so that a takeover is new to all', () => {
    const router = drive(AH);
    router.hear({ priority: 200, ahSequence: 41 });
    expect(numbers(router.runTo(router.state().masterDownAt!))).toEqual([42]);
  });

  it('of a MASTER that hears a lower priority is above theirs at once (keepalived: theirs + 1, then the next)', () => {
    const router = master({ ...AH, priority: 200 });
    expect(numbers(router.hear({ priority: 100, ahSequence: 500 }))).toEqual([502]);
    expect(numbers(router.runTo(router.now() + SECOND))).toEqual([503]);
  });

  it('is remembered for each sender, and ours never goes back', () => {
    const router = drive(AH);
    router.hear({ priority: 200, ahSequence: 41 });
    router.hear({ priority: 210, ahSequence: 9, source: '10.0.0.3' });
    expect(router.state()).toMatchObject({ ahSequence: 41, ahHeard: { '10.0.0.2': 41, '10.0.0.3': 9 } });
  });

  it('is not sent without auth_type AH', () => {
    expect(numbers(master({ password: 'secret' }).runTo(60 * SECOND))).not.toContainEqual(expect.any(Number));
  });
});
