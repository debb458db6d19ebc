// auth_hmac in a simulated cluster: who shares the key elects as ever, who does not is not heard.
import { expect, it } from 'vitest';
import type { HmacConfig } from '../../src/vrrp/config.ts';
import { instance, router, SECOND } from './builders.ts';
import { tell } from './story.ts';

const hmac = (byte: string, change: Partial<HmacConfig> = {}): HmacConfig => ({
  keys: [{ id: 1, hex: byte.repeat(32) }],
  activeKey: 1,
  antiReplay: 'time',
  windowSeconds: 5,
  mode: 'enforce',
  ...change,
});
const two = (first: HmacConfig | undefined, second: HmacConfig) =>
  [241, 200].map((priority, i) => {
    const own = i === 0 ? first : second;
    return router(i + 1, [instance({ priority, ...(own && { hmac: own }) })]);
  });
const lines = (text: string) => text.trim().split(/\n\s*/);
const told = (first: HmacConfig | undefined, second: HmacConfig) =>
  lines(tell(two(first, second), 16 * SECOND, [{ kind: 'stop', host: 'lb1', at: 10 * SECOND, until: 15 * SECOND }]));

it('election, handover by priority 0 and the return with the same key', () => {
  expect(told(hmac('a1'), hmac('a1')).slice(0, 7)).toEqual(
    lines(`
       0.000  lb1 BACKUP
       0.000  lb2 BACKUP
       3.059  lb1 MASTER
      10.000  stop lb1
      10.000  lb1 sends priority 0
      10.000  lb1 STOP
      10.219  lb2 MASTER
    `),
  );
});

it('with another key, or with none, both are MASTER', () => {
  for (const first of [hmac('b2'), undefined]) {
    expect(() => told(first, hmac('a1'))).toThrow('lb1 and lb2 have been MASTER for too long');
  }
});

it('in between, permissive hears who does not sign yet', () => {
  expect(told(undefined, hmac('a1', { mode: 'receive-only' }))).toContain('10.219  lb2 MASTER');
});
