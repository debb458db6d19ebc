import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFifoPort } from '../../src/linux/fifo-port.ts';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kavtui-fifo-'));
  path = join(folder, 'fifo');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function waiting(): string {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const buffer = Buffer.alloc(1 << 20);
  const length = readSync(fd, buffer);
  closeSync(fd);
  return buffer.toString('utf8', 0, length);
}

describe('a notify FIFO', () => {
  it('is made, keeps lines for a reader that comes later, and is removed at the end', () => {
    const port = createFifoPort();
    expect(port.open({ path })).toEqual({ ok: true });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    port.write(path, 'INSTANCE "VI_1" BACKUP 100');
    port.write(path, 'INSTANCE "VI_1" MASTER 100');
    expect(waiting()).toBe('INSTANCE "VI_1" BACKUP 100\nINSTANCE "VI_1" MASTER 100\n');
    port.closeAll();
    expect(existsSync(path)).toBe(false);
  });

  it('that was there stays', () => {
    execFileSync('mkfifo', [path]);
    const port = createFifoPort();
    expect(port.open({ path })).toEqual({ ok: true });
    port.closeAll();
    expect(existsSync(path)).toBe(true);
  });

  it('that stays open is not touched, and one that was replaced is opened anew', () => {
    const port = createFifoPort();
    port.open({ path });
    port.write(path, 'first');
    port.open({ path });
    expect(waiting()).toBe('first\n');
    rmSync(path);
    execFileSync('mkfifo', [path]);
    port.open({ path });
    port.write(path, 'second');
    expect(waiting()).toBe('second\n');
    port.close(path);
    expect(existsSync(path)).toBe(true);
  });

  it('that is closed is removed when it was made here', () => {
    const port = createFifoPort();
    port.open({ path });
    port.close(path);
    expect(existsSync(path)).toBe(false);
  });

  it('that nobody reads loses lines and never blocks', () => {
    const port = createFifoPort();
    port.open({ path });
    for (let i = 0; i < 2000; i++) port.write(path, 'x'.repeat(99));
    expect(waiting().length).toBeLessThan(100_000);
    port.closeAll();
  });

  it.each([
    ['a file of that name', () => writeFileSync(path, ''), 'is there and is no FIFO'],
    ['a folder that does not exist', () => rmSync(folder, { recursive: true }), 'cannot make the FIFO'],
  ])('%s: refused with a reason, and lines go nowhere', (_title, prepare, message) => {
    prepare();
    const port = createFifoPort();
    expect(port.open({ path })).toMatchObject({ ok: false, message: expect.stringContaining(message) });
    port.write(path, 'lost');
    port.closeAll();
  });

  it('for a user that does not exist is refused', () => {
    const port = createFifoPort();
    expect(port.open({ path, user: 'no-such-user' })).toMatchObject({
      ok: false,
      message: expect.stringContaining('no-such-user'),
    });
    expect(existsSync(path)).toBe(false);
    port.closeAll();
  });
});
