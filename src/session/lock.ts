// Whether an operator's changes are let through: from the start, or for a time that was asked for.

export interface Mode {
  readonly operate: boolean;
  /** Time until it is locked again, µs. */
  readonly leftUs?: number;
}

export interface Lock {
  open(): boolean;
  unlock(lastsUs: number): void;
  /** Also of a session that was open from the start. */
  lock(): void;
  /** Forgets the timer. */
  close(): void;
}

const SHORTEST_US = 1_000_000;
const LONGEST_US = 8 * 3_600_000_000;

/** `onChange` is told of every change, by itself and by request; at most eight hours at a time. */
export function createLock(operate: boolean, onChange: (mode: Mode) => void): Lock {
  let open = operate;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function lock(): void {
    clearTimeout(timer);
    open = false;
    onChange({ operate: false });
  }

  return {
    open: () => open,
    unlock(lastsUs) {
      if (!(lastsUs > 0)) return;
      clearTimeout(timer);
      const leftUs = Math.min(LONGEST_US, Math.max(SHORTEST_US, lastsUs));
      open = true;
      timer = setTimeout(lock, leftUs / 1000);
      onChange({ operate: true, leftUs });
    },
    lock,
    close: () => clearTimeout(timer),
  };
}
