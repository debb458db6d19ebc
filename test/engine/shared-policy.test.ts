// One route or rule that several instances want, or the node itself: it is there while one of them holds it.
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse-config.ts';
import type { NodeConfig } from '../../src/engine/config.ts';
import type { EngineEffect } from '../../src/engine/event.ts';
import { SECOND } from '../support/instance.ts';
import { link, type TestNode, testNode } from '../support/node.ts';

const ROUTE = '192.168.9.0/24 via 10.0.0.9 dev eth0';
const RULE = 'from 10.9.0.0/16 table 100 priority 900';
const MASTER_AT = 4 * SECOND;

const instance = (vrid: number, route: string | undefined, rule = RULE): string => `vrrp_instance VI_${vrid} {
  interface eth0
  virtual_router_id ${vrid}
  priority 100
  virtual_ipaddress {
    10.0.0.${vrid}
  }
${route === undefined ? '' : `  virtual_routes {\n${route}\n}\n  virtual_rules {\n${rule}\n}\n`}}
`;

const read = (...blocks: readonly string[]): NodeConfig => parseConfig(blocks.join(''), 'test.conf').config;

function masters(...blocks: readonly string[]): TestNode {
  const node = testNode(read(...blocks), [link()]);
  node.runTo(MASTER_AT);
  return node;
}

const removed = (effects: readonly EngineEffect[]): readonly string[] =>
  effects.flatMap((effect) => (effect.kind === 'removePolicy' ? effect.entries.map(({ kind }) => kind) : []));

const shown = (node: TestNode, name: string) => node.instance(name).policy.map(({ present }) => present);

describe('a route and a rule that two MASTERs want', () => {
  it.each([
    ['the same lines', ROUTE, RULE],
    ['lines that differ in how they are tracked only', `${ROUTE} no_track`, `${RULE} no_track`],
  ])('stay while one of them holds them, and go with the last: %s', (_title, route, rule) => {
    const node = masters(instance(51, ROUTE), instance(52, route, rule));
    expect(removed(node.hear({ vrid: 51, priority: 200 }))).toEqual([]);
    expect([shown(node, 'VI_51'), shown(node, 'VI_52')]).toEqual([
      [false, false],
      [true, true],
    ]);
    expect(removed(node.hear({ vrid: 52, priority: 200 }))).toEqual(['rule', 'route']);
  });

  it('stay when the one that set them last gives way', () => {
    const node = masters(instance(51, ROUTE), instance(52, ROUTE));
    expect(removed(node.hear({ vrid: 52, priority: 200 }))).toEqual([]);
    expect(removed(node.hear({ vrid: 51, priority: 200 }))).toEqual(['rule', 'route']);
  });

  it('are removed once at the end', () => {
    const node = masters(instance(51, ROUTE), instance(52, ROUTE));
    expect(removed(node.event({ kind: 'stopped' }))).toEqual(['rule', 'route']);
  });

  it('stay when a reload takes them from one, or takes one away', () => {
    const node = masters(instance(51, ROUTE), instance(52, ROUTE), instance(53, ROUTE));
    expect(removed(node.reload(read(instance(51, undefined), instance(52, ROUTE), instance(53, ROUTE))))).toEqual([]);
    expect(removed(node.reload(read(instance(51, undefined), instance(52, ROUTE))))).toEqual([]);
    expect(removed(node.reload(read(instance(51, undefined))))).toEqual(['rule', 'route']);
  });
});

it('leaves a static route to the node when a MASTER of the same gives way', () => {
  const node = masters(`static_routes {\n${ROUTE}\n}\n`, instance(51, ROUTE));
  expect(removed(node.hear({ vrid: 51, priority: 200 }))).toEqual(['rule']);
  expect(node.snapshot().statics.map(({ present }) => present)).toEqual([true]);
});

it('removes what another one lost to somebody else', () => {
  const node = masters(instance(51, `${ROUTE} no_track`), instance(52, `${ROUTE} no_track`));
  const [spec] = read(instance(51, `${ROUTE} no_track`)).instances[0]!.routes!;
  node.event({ kind: 'policyRemoved', entry: { kind: 'route', spec: spec! } });
  expect([shown(node, 'VI_51')[0], shown(node, 'VI_52')[0]]).toEqual([false, false]);
  expect(removed(node.hear({ vrid: 51, priority: 200 }))).toEqual(['route']);
});
