// What a reload means for notify FIFOs, the scripts that read them, and instances that are gone.
import { describe, expect, it } from 'vitest';
import type { NodeConfig, NotifyFifoConfig } from '../../src/engine/config.ts';
import type { EngineEffect } from '../../src/engine/event.ts';
import type { InstanceConfig } from '../../src/vrrp/config.ts';
import { nodeConfig, testNode } from '../support/node.ts';
import { group, timeline } from './timelines.ts';

const reader = (name: string) => ({ argv: [name], text: name });

function withFifos(...notifyFifos: readonly NotifyFifoConfig[]): NodeConfig {
  const config = nodeConfig();
  return { ...config, globals: { ...config.globals, notifyFifos } };
}

/** `open /run/a`, `close /run/a`, `start /bin/r /run/a`, `SIGTERM 2`. */
function told(effects: readonly EngineEffect[]): readonly string[] {
  return effects.flatMap((effect) => {
    if (effect.kind === 'openFifo') return [`open ${effect.fifo.path}`];
    if (effect.kind === 'closeFifo') return [`close ${effect.path}`];
    if (effect.kind === 'startScript') return [`start ${effect.run.argv.join(' ')}`];
    if (effect.kind === 'signalScript') return [`${effect.signal} ${effect.id}`];
    return [];
  });
}

describe('the FIFOs of another configuration', () => {
  const a = { path: '/run/a', script: reader('/bin/r') };
  it.each<[string, readonly NotifyFifoConfig[], readonly string[]]>([
    ['the same one is looked at, its script goes on', [a], ['open /run/a']],
    ['gone', [], ['SIGTERM 1', 'close /run/a']],
    ['another path', [{ ...a, path: '/run/b' }], ['SIGTERM 1', 'close /run/a', 'open /run/b', 'start /bin/r /run/b']],
    ['another script', [{ ...a, script: reader('/bin/q') }], ['SIGTERM 1', 'open /run/a', 'start /bin/q /run/a']],
    ['no script any more', [{ path: a.path }], ['SIGTERM 1', 'open /run/a']],
  ])('%s', (_title, after, expected) => {
    const node = testNode(withFifos(a), undefined, { scriptsEnd: false });
    expect(told(node.reload(withFifos(...after)))).toEqual(expected);
  });
});

describe('an instance that a reload takes away', () => {
  const gone = (options: InstanceConfig['options']) => {
    const left = { name: 'VI_2', vrid: 52, priority: 1 };
    const notify = { deleted: reader('/bin/gone'), fault: reader('/bin/fault'), any: reader('/bin/any') };
    const story = timeline([{ priority: 255, notify, ...(options && { options }) }, left]);
    const { globals } = withFifos({ path: '/run/fifo' });
    const effects = story.node.reload({ ...nodeConfig([left]), globals });
    const adverts = effects.flatMap((effect) => (effect.kind === 'sendAdvert' ? [effect.fields.priority] : []));
    return { line: story.told.at(-1), scripts: told(effects).filter((each) => each.startsWith('start')), adverts };
  };

  it('is told of as FAULT', () => {
    expect(gone(undefined)).toMatchObject({
      line: '0.00 INSTANCE "VI_1" FAULT 255',
      scripts: ['start /bin/fault', 'start /bin/any INSTANCE VI_1 FAULT 255'],
    });
  });

  it('is told of as DELETED with notify_deleted, and resigns', () => {
    expect(gone({ notifyDeleted: true })).toEqual({
      line: '0.00 INSTANCE "VI_1" DELETED 255',
      scripts: ['start /bin/gone', 'start /bin/any INSTANCE VI_1 DELETED 255'],
      adverts: [0],
    });
  });
});

describe('fifo_write_vrrp_states_on_reload', () => {
  it('tells of all groups, then of all instances', () => {
    const members = [
      { name: 'VA', priority: 200 },
      { name: 'VB', vrid: 2, priority: 100 },
    ];
    const change = { syncGroups: [group({ members: ['VA'] })] };
    const story = timeline(members, change);
    story.at(3.3, ({ reload }) => {
      const { globals } = withFifos({ path: '/run/fifo' });
      reload({ ...nodeConfig(members), ...change, globals: { ...globals, fifoStatesOnReload: true } });
    });
    expect(story.told.slice(-3)).toEqual([
      '3.30 GROUP "G" MASTER 0',
      '3.30 INSTANCE "VA" MASTER 200',
      '3.30 INSTANCE "VB" BACKUP 100',
    ]);
  });
});
