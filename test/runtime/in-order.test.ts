// The order in which effects are performed: contract for each instance, by turns among many.
import { expect, it } from 'vitest';
import type { EngineEffect } from '../../src/engine/event.ts';
import { inOrder } from '../../src/runtime/in-order.ts';

const place = (address: string) => ({ interface: 'eth0', address, prefix: 32, scope: 0 });

/** What becoming MASTER makes of an instance with two addresses. */
function promotion(instance: string): EngineEffect[] {
  const places = [place(`${instance}1`), place(`${instance}2`)];
  const record = { seq: 1, at: 0, level: 'info', kind: 'state', text: 'timeout', instance } as const;
  const fields = { version: 3, vrid: 1, priority: 100, intervalUs: 1, addresses: [] } as const;
  const advert = { fields, instance, interface: 'eth0', family: 4, source: 's', destinations: [] } as const;
  return [
    { kind: 'record', record },
    { kind: 'sendAdvert', ...advert },
    { kind: 'addAddresses', instance, addresses: places },
    { kind: 'announce', instance, announcements: [...places, ...places] },
    { kind: 'notifyFifo', paths: [], line: instance },
  ];
}

function told(effects: readonly EngineEffect[]): string[] {
  return effects.map((effect) => {
    if (effect.kind === 'announce') return `announce ${effect.announcements.map(({ address }) => address).join(' ')}`;
    if (effect.kind === 'record') return `record ${effect.record.instance}`;
    if (effect.kind === 'notifyFifo') return `notify ${effect.line}`;
    return `${effect.kind} ${'instance' in effect ? effect.instance : ''}`;
  });
}

it('one instance: advert, addresses, announcements, then lines and notifications', () => {
  expect(told(inOrder(promotion('a')))).toEqual([
    'sendAdvert a',
    'addAddresses a',
    'announce a1 a2 a1 a2',
    'record a',
    'notify a',
  ]);
});

it('many instances: all speak first, and each address is announced once before one is announced again', () => {
  const rounds = ['announce a1', 'announce b1', 'announce a2', 'announce b2'];
  expect(told(inOrder([...promotion('a'), ...promotion('b')]))).toEqual([
    ...['sendAdvert a', 'sendAdvert b', 'addAddresses a', 'addAddresses b'],
    ...rounds,
    ...rounds,
    ...['record a', 'notify a', 'record b', 'notify b'],
  ]);
});

it('nothing is moved where addresses go too: those that come may be the same', () => {
  const removal: EngineEffect = { kind: 'removeAddresses', instance: 'b', addresses: [place('a1')] };
  const effects = [...promotion('a'), removal, ...promotion('b')];
  expect(inOrder(effects)).toEqual(effects);
});
