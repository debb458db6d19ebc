// The parts of a node, in the order of their turns.
import { addressFaults } from './address-faults.ts';
import { channels } from './channels.ts';
import { devices } from './devices.ts';
import { fifos } from './fifos.ts';
import { files } from './files.ts';
import { firewall } from './firewall.ts';
import { linkDelays } from './link-changes.ts';
import { overrides } from './operator.ts';
import { pacing } from './pacing.ts';
import type { Part } from './part.ts';
import { residualPolicy } from './policy.ts';
import { processes } from './processes.ts';
import { residualAddresses } from './residual-addresses.ts';
import { scripts } from './script-runs.ts';
import { statics } from './statics.ts';
import { sysctls } from './sysctls.ts';

export const PARTS: readonly Part[] = [
  linkDelays,
  fifos,
  residualPolicy,
  residualAddresses,
  statics,
  firewall,
  sysctls,
  devices,
  channels,
  scripts,
  files,
  processes,
  overrides,
  addressFaults,
  pacing,
];
