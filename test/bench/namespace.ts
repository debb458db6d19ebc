// Opens descriptors in another network namespace: a socket stays where it was made.
import { closeSync, openSync } from 'node:fs';
import koffi from 'koffi';

const CLONE_NEWNET = 0x40000000;
const setns = koffi.load('libc.so.6').func('int setns(int fd, int kind)');

/** Runs `open` in a network namespace of `ip netns`, on this thread. It must not wait for anything. */
export function inNamespace<Value>(name: string, open: () => Value): Value {
  const home = openSync('/proc/thread-self/ns/net', 'r');
  const there = openSync(`/run/netns/${name}`, 'r');
  try {
    if (setns(there, CLONE_NEWNET) !== 0) throw new Error(`cannot enter the namespace ${name}`);
    return open();
  } finally {
    setns(home, CLONE_NEWNET);
    closeSync(home);
    closeSync(there);
  }
}
