// Operator overrides: what they do, what they refuse, and that they take themselves back.
import { describe, expect, it } from 'vitest';
import { SECOND } from '../support/instance.ts';
import { lines, nodeConfig, testNode } from '../support/node.ts';

const DOWN_100 = 3_609_375;

describe('force FAULT', () => {
  it('makes a MASTER resign, and reverts after 120 s by itself', () => {
    const node = testNode(nodeConfig());
    node.runTo(DOWN_100);
    expect(node.command({ kind: 'force-fault', instance: 'VI_1' })).toBe('ok: VI_1: forced FAULT for 120 s');
    expect(node.instance()).toMatchObject({ state: 'FAULT', faults: ['forced by the operator'] });
    expect(node.snapshot().overrides).toMatchObject([
      { instance: 'VI_1', kind: 'force-fault', expiresAt: DOWN_100 + 120 * SECOND },
    ]);
    node.runTo(DOWN_100 + 120 * SECOND - 1);
    expect(node.instance().state).toBe('FAULT');
    expect(lines(node.runTo(DOWN_100 + 120 * SECOND))).toContain('override expired: forced FAULT');
    expect(node.instance().state).toBe('BACKUP');
  });

  it('of an unknown instance is refused', () => {
    expect(testNode(nodeConfig()).command({ kind: 'force-fault', instance: 'VI_9' })).toBe(
      'refused: there is no instance VI_9',
    );
  });
});

describe('priority', () => {
  it.each([
    [{ kind: 'set-priority', priority: 42 }, 42],
    [{ kind: 'set-priority', priority: 900 }, 254],
    [{ kind: 'set-priority', priority: -5 }, 1],
    [{ kind: 'add-priority', delta: -20 }, 80],
    [{ kind: 'add-priority', delta: 999 }, 254],
  ] as const)('%o', (order, expected) => {
    const node = testNode(nodeConfig());
    node.command({ ...order, instance: 'VI_1' });
    expect(node.instance()).toMatchObject({
      configuredPriority: 100,
      basePriority: expected,
      effectivePriority: expected,
    });
  });

  it('trackers still apply', () => {
    const config = nodeConfig([{ trackInterfaces: [{ name: 'eth0', weight: 7, reverse: false }] }]);
    const node = testNode(config);
    node.command({ kind: 'set-priority', instance: 'VI_1', priority: 50 });
    expect(node.instance()).toMatchObject({ basePriority: 50, effectivePriority: 57 });
  });

  it('of an owner is refused', () => {
    const node = testNode(nodeConfig([{ priority: 255 }]));
    expect(node.command({ kind: 'set-priority', instance: 'VI_1', priority: 1 })).toBe(
      'refused: VI_1 owns its addresses (priority 255): priority and preemption are fixed',
    );
  });

  it('a second one takes the place of the first', () => {
    const node = testNode(nodeConfig());
    node.command({ kind: 'add-priority', instance: 'VI_1', delta: 10 });
    node.command({ kind: 'add-priority', instance: 'VI_1', delta: 10 });
    expect(node.snapshot().overrides).toMatchObject([{ text: 'priority 100 -> 120' }]);
  });
});

describe('nopreempt and taking back', () => {
  it('toggles, and one command takes back all', () => {
    const node = testNode(nodeConfig());
    node.command({ kind: 'toggle-nopreempt', instance: 'VI_1' });
    node.command({ kind: 'set-priority', instance: 'VI_1', priority: 90, lastsUs: 10 * SECOND });
    expect(node.instance()).toMatchObject({ preempt: false, effectivePriority: 90 });
    expect(node.command({ kind: 'undo-all' })).toBe('ok: 2 overrides taken back');
    expect(node.instance()).toMatchObject({ preempt: true, effectivePriority: 100 });
    expect(node.command({ kind: 'undo' })).toBe('refused: there is no override to take back');
  });

  it('undo takes back the last one, or the one that is named', () => {
    const node = testNode(nodeConfig());
    node.command({ kind: 'set-priority', instance: 'VI_1', priority: 90 });
    node.command({ kind: 'toggle-nopreempt', instance: 'VI_1' });
    const [first] = node.snapshot().overrides;
    expect(node.command({ kind: 'undo', id: first!.id })).toBe('ok: VI_1: priority 100 -> 90 taken back');
    expect(node.command({ kind: 'undo' })).toBe('ok: VI_1: nopreempt on taken back');
    expect(node.snapshot().overrides).toEqual([]);
  });
});
