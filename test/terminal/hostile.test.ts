// Names of instances and interfaces, and the output of a script, that were written by an enemy: the real program on a real
// pseudo-terminal must show every view whole and let none of it command the terminal.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { isIn, VIEWS } from '../../src/ui/views/registry.ts';
import { openPty, type PtySession } from '../support/pty.ts';
import { describeWithRoot } from '../support/require-root.ts';
import { sleep } from '../support/terminal.ts';

const KAVTUI = fileURLToPath(new URL('../../bin/kavtui.js', import.meta.url));
const namespace = `kvhostile${process.pid}`;
const directory = mkdtempSync(join(tmpdir(), 'kavtui-hostile-'));
let session: PtySession | undefined;

/** A name that the kernel takes: no blank, no slash, at most 15 bytes. */
const INTERFACE = 'e\x1b[2Jé\u202e0';
const INSTANCE = 'VI_\x1b[31m\u202e漢字\u200b🔥e\u0301';

/** Clears, changes the title and the palette, moves the cursor, resets the terminal, leaves the alternate screen. */
const COMMANDS = String.raw`\033[2J\033[3J\033]0;owned\007\033]4;1;#fff\033\\\033[10;10H\033c\033[?1049l\033P+q544e\033\\\016`;
const SCRIPT = `#!/bin/sh
printf '${COMMANDS}'
printf '\\302\\233\\062J\\342\\200\\256bidi \\342\\200\\213zero \\346\\274\\242\\345\\255\\227 \\360\\237\\224\\245 \\377\\376\\300 \\t\\r\\n'
head -c 10000 /dev/zero | tr '\\0' 'A'
printf '${COMMANDS}'
exit 1
`;

const ip = (...args: string[]): string => execFileSync('ip', args, { encoding: 'utf8' });

function config(script: string): string {
  return `vrrp_script "chk_\x1b[2J" {
  script ${script}
  interval 1
  fall 1
  weight -10
  user root
}
vrrp_instance ${INSTANCE} {
  state BACKUP
  interface ${INTERFACE}
  virtual_router_id 51
  priority 100
  advert_int 1
  virtual_ipaddress {
    10.99.0.100/24
  }
  track_script {
    "chk_\x1b[2J"
  }
}
`;
}

afterEach(async () => {
  await session?.dispose();
  ip('netns', 'del', namespace);
  rmSync(directory, { recursive: true, force: true });
});

describeWithRoot('hostile names and output', [], () => {
  it('neither command the terminal nor break a row, in any view', async () => {
    ip('netns', 'add', namespace);
    ip('-n', namespace, 'link', 'add', 'name', INTERFACE, 'type', 'veth', 'peer', 'name', 'other0');
    for (const link of ['lo', INTERFACE, 'other0']) ip('-n', namespace, 'link', 'set', link, 'up');
    ip('-n', namespace, 'addr', 'add', '10.99.0.1/24', 'dev', INTERFACE);
    const script = join(directory, 'check.sh');
    writeFileSync(script, SCRIPT);
    chmodSync(script, 0o755);
    const file = join(directory, 'keepalived.conf');
    writeFileSync(file, config(script));
    const [columns, rows] = [120, 40];
    const command = ['netns', 'exec', namespace, process.execPath, KAVTUI, 'run', '-f', file];
    session = openPty('ip', command, { columns, rows, env: { XDG_STATE_HOME: directory } });
    await session.waitFor(/MASTER +VI_.* self /, 20_000);
    await session.waitFor('100→90');
    const start = session.output().length;
    for (const keys of [
      ...VIEWS.filter((view) => isIn(view, 'run')).map(({ digit }) => digit ?? '?'),
      '3\r',
      '2',
      'x',
      '2k\r',
      '1\r',
    ]) {
      session.send(keys);
      await sleep(400);
      const lines = session.lines();
      expect(session.wrapped(), keys).toEqual([]);
      expect(lines[0], keys).toMatch(/^kavtui /);
      expect(lines[rows - 1], keys).toMatch(/\? help {2}q quit/);
      expect(session.buffer()).toBe('alternate');
    }
    session.send('3');
    await session.waitFor('AAAAA');
    // Only what the screen itself needs: styles, cursor moves, erasing to the end of a line, synchronized updates.
    const sequences = new Set(
      session
        .output()
        .slice(start)
        .match(/\x1b(?:\[[^@-~]*[@-~]|.)/g),
    );
    const usual = /^\x1b\[(?:[\d;]*m|\d*[AEGKH]|\?2026[hl])$/;
    expect([...sequences].filter((sequence) => !usual.test(sequence))).toEqual([]);
    expect(session.output().match(/[\x07\x0e\x80-\x9f\u200b\u202e]|\u0301/)).toBeNull();
  });
});
