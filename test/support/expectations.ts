// What the tests expect of a lab again and again: who holds the virtual addresses, and who is silent.
import { expect } from 'vitest';
import { sleep, until } from './host.ts';
import type { Lab } from './lab.ts';
import { VIP } from './router-config.ts';

/** Within a second the host has all of these addresses in its kernel, or none of them. */
export async function expectHolds(
  lab: Lab,
  host: number,
  holds: boolean,
  addresses: readonly string[] = [VIP],
): Promise<void> {
  await until(`host ${host} ${holds ? 'holds' : 'has dropped'} ${addresses.join(', ')}`, 1000, async () => {
    const present = await lab.addresses(host);
    return addresses.every((address) => present.includes(address) === holds);
  });
}

/** A host sends no advert at all, not even priority 0, from `after` (ms since the epoch) until so many ms from now. */
export async function expectSilent(lab: Lab, host: number, after: number, milliseconds: number): Promise<void> {
  await sleep(milliseconds);
  const adverts = [...lab.wire.adverts({ from: host, after }), ...lab.wire.adverts({ from: host, after, priority: 0 })];
  expect(adverts.length, `adverts of host ${host}, which should be silent`).toBe(0);
}

/** The announcement of every address follows an advert of a new MASTER within 150 ms. */
export async function expectAnnounced(
  lab: Lab,
  host: number,
  after: number,
  addresses: readonly string[] = [VIP],
): Promise<void> {
  for (const address of addresses) {
    const first = await until(`announcement of ${address}`, 1000, () => {
      return lab.wire.announcements({ from: host, after: after - 1, address })[0];
    });
    expect(first.at - after, `ms from advert to announcement of ${address}`).toBeLessThan(150);
  }
}
