// Orphans of killed routers come to this process, and are waited for here: an init that never reaps would leave
// zombies, whose pids still "exist" for a daemon that looks at an old pid file.
import koffi from 'koffi';

const PR_SET_CHILD_SUBREAPER = 36;
const WNOHANG = 1;
const libc = koffi.load('libc.so.6');
const prctl = libc.func('int prctl(int option, ulong a, ulong b, ulong c, ulong d)');
const waitpid = libc.func('int waitpid(int pid, void *status, int options)');

/** From now on, descendants whose parent dies become children of this process. */
export function adoptOrphans(): void {
  prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

/** Waits (at most half a second) for dead orphans. Never give it a child that Node itself has spawned. */
export async function reap(pids: readonly number[]): Promise<void> {
  const deadline = Date.now() + 500;
  let left = [...pids];
  while (left.length > 0) {
    left = left.filter((pid) => waitpid(pid, null, WNOHANG) === 0);
    if (left.length === 0 || Date.now() > deadline) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
