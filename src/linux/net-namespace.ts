// Into another network namespace (net_namespace), before a socket is opened or a script is started.
import { closeSync, constants, openSync } from 'node:fs';
import { CLONE_NEWNET } from './abi.ts';
import { errnoName, libc } from './libc.ts';

const FOLDER = '/run/netns';

/**
 * Moves the main thread, with all sockets and processes that it makes from now on, into a namespace that `ip netns` knows.
 * Threads that run already stay behind: they open no sockets. Returns why it could not be done, in one line.
 */
export function enterNetNamespace(name: string): string | undefined {
  if (name === '' || name.includes('/') || name.startsWith('.')) return `'${name}' is no name of a network namespace`;
  let fd: number;
  try {
    fd = openSync(`${FOLDER}/${name}`, constants.O_RDONLY);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? `make it with 'ip netns add ${name}'` : String(code);
    return `the network namespace ${name} (net_namespace) cannot be entered: ${why}`;
  }
  const moved = libc().setNamespace(fd, CLONE_NEWNET);
  closeSync(fd);
  return moved < 0 ? `the network namespace ${name} cannot be entered: ${errnoName(moved)}` : undefined;
}
