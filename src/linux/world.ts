// The real world: every port on this host, around one poller and one table of links.
import type { World } from '../ports/world.ts';
import { createCapturePort, type LinuxCapturePort } from './capture-port.ts';
import { createClock } from './clock.ts';
import { createFifoPort, type LinuxFifoPort } from './fifo-port.ts';
import { createFilePort, type LinuxFilePort } from './file-port.ts';
import { createFirewallPort, type LinuxFirewallPort } from './firewall-port.ts';
import { createLinkTable } from './link-table.ts';
import { createNetworkPort, type LinuxNetworkPort } from './network-port.ts';
import { createPoller } from './poller.ts';
import { createProcessPort, type LinuxProcessPort } from './process-port.ts';
import { createRoutePort, type LinuxRoutePort } from './route-port.ts';
import { createScriptPort, type LinuxScriptPort, type ScriptPortOptions } from './script-port.ts';
import { createTimerAlarm } from './timer-alarm.ts';
import { createVrrpPort, type LinuxVrrpPort, type VrrpAdapter } from './vrrp-port.ts';

/** For the screen beside an engine: each frame that is read takes time from the engine. */
const CAPTURED_PER_SECOND = 2000;

export interface LinuxWorldOptions extends ScriptPortOptions {
  /** Default: raw-socket where it was built, else koffi. */
  readonly adapter?: VrrpAdapter;
}

export interface LinuxWorld extends World {
  readonly vrrp: LinuxVrrpPort;
  readonly network: LinuxNetworkPort;
  readonly scripts: LinuxScriptPort;
  readonly capture: LinuxCapturePort;
  readonly fifo: LinuxFifoPort;
  readonly files: LinuxFilePort;
  readonly processes: LinuxProcessPort;
  readonly routes: LinuxRoutePort;
  readonly firewall: LinuxFirewallPort;
  /** Closes every descriptor. Addresses stay as they are, scripts go on. */
  close(): void;
}

/** Opens nothing but rtnetlink; sockets are opened by the ports when they are asked to. Throws without rtnetlink. */
export function createLinuxWorld(options: LinuxWorldOptions = {}): LinuxWorld {
  const poller = createPoller();
  const timer = createTimerAlarm(poller);
  const table = createLinkTable(poller);
  const vrrp = createVrrpPort({
    poller,
    table,
    ...(options.adapter === undefined ? {} : { adapter: options.adapter }),
  });
  const network = createNetworkPort(table);
  const capture = createCapturePort(poller, table, { perSecond: CAPTURED_PER_SECOND });
  const scripts = createScriptPort(options);
  const fifo = createFifoPort();
  const files = createFilePort(poller);
  const processes = createProcessPort(poller);
  const routes = createRoutePort(poller, table);
  const firewall = createFirewallPort();
  return {
    clock: createClock(timer.alarm),
    vrrp,
    network,
    scripts,
    capture,
    fifo,
    files,
    processes,
    routes,
    firewall,
    close: () => {
      fifo.closeAll();
      files.close();
      processes.close();
      routes.close();
      firewall.close();
      vrrp.closeAll();
      capture.closeAll();
      network.close();
      scripts.close();
      table.close();
      timer.close();
      poller.close();
    },
  };
}
