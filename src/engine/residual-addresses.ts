// What a crashed predecessor left behind is removed at start (but never the only address of an interface).
import type { AddressSpec } from '../ports/network-port.ts';
import { isPresent, removable } from './addresses.ts';
import type { Node } from './node.ts';
import { log } from './node.ts';
import type { Part } from './part.ts';
import { removeAddresses } from './step.ts';

export const residualAddresses: Part = {
  started(node) {
    for (const { config } of node.routers.values()) {
      const addresses = residual(node, [...config.addresses, ...config.excluded]);
      if (addresses.length === 0) continue;
      const text = `removing residual ${addresses.map(({ address }) => address).join(', ')}`;
      log(node, { level: 'warning', kind: 'address', instance: config.name, text });
      removeAddresses(node, config.name, addresses);
    }
  },
};

/** `--compat 2.2` does as keepalived: an owner whose only address is a virtual one stays in FAULT without it. */
function residual({ links, devices, compat }: Node, specs: readonly AddressSpec[]): readonly AddressSpec[] {
  return compat === '2.2' ? specs.filter((spec) => isPresent(links, spec)) : removable(links, specs, devices);
}
