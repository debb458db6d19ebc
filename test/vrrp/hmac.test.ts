// auth_hmac: which rung of the ladder refuses.
import { describe, expect, it } from 'vitest';
import type { HmacConfig, InstanceConfig } from '../../src/vrrp/config.ts';
import { type Arrival, validate } from '../../src/vrrp/validate.ts';
import { decodeVrrp } from '../../src/wire/decode-vrrp.ts';
import { encodeAdvert } from '../../src/wire/encode-vrrp.ts';
import { signAdvert } from '../../src/wire/hmac.ts';
import { drive, instanceConfig, SECOND } from '../support/instance.ts';

const WALL = 1_795_000_000_000;
const hex = (byte: string) => byte.repeat(32);
const HMAC: HmacConfig = {
  keys: [
    { id: 1, hex: hex('a1') },
    { id: 2, hex: hex('b2') },
  ],
  activeKey: 1,
  antiReplay: 'time',
  windowSeconds: 5,
  mode: 'enforce',
};
const IP = { family: 4, source: '10.0.0.2', destination: '224.0.0.18', ttl: 255 } as const;

interface Case {
  readonly hmac?: Partial<HmacConfig>;
  readonly config?: Partial<InstanceConfig>;
  readonly keyId?: number;
  readonly key?: string;
  /** Seconds that the sender's clock is ahead. */
  readonly ahead?: number;
  readonly arrival?: Partial<Arrival>;
  readonly unsigned?: boolean;
  readonly change?: (payload: Uint8Array) => unknown;
}

const at = (seconds: number): bigint => BigInt(WALL / 1000 + seconds) << 32n;

function judge({ hmac, config, keyId = 1, key = 'a1', ahead = 0, arrival, unsigned, change }: Case): string {
  const fields = { version: 3, vrid: 51, priority: 150, addresses: ['10.0.0.100'], intervalUs: SECOND } as const;
  const message = encodeAdvert(fields, IP);
  const bytes = new Uint8Array(32).fill(Number.parseInt(key, 16));
  const facts = { ...IP, version: 3, vrid: 51 };
  const payload = unsigned ? message : signAdvert(message, { keyId, key: bytes }, at(ahead), facts);
  change?.(payload);
  const decoded = decodeVrrp(payload, IP);
  if (!decoded.ok) return decoded.reason;
  const own = instanceConfig({ version: 3, hmac: { ...HMAC, ...hmac }, ...config });
  const verdict = validate(own, decoded.value, { ...IP, payload, wallTime: WALL, ...arrival });
  return verdict.ok ? `ok ${verdict.advert.hmacSequence === undefined ? 'unsigned' : 'signed'}` : verdict.reason;
}

describe('a signed advert is', () => {
  it.each<[string, Case, string]>([
    ['accepted', {}, 'ok signed'],
    ['accepted with any of our keys', { keyId: 2, key: 'b2' }, 'ok signed'],
    ['accepted when it is newer than the last', { arrival: { lastHmac: at(0) - 1n } }, 'ok signed'],
    ['refused when it is the last once more', { arrival: { lastHmac: at(0) } }, 'hmac-replay'],
    ['accepted when the last is of a clock that was wrong', { arrival: { lastHmac: at(6) } }, 'ok signed'],
    [
      'refused then too with anti_replay monotonic',
      { hmac: { antiReplay: 'monotonic' }, arrival: { lastHmac: at(6) } },
      'hmac-replay',
    ],
    ['refused with a key of another number', { keyId: 3 }, 'hmac-unknown-key'],
    ['refused with another key', { key: 'b2' }, 'hmac-wrong'],
    ['refused from another sender', { arrival: { source: '10.0.0.3' } }, 'hmac-wrong'],
    ['refused when it was changed', { change: (payload) => payload.fill(200, 2, 3) }, 'hmac-wrong'],
    ['refused when it is of another kind', { change: (payload) => payload.fill(2, 12, 13) }, 'hmac-malformed'],
    ['accepted at the edge of the window', { ahead: -5 }, 'ok signed'],
    ['refused behind it', { ahead: -6 }, 'hmac-stale'],
    ['refused before it', { ahead: 6 }, 'hmac-stale'],
    ['accepted at any time with anti_replay monotonic', { hmac: { antiReplay: 'monotonic' }, ahead: 999 }, 'ok signed'],
    ['refused by who has no auth_hmac', { config: { hmac: undefined } as never }, 'length'],
    ['refused for its TTL before its signature', { key: 'b2', arrival: { ttl: 64 } }, 'ttl'],
  ])('%s', (_title, given, expected) => expect(judge(given)).toBe(expected));
});

describe('an advert without a signature is', () => {
  it.each([
    ['enforce', 'hmac-missing'],
    ['permissive', 'ok unsigned'],
    ['receive-only', 'ok unsigned'],
  ] as const)('with mode %s: %s', (mode, expected) => {
    expect(judge({ unsigned: true, hmac: { mode } })).toBe(expected);
  });
});

describe('our own adverts', () => {
  it.each([
    ['enforce', { keyId: 1, key: new Uint8Array(32).fill(0xa1), windowSeconds: 5 }],
    ['permissive', { keyId: 1, key: new Uint8Array(32).fill(0xa1), windowSeconds: 5 }],
    ['receive-only', undefined],
  ] as const)('with mode %s', (mode, expected) => {
    const driver = drive({ version: 3, hmac: { ...HMAC, mode } });
    const advert = driver.runTo(4 * SECOND).find((effect) => effect.kind === 'sendAdvert');
    expect(advert?.fields.hmac).toEqual(expected);
  });
});
