// The end of a process whose terminal has gone before it.
import { closeSync } from 'node:fs';
import { isatty } from 'node:tty';

/**
 * At its end Node gives every terminal its settings back, and aborts (SIGABRT) where that fails because the terminal has hung
 * up. A descriptor that is closed it leaves alone: so those of terminals that have gone are closed. Call it while they are there.
 */
export function outliveTerminal(): void {
  const terminals = [0, 1, 2].filter((fd) => isatty(fd));
  process.on('exit', () => {
    for (const fd of terminals) {
      if (isatty(fd)) continue;
      try {
        closeSync(fd);
      } catch {
        // It is closed already.
      }
    }
  });
}
