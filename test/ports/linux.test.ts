// The ports on real Linux under the contract suites, each VRRP adapter in turn.
import { it } from 'vitest';
import { describeWithRoot } from '../support/require-root.ts';
import { capturePortContract } from './capture-contract.ts';
import { deviceContract } from './device-contract.ts';
import { adapters, linuxPair } from './linux-pair.ts';
import { networkPortContract } from './network-contract.ts';
import { routePortContract } from './route-contract.ts';
import { vrrpPortContract } from './vrrp-contract.ts';

describeWithRoot('ports on Linux', [], () => {
  for (const adapter of adapters) vrrpPortContract(adapter, () => linuxPair(adapter));
  if (!adapters.includes('raw-socket')) it.skip('skipped: raw-socket is not built here', () => {});
  networkPortContract('rtnetlink', () => linuxPair());
  routePortContract('rtnetlink', () => linuxPair());
  for (const adapter of adapters) deviceContract(`rtnetlink, ${adapter}`, () => linuxPair(adapter));
  capturePortContract('packet socket', () => linuxPair());
});
