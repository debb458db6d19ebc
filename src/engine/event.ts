// What happens to a node, and what it asks for: plain values both ways.
import type { Fifo } from '../ports/fifo-port.ts';
import type { FileContent } from '../ports/file-port.ts';
import type { FirewallRules } from '../ports/firewall-port.ts';
import type { AddressSpec, DeviceSpec, Link, MadeDevice, Sysctl } from '../ports/network-port.ts';
import type { ProcessPattern } from '../ports/process-port.ts';
import type { PortResult } from '../ports/result.ts';
import type { ScriptExit, ScriptRun } from '../ports/script-port.ts';
import type { Datagram, VrrpChannel } from '../ports/vrrp-port.ts';
import type { Family, IpAddress } from '../wire/address.ts';
import type { PolicyEntry } from '../wire/route.ts';
import type { AdvertFields } from '../wire/vrrp.ts';
import type { EventRecord } from './record.ts';

export type EngineEvent =
  | { readonly kind: 'started'; readonly links: readonly Link[] }
  | { readonly kind: 'ticked' }
  /** `wallTime`: ms since the Unix epoch; absent: signatures of any time are good (auth_hmac). */
  | { readonly kind: 'datagramReceived'; readonly datagram: Datagram; readonly wallTime?: number }
  | { readonly kind: 'linkChanged'; readonly name: string; readonly link: Link | undefined }
  | { readonly kind: 'scriptExited'; readonly exit: ScriptExit }
  | { readonly kind: 'channelOpened'; readonly interface: string; readonly family: Family }
  | { readonly kind: 'channelFailed'; readonly interface: string; readonly family: Family; readonly message: string }
  | {
      readonly kind: 'sendFailed';
      readonly instance: string;
      readonly destination: IpAddress;
      readonly message: string;
    }
  | {
      readonly kind: 'addressFailed';
      /** Undefined: a static address. */
      readonly instance: string | undefined;
      readonly address: IpAddress;
      readonly message: string;
    }
  | { readonly kind: 'policyFailed'; readonly entry: PolicyEntry; readonly message: string }
  /** A route or rule of ours was removed by somebody else. */
  | { readonly kind: 'policyRemoved'; readonly entry: PolicyEntry }
  | {
      readonly kind: 'announceFailed';
      readonly instance: string;
      readonly address: IpAddress;
      readonly message: string;
    }
  | { readonly kind: 'fifoFailed'; readonly message: string }
  | { readonly kind: 'fileChanged'; readonly content: FileContent }
  | { readonly kind: 'fileFailed'; readonly message: string }
  | { readonly kind: 'processesCounted'; readonly name: string; readonly count: number }
  | { readonly kind: 'devicesMade'; readonly devices: readonly (MadeDevice & { readonly name: string })[] }
  | { readonly kind: 'sysctlsSet'; readonly problems: readonly string[] }
  | { readonly kind: 'firewallReplaced'; readonly result: PortResult }
  | { readonly kind: 'stopped' };

/** To be done in order. */
export type EngineEffect =
  | { readonly kind: 'openChannel'; readonly channel: VrrpChannel }
  | { readonly kind: 'closeChannel'; readonly interface: string; readonly family: Family }
  | {
      readonly kind: 'sendAdvert';
      readonly instance: string;
      readonly interface: string;
      readonly family: Family;
      readonly fields: AdvertFields;
      readonly source: IpAddress;
      readonly destinations: readonly IpAddress[];
      /** Absent: 255. */
      readonly ttl?: number;
    }
  /** Without an instance: static ones. */
  | { readonly kind: 'addAddresses'; readonly instance: string | undefined; readonly addresses: readonly AddressSpec[] }
  | {
      readonly kind: 'removeAddresses';
      readonly instance: string | undefined;
      readonly addresses: readonly AddressSpec[];
    }
  | { readonly kind: 'addPolicy'; readonly entries: readonly PolicyEntry[] }
  | { readonly kind: 'removePolicy'; readonly entries: readonly PolicyEntry[] }
  | { readonly kind: 'createDevices'; readonly specs: readonly DeviceSpec[] }
  | { readonly kind: 'removeDevices'; readonly names: readonly string[] }
  /** All that shall hold. */
  | { readonly kind: 'setSysctls'; readonly settings: readonly Sysctl[] }
  /** `wait`: nothing else is done before the table is replaced. */
  | {
      readonly kind: 'replaceFirewall';
      readonly rules: FirewallRules | undefined;
      readonly table: string;
      readonly wait: boolean;
    }
  | {
      readonly kind: 'announce';
      readonly instance: string;
      readonly announcements: readonly { readonly interface: string; readonly address: IpAddress }[];
    }
  | { readonly kind: 'startScript'; readonly run: ScriptRun }
  | { readonly kind: 'signalScript'; readonly id: number; readonly signal: 'SIGTERM' | 'SIGKILL' }
  /** Answered by a fileChanged for each path. */
  | { readonly kind: 'watchFiles'; readonly paths: readonly string[] }
  | {
      readonly kind: 'initialiseFile';
      readonly file: { readonly path: string; readonly text: string; readonly overwrite: boolean };
    }
  | { readonly kind: 'watchProcesses'; readonly patterns: readonly ProcessPattern[] }
  | { readonly kind: 'openFifo'; readonly fifo: Fifo }
  | { readonly kind: 'closeFifo'; readonly path: string }
  /** One line for each of these FIFOs. */
  | { readonly kind: 'notifyFifo'; readonly paths: readonly string[]; readonly line: string }
  | { readonly kind: 'record'; readonly record: EventRecord };
