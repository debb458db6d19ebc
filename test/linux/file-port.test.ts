import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFilePort, type LinuxFilePort } from '../../src/linux/file-port.ts';
import { createPoller, type Poller } from '../../src/linux/poller.ts';
import { until } from '../support/host.ts';

let folder = '';
let port: LinuxFilePort;
let poller: Poller;
let told: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kavtui-file-'));
  poller = createPoller();
  port = createFilePort(poller);
  told = [];
  port.onChange(({ path, text }) => told.push(`${path.slice(folder.length + 1)} ${text ?? 'gone'}`));
});
afterEach(() => {
  port.close();
  poller.close();
  rmSync(folder, { recursive: true, force: true });
});

const at = (name: string) => join(folder, name);
const write = (name: string, text: string) => writeFileSync(at(name), text);
const says = (...lines: readonly string[]) =>
  until(`told ${lines.join(', ')}, was ${told.join(', ')}`, 5000, () => told.join() === lines.join());

describe('watched files', () => {
  it('are read at once, and told of when they are made, written, renamed over and removed', async () => {
    write('a', '1');
    expect(port.watch([at('a'), at('b')])).toEqual([
      { path: at('a'), text: '1' },
      { path: at('b'), text: undefined },
    ]);
    write('b', '5');
    await says('b 5');
    write('c', '7');
    renameSync(at('c'), at('b'));
    await says('b 5', 'b 7');
    rmSync(at('b'));
    await says('b 5', 'b 7', 'b gone');
  });

  it('are not read while somebody writes: a file that is emptied first is never 0 in between', async () => {
    write('a', '1');
    port.watch([at('a')]);
    execFileSync('sh', ['-c', '{ sleep 0.2; echo 9; } > "$0"', at('a')]);
    await says('a 9\n');
  });

  it('may be in a directory that is not there yet, or that is made anew', async () => {
    port.watch([at('x/y/f')]);
    mkdirSync(at('x/y'), { recursive: true });
    write('x/y/f', '1');
    await says('x/y/f 1');
    renameSync(at('x'), at('old'));
    await says('x/y/f 1', 'x/y/f gone');
    mkdirSync(at('x/y'), { recursive: true });
    write('x/y/f', '2');
    await says('x/y/f 1', 'x/y/f gone', 'x/y/f 2');
  });

  it('may be links: the file behind is watched, and what the link points to', async () => {
    mkdirSync(at('d'));
    symlinkSync(at('d/f'), at('link'));
    port.watch([at('link')]);
    write('d/f', '1');
    await says('link 1');
    write('d/g', '2');
    rmSync(at('link'));
    symlinkSync('d/g', at('link'));
    await until('the other file', 5000, () => told.at(-1) === 'link 2');
  });

  it('are told of no more when others are watched; a FIFO is no file, and 127 bytes are enough', async () => {
    write('a', '1');
    execFileSync('mkfifo', [at('pipe')]);
    port.watch([at('a')]);
    expect(port.watch([at('b'), at('pipe')])).toEqual([
      { path: at('b'), text: undefined },
      { path: at('pipe'), text: undefined },
    ]);
    write('a', '2');
    write('b', 'x'.repeat(500));
    await says(`b ${'x'.repeat(127)}`);
  });
});

describe('init_file', () => {
  it('makes a file, leaves one that is there, and writes over it when told so', () => {
    const path = at('f');
    expect(port.initialise({ path, text: '5\n', overwrite: false })).toEqual({ ok: true });
    expect(port.initialise({ path, text: '6\n', overwrite: false })).toEqual({ ok: true });
    expect(readFileSync(path, 'utf8')).toBe('5\n');
    appendFileSync(path, 'more');
    expect(port.initialise({ path, text: '7\n', overwrite: true })).toEqual({ ok: true });
    expect(readFileSync(path, 'utf8')).toBe('7\n');
  });

  it('does not follow a link, and says what is wrong', () => {
    write('target', '1');
    symlinkSync(at('target'), at('link'));
    expect(port.initialise({ path: at('link'), text: '5', overwrite: true })).toMatchObject({
      ok: false,
      code: 'ELOOP',
    });
    expect(port.initialise({ path: at('no/f'), text: '5', overwrite: false })).toEqual({
      ok: false,
      code: 'ENOENT',
      message: `cannot write the track file ${at('no/f')}: ENOENT`,
    });
    expect(readFileSync(at('target'), 'utf8')).toBe('1');
  });

  it('is refused where somebody put a FIFO: nobody waits for its reader', () => {
    execFileSync('mkfifo', [at('pipe')]);
    const message = `cannot write the track file ${at('pipe')}: ENXIO`;
    expect(port.initialise({ path: at('pipe'), text: '5', overwrite: true })).toMatchObject({ ok: false, message });
  });
});
