// biome-ignore-all lint/suspicious/noTemplateCurlyInString: keepalived's own syntax
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse-config.ts';
import { printConfig } from '../../src/config/print.ts';
import { broken, MAIN_JOB } from '../config/main-job.ts';
import { describeWithRoot } from '../support/require-root.ts';

const NAMESPACE = `cp${process.pid}`;
let folder = '';

function ip(...words: string[]): void {
  execFileSync('ip', words, { stdio: 'pipe' });
}

/** What `keepalived -t` exits with, where the interfaces of these files exist. */
function verdict(text: string): number | null {
  const file = join(folder, 'keepalived.conf');
  writeFileSync(file, text, { mode: 0o644 });
  const words = ['netns', 'exec', NAMESPACE, 'keepalived', '-t', '-i', 'one', '-f', file];
  return spawnSync('ip', words, { timeout: 20_000 }).status;
}

const SECURE = 'global_defs {\n enable_script_security\n script_user root\n}\n';

const FILES: readonly (readonly [string, string])[] = [
  ['the main job', MAIN_JOB],
  ['a misspelled keyword', broken('priority', 'prioritty')],
  ['a value that is none', broken('state BACKUP', 'state X')],
  ['a keyword without its word', broken('interface ens160', 'interface')],
  [
    'definitions, conditions and sequences',
    `${SECURE}$IF=eth0
$BODY=interface $IF \\
advert_int 2
vrrp_instance V {
  @one priority 120
  @^one priority 110
  $BODY
  virtual_router_id 7
  virtual_ipaddress {
    ~SEQ(i, 1, 3) 10.7.0.\${i}/24 dev \${IF}
  }
}
`,
  ],
  [
    'commands with quotes and escapes',
    `${SECURE}vrrp_script s {
  script "/bin/sh -c \\"exit 0\\""
}
vrrp_instance V {
  interface eth0
  virtual_router_id 7
  virtual_ipaddress { 10.7.0.1 }
  track_script { s }
  notify_master '/bin/echo "a b" $HOME' root
}
`,
  ],
  [
    'health checkers',
    `virtual_server 10.7.0.9 80 {
  lb_algo rr
  lb_kind NAT
  protocol TCP
  real_server 10.7.1.1 80 {
    weight 1
    HTTP_GET {
      url {
        path "/a b"
        status_code 200
      }
    }
  }
}
`,
  ],
];

describeWithRoot('check --print beside keepalived -t', ['keepalived'], () => {
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'kavtui-print-'));
    ip('netns', 'add', NAMESPACE);
    for (const [index, name] of ['eth0', 'ens160'].entries()) {
      ip('-n', NAMESPACE, 'link', 'add', name, 'type', 'veth', 'peer', 'name', `peer${index}`);
      ip('-n', NAMESPACE, 'address', 'add', `198.18.${index}.1/24`, 'dev', name);
      ip('-n', NAMESPACE, 'link', 'set', name, 'up');
    }
  });

  afterAll(() => {
    ip('netns', 'del', NAMESPACE);
    rmSync(folder, { recursive: true });
  });

  it.each(FILES)('exits alike for the text and for what is printed of it: %s', (_, text) => {
    const printed = printConfig(parseConfig(text, 'f', { configId: 'one' }).statements, 'f');
    expect({ printed, exit: verdict(printed) }).toEqual({ printed, exit: verdict(text) });
  });
});
