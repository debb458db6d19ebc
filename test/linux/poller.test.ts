import { afterEach, describe, expect, it } from 'vitest';
import { AF_UNIX, SOCK_CLOEXEC, SOCK_DGRAM, SOCK_NONBLOCK } from '../../src/linux/abi.ts';
import { libc } from '../../src/linux/libc.ts';
import { createPoller } from '../../src/linux/poller.ts';
import { sockaddrUn } from '../../src/linux/socket-address.ts';

const open: number[] = [];
let count = 0;
afterEach(() => {
  for (const fd of open.splice(0)) libc().close(fd);
});

/** A datagram socket, and a function that sends it one byte. */
function mailbox() {
  const name = sockaddrUn(`\0kavtui-poller-${process.pid}-${++count}`);
  const make = () => libc().socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const [fd, sender] = [make(), make()];
  open.push(fd, sender);
  expect(libc().bind(fd, name)).toBe(0);
  const byte = new Uint8Array(1);
  return {
    fd,
    send: () => libc().sendto(sender, Uint8Array.of(1), 0, name),
    read: () => libc().recv(fd, byte, 0),
  };
}

const turn = (ms = 20) => new Promise((resolve) => setTimeout(resolve, ms));

describe('poller', () => {
  it('calls while a descriptor is readable, and not otherwise', async () => {
    const poller = createPoller();
    const box = mailbox();
    let calls = 0;
    poller.watch(box.fd, () => {
      calls++;
      box.read();
    });
    await turn();
    expect(calls).toBe(0);
    for (let i = 0; i < 3; i++) box.send();
    await turn();
    expect(calls).toBe(3);
    poller.close();
  });

  it('drains promises and ticks after a handler, without waiting for a timer', async () => {
    const poller = createPoller();
    const box = mailbox();
    const order: string[] = [];
    await new Promise<void>((resolve) => {
      poller.watch(box.fd, () => {
        box.read();
        Promise.resolve().then(() => order.push('promise'));
        process.nextTick(() => order.push('tick'));
        setImmediate(() => {
          order.push('immediate');
          resolve();
        });
      });
      box.send();
    });
    expect(order).toEqual(['tick', 'promise', 'immediate']);
    poller.close();
  });

  it('leaves a paused descriptor alone until it goes on', async () => {
    const poller = createPoller();
    const box = mailbox();
    let calls = 0;
    const watch = poller.watch(box.fd, () => {
      calls++;
      box.read();
    });
    watch.pause();
    box.send();
    await turn();
    expect(calls).toBe(0);
    watch.resume();
    await turn();
    expect(calls).toBe(1);
    poller.close();
  });

  it('never calls a handler that was closed, even when it was about to be called', async () => {
    const poller = createPoller();
    const [one, two] = [mailbox(), mailbox()];
    const called: string[] = [];
    const watches = [
      poller.watch(one.fd, () => {
        called.push('one');
        for (const watch of watches) watch.close();
      }),
      poller.watch(two.fd, () => {
        called.push('two');
        for (const watch of watches) watch.close();
      }),
    ];
    one.send();
    two.send();
    await turn();
    expect(called).toHaveLength(1);
  });

  it('gives the other handlers their turn when one throws', async () => {
    const poller = createPoller();
    const done: string[] = [];
    const errors: unknown[] = [];
    const listeners = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.once('uncaughtException', (error) => errors.push(error));
    poller.defer(() => {
      throw new Error('one');
    });
    poller.defer(() => done.push('two'));
    await turn();
    for (const listener of listeners) process.on('uncaughtException', listener);
    expect(done).toEqual(['two']);
    expect(errors).toEqual([new Error('one')]);
  });
});
