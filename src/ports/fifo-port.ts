// Named pipes that are told of transitions (notify_fifo, vrrp_notify_fifo).
import type { PortResult } from './result.ts';

export interface Fifo {
  readonly path: string;
  /** Whom a pipe that is made belongs to; default: this process. */
  readonly user?: string;
  readonly group?: string;
}

export interface FifoPort {
  /**
   * Makes the pipe when there is none, and keeps it open for reading too, so that lines wait for a reader. One that is
   * open stays so, unless another has taken its place.
   */
  open(fifo: Fifo): PortResult;
  /** Closes a pipe, and removes it when it was made here. */
  close(path: string): void;
  /** Writes a line (without its newline) and never blocks: when the pipe is full or not open, the line is lost. */
  write(path: string, line: string): void;
}
