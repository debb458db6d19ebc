// What a crashed predecessor left behind is removed at start (but never the only address of an interface).
import { removable } from './addresses.ts';
import { log } from './node.ts';
import type { Part } from './part.ts';
import { removeAddresses } from './step.ts';

export const residualAddresses: Part = {
  started(node) {
    for (const { config } of node.routers.values()) {
      const addresses = removable(node.links, [...config.addresses, ...config.excluded], node.devices);
      if (addresses.length === 0) continue;
      const text = `removing residual ${addresses.map(({ address }) => address).join(', ')}`;
      log(node, { level: 'warning', kind: 'address', instance: config.name, text });
      removeAddresses(node, config.name, addresses);
    }
  },
};
