// What an operator asks for that is done at once: addresses announced again, a check script run out of turn.
import { describe, expect, it } from 'vitest';
import type { EngineEffect } from '../../src/engine/event.ts';
import { SECOND } from '../support/instance.ts';
import { lines, nodeConfig, scriptConfig, testNode } from '../support/node.ts';

const DOWN_100 = 3_609_375;

describe('announcing again', () => {
  it('sends one burst of all addresses of a MASTER, says for whom, and changes nothing else', () => {
    const effects: EngineEffect[] = [];
    const node = testNode(nodeConfig(), undefined, { onEffect: (effect) => effects.push(effect) });
    node.runTo(DOWN_100 + 10 * SECOND);
    const before = node.instance();
    effects.length = 0;
    expect(node.command({ kind: 'announce', instance: 'VI_1', who: 'root' })).toBe(
      'ok: VI_1: announcing 1 address 5 times',
    );
    expect(lines(effects)).toEqual(['announcing 1 address 5 times, asked for by root']);
    const sent = effects.flatMap((effect) => (effect.kind === 'announce' ? effect.announcements : []));
    expect(sent.map(({ address }) => address)).toEqual(Array(5).fill('10.0.0.100'));
    expect(effects.filter(({ kind }) => kind !== 'record' && kind !== 'announce')).toEqual([]);
    expect(node.instance()).toEqual(before);
  });

  it.each([
    ['a BACKUP', 0, 'VI_1', 'refused: VI_1 is BACKUP: only a MASTER announces its addresses'],
    ['nobody', DOWN_100, 'VI_9', 'refused: there is no instance VI_9'],
  ] as const)('is refused to %s', (_who, at, instance, answer) => {
    const node = testNode(nodeConfig());
    node.runTo(at);
    expect(node.command({ kind: 'announce', instance })).toBe(answer);
  });
});

describe('a check script run now', () => {
  const config = nodeConfig(
    [{ trackScripts: [{ name: 'chk', weight: -30, reverse: false }] }],
    [scriptConfig({ intervalUs: 60 * SECOND, fall: 2, weight: -30 })],
  );

  it('counts as any other run, and the next one comes an interval later', () => {
    const node = testNode(config);
    node.runTo(10 * SECOND);
    expect(node.snapshot().scripts).toMatchObject([{ passes: 1, nextRunAt: 60 * SECOND }]);
    expect(node.command({ kind: 'run-script', script: 'chk', who: 'root' })).toBe('ok: chk runs now');
    expect(node.snapshot().scripts).toMatchObject([{ passes: 2, streak: 2, running: false, nextRunAt: 70 * SECOND }]);
  });

  it('brings the verdict about when it is the one failure that was missing', () => {
    const node = testNode(config);
    node.runTo(10 * SECOND);
    node.scripts = { kind: 'exited', code: 1 };
    node.command({ kind: 'run-script', script: 'chk' });
    expect(node.snapshot().scripts).toMatchObject([{ ok: true, failures: 1, streak: 1 }]);
    node.command({ kind: 'run-script', script: 'chk' });
    expect(node.snapshot().scripts).toMatchObject([{ ok: false, failures: 2, streak: 2 }]);
    expect(node.instance().effectivePriority).toBe(70);
  });

  it('is written down with the name of who asked', () => {
    const records: string[] = [];
    const node = testNode(config, undefined, { onEffect: (effect) => records.push(...lines([effect])) });
    node.command({ kind: 'run-script', script: 'chk', who: 'root (sudo from alice)' });
    expect(records).toContain('Track script chk runs now, asked for by root (sudo from alice)');
  });

  it('is refused while it runs, and where there is none', () => {
    const node = testNode(config, undefined, { scriptsEnd: false });
    expect(node.command({ kind: 'run-script', script: 'chk' })).toBe('refused: chk is running already');
    expect(node.command({ kind: 'run-script', script: 'other' })).toBe('refused: there is no vrrp_script other');
  });

  it('is ended at its timeout like any other', () => {
    const signals: EngineEffect[] = [];
    const node = testNode(config, undefined, { onEffect: (effect) => signals.push(effect) });
    node.runTo(10 * SECOND);
    node.scripts = undefined;
    node.command({ kind: 'run-script', script: 'chk' });
    node.runTo(11 * SECOND);
    expect(signals.some((effect) => effect.kind === 'signalScript' && effect.signal === 'SIGTERM')).toBe(true);
  });
});
