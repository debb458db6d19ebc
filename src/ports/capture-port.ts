// Frames as they pass an interface, in both directions and before any firewall.
import type { PortResult } from './result.ts';

export interface CapturedFrame {
  readonly interface: string;
  readonly direction: 'sent' | 'received';
  /** Monotonic time in µs, on the engine's clock. */
  readonly at: number;
  /** The kernel's own stamp: µs since the Unix epoch, and the nanoseconds (0 to 999) beyond. Absent without a kernel. */
  readonly stamp?: { readonly us: number; readonly ns: number };
  /** Ethernet frame, VLAN tag included where there is one. */
  readonly bytes: Uint8Array;
}

export interface CapturePort {
  /** Starts to capture VRRP, AH, ARP, neighbour advertisements and their like on an interface. */
  open(name: string): PortResult;
  close(name: string): void;
  onFrame(listener: (frame: CapturedFrame) => void): void;
}
