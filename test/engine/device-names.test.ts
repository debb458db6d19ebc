// A reload keeps the names that were made up: the file may have another order, or fewer instances, by then.
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse-config.ts';
import { keepDeviceNames } from '../../src/engine/device-names.ts';
import { planReload } from '../../src/engine/reload-plan.ts';

type Line = readonly [name: string, on: string, address: string, more?: string];

function config(...lines: readonly Line[]) {
  const text = lines.map(
    ([name, on, address, more = '']) =>
      `vrrp_instance ${name} {\ninterface ${on}\nvirtual_router_id 51\nversion 3\nuse_vmac ${more}\nvirtual_ipaddress {\n${address}\n}\n}`,
  );
  return parseConfig(text.join('\n'), 'f').config;
}

const FOUR: Line = ['V4', 'eth0', '10.0.0.100'];
const SIX: Line = ['V6', 'eth0', 'fe80::51'];
const OTHER: Line = ['O4', 'eth1', '10.1.0.100'];

describe('names of devices over a reload', () => {
  it.each<[string, readonly Line[], readonly Line[], Record<string, string>]>([
    ['the first of two is gone', [FOUR, SIX], [SIX], { V6: 'vrrp6.51' }],
    ['the order is another', [FOUR, OTHER], [OTHER, FOUR], { O4: 'vrrp1.51', V4: 'vrrp.51' }],
    ['one comes before', [FOUR], [OTHER, FOUR], { O4: 'vrrp1.51', V4: 'vrrp.51' }],
    [
      'one that names it takes it',
      [FOUR],
      [['N', 'eth1', '10.1.0.1', 'vrrp.51'], FOUR],
      { N: 'vrrp.51', V4: 'vrrp1.51' },
    ],
    ['nothing is different', [FOUR, SIX], [FOUR, SIX], { V4: 'vrrp.51', V6: 'vrrp6.51' }],
  ])('%s', (_title, before, after, expected) => {
    const kept = keepDeviceNames(config(...before), config(...after));
    expect(Object.fromEntries(kept.instances.map(({ name, vmac }) => [name, vmac?.name]))).toEqual(expected);
    for (const { vmac, addresses } of kept.instances) expect(addresses[0]!.interface).toBe(vmac!.name);
  });

  it('leave an instance alone whose sibling is removed', () => {
    const before = config(FOUR, SIX);
    const plan = planReload(before, keepDeviceNames(before, config(SIX)));
    expect(plan.kept.map(({ changes }) => changes)).toEqual([[]]);
  });

  it('follow a name that the file gives', () => {
    const named: Line = ['V4', 'eth0', '10.0.0.100', 'foo'];
    expect(keepDeviceNames(config(FOUR), config(named)).instances[0]!.vmac?.name).toBe('foo');
    expect(keepDeviceNames(config(named), config(FOUR)).instances[0]!.vmac?.name).toBe('vrrp.51');
  });
});
