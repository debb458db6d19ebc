// Frames as they pass an interface, in both directions and before any firewall.
import type { PortResult } from './result.ts';

export interface CapturedFrame {
  readonly interface: string;
  readonly direction: 'sent' | 'received';
  /** Monotonic time in µs, on the engine's clock. */
  readonly at: number;
  /** Ethernet frame, VLAN tag included where there is one. */
  readonly bytes: Uint8Array;
}

export interface CapturePort {
  /** Starts to capture VRRP, AH, ARP and neighbour advertisements on an interface. */
  open(name: string): PortResult;
  close(name: string): void;
  onFrame(listener: (frame: CapturedFrame) => void): void;
}
