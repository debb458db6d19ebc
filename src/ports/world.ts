// All ports together: what a runtime needs to drive an engine somewhere.
import type { CapturePort } from './capture-port.ts';
import type { Clock } from './clock.ts';
import type { FifoPort } from './fifo-port.ts';
import type { FilePort } from './file-port.ts';
import type { FirewallPort } from './firewall-port.ts';
import type { NetworkPort } from './network-port.ts';
import type { ProcessPort } from './process-port.ts';
import type { RoutePort } from './route-port.ts';
import type { ScriptPort } from './script-port.ts';
import type { VrrpPort } from './vrrp-port.ts';

export interface World {
  readonly clock: Clock;
  readonly vrrp: VrrpPort;
  readonly network: NetworkPort;
  readonly scripts: ScriptPort;
  readonly capture: CapturePort;
  readonly files: FilePort;
  readonly processes: ProcessPort;
  readonly routes: RoutePort;
  /** Absent: lines for FIFOs are lost. */
  readonly fifo?: FifoPort;
  /** Absent: rules are wanted in vain, and that is said. */
  readonly firewall?: FirewallPort;
}
