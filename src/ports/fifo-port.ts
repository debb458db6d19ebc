// Named pipes that are told of transitions (notify_fifo, vrrp_notify_fifo).

export interface FifoPort {
  /** Writes a line (without its newline) and never blocks: when nobody reads, or the pipe is full, the line is lost. */
  write(path: string, line: string): void;
}
