// The ports on real Linux under the contract suites, each VRRP adapter in turn.
import { createRequire } from 'node:module';
import { describeWithRoot } from '../support/require-root.ts';
import { capturePortContract } from './capture-contract.ts';
import { linuxPair } from './linux-pair.ts';
import { networkPortContract } from './network-contract.ts';
import { vrrpPortContract } from './vrrp-contract.ts';

function rawSocketLoads(): boolean {
  try {
    createRequire(import.meta.url)('raw-socket');
    return true;
  } catch {
    return false;
  }
}

describeWithRoot('ports on Linux', [], () => {
  vrrpPortContract('koffi', () => linuxPair('koffi'));
  if (rawSocketLoads() || process.env.KAVTUI_REQUIRE_INTEROP === '1') {
    vrrpPortContract('raw-socket', () => linuxPair('raw-socket'));
  }
  networkPortContract('rtnetlink', () => linuxPair());
  capturePortContract('packet socket', () => linuxPair());
});
