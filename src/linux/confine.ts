// Gives up all capabilities but one, in every thread. A thread can only change its own, and Node has begun a dozen before
// the first line of a program runs: so the main thread gives up its own, then becomes the same program anew.
import { readFileSync } from 'node:fs';
import { libc } from './libc.ts';
import { CAPABILITIES, type Capability } from './privileges.ts';

const PR_CAPBSET_DROP = 24;
const PR_SET_NO_NEW_PRIVS = 38;
const PR_CAP_AMBIENT = 47;
const PR_CAP_AMBIENT_RAISE = 2;
const PR_CAP_AMBIENT_CLEAR_ALL = 4;
const CAPABILITY_VERSION_3 = 0x20080522;
/** More than any kernel has; the first that it does not know ends the loop. */
const CAPABILITY_NUMBERS = 64;
/** Set in the environment of the second start, so that there is no third. */
const MARK = 'KAVTUI_CONFINED';

/**
 * Returns when this process holds no capability but `kept`: at once where it never had more, else in the same program
 * started anew under the same process id. False: the kernel did not let go of all (root without CAP_SETPCAP).
 */
export function confineTo(kept: Capability, status: string = readFileSync('/proc/self/status', 'latin1')): boolean {
  const again = process.env[MARK] !== undefined;
  delete process.env[MARK];
  const held = BigInt(`0x${/^CapPrm:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
  if ((held & ~(1n << BigInt(CAPABILITIES[kept]))) === 0n) return true;
  if (again) return false;
  giveUpOthers(CAPABILITIES[kept]);
  // Node marks the standard streams as not to be handed on.
  for (const fd of [0, 1, 2]) libc().closeOnExec(fd, false);
  const environment = Object.entries({ ...process.env, [MARK]: '1' }).map(([name, value]) => `${name}=${value}`);
  const words = [process.argv0, ...process.execArgv, ...process.argv.slice(1)];
  libc().execve(process.execPath, words, environment);
  // It only comes back when it failed.
  return false;
}

/** The order matters: the bounding set needs CAP_SETPCAP, an ambient capability must be permitted and inheritable. */
function giveUpOthers(kept: number): void {
  const { prctl, capset } = libc();
  for (let capability = 0; capability < CAPABILITY_NUMBERS; capability++) {
    if (capability !== kept && prctl(PR_CAPBSET_DROP, capability, 0) < 0) break;
  }
  const header = new DataView(new ArrayBuffer(8));
  header.setUint32(0, CAPABILITY_VERSION_3, true);
  // Effective, permitted, inheritable; the upper 32 capabilities stay zero.
  const data = new DataView(new ArrayBuffer(24));
  for (const at of [0, 4, 8]) data.setUint32(at, 1 << kept, true);
  capset(new Uint8Array(header.buffer), new Uint8Array(data.buffer));
  prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0);
  prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, kept);
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0);
}
