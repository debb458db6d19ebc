// interface_up_down_delays: what a change of a link means, and when.
import { describe, expect, it } from 'vitest';
import type { LinkDelays } from '../../src/engine/config.ts';
import { SECOND } from '../support/instance.ts';
import { link, nodeConfig, testNode } from '../support/node.ts';

const eth0 = (change: Parameters<typeof link>[0]) =>
  ({ kind: 'linkChanged', name: 'eth0', link: link(change) }) as const;

function start(delays: LinkDelays) {
  const node = testNode({ ...nodeConfig([{ priority: 255 }]), linkDelays: { eth0: delays } });
  expect(node.instance().state).toBe('MASTER');
  return node;
}

describe('a link that goes down', () => {
  it('counts when it has been down for the delay', () => {
    const node = start({ downUs: SECOND, upUs: 0 });
    node.event(eth0({ up: false }));
    node.runTo(SECOND - 1);
    expect(node.instance().state).toBe('MASTER');
    node.runTo(SECOND);
    expect(node.instance()).toMatchObject({ state: 'FAULT', faults: ['interface eth0 is down'] });
  });

  it('does not count when it is up again before', () => {
    const node = start({ downUs: SECOND, upUs: 0 });
    node.event(eth0({ up: false }));
    node.runTo(SECOND - 1);
    node.event(eth0({ up: true }));
    node.runTo(9 * SECOND);
    expect(node.instance().state).toBe('MASTER');
  });

  it('counts from its first moment, whatever else changes meanwhile', () => {
    const node = start({ downUs: SECOND, upUs: 0 });
    node.event(eth0({ up: false }));
    node.runTo(SECOND / 2);
    node.event(eth0({ up: false, ips: ['10.0.0.1', '10.0.0.9'] }));
    node.runTo(SECOND);
    expect(node.instance().state).toBe('FAULT');
  });

  it('counts at once when the interface is gone', () => {
    const node = start({ downUs: SECOND, upUs: SECOND });
    node.event({ kind: 'linkChanged', name: 'eth0', link: undefined });
    expect(node.instance().state).toBe('FAULT');
    node.event(eth0({ up: true, index: 9 }));
    expect(node.instance().state).toBe('BACKUP');
  });
});

describe('a link that comes up', () => {
  it.each([
    [0, 'BACKUP'],
    [SECOND, 'FAULT'],
  ])('with a delay of %i µs is at first believed %s', (upUs, state) => {
    const node = start({ downUs: 0, upUs });
    node.event(eth0({ up: false }));
    node.event(eth0({ up: true }));
    expect(node.instance().state).toBe(state);
    node.runTo(SECOND);
    expect(node.instance().state).toBe('BACKUP');
  });
});
