// What `kavtui check` says to twenty broken configurations, word for word: would it help at three in the morning?
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { check } from '../../src/cli/check.ts';
import { BROKEN } from '../config/main-job.ts';

/** The breakage, the exit status, and all that is printed (the folder of the file left out). */
const EXPECTED: readonly (readonly [keyof typeof BROKEN & string, number, string])[] = [
  [
    'a misspelled keyword',
    5,
    `
keepalived.conf:21:5: error: unknown keyword 'track_scirpt' in vrrp_instance
        track_scirpt { health_check }
        ^^^^^^^^^^^^
    hint: did you mean 'track_script'?
keepalived.conf:22:1: error: this } closes nothing
    }
    ^
    hint: the } on line 21 closed vrrp_instance already
keepalived.conf: 1 instance, 1 script, 2 errors
`,
  ],
  [
    'a keyword that is right elsewhere',
    5,
    `
keepalived.conf:6:5: error: unknown keyword 'fail' in vrrp_script
        fail 3
        ^^^^
    hint: did you mean 'fall'?
keepalived.conf: 1 instance, 1 script, 1 error
`,
  ],
  [
    'a misspelled state',
    5,
    `
keepalived.conf:10:11: error: unknown state 'BACKPU': BACKUP is used
        state BACKPU
              ^^^^^^
    hint: did you mean 'BACKUP'?
keepalived.conf: 1 instance, 1 script, 1 error
`,
  ],
  [
    'a script that is not there',
    5,
    `
keepalived.conf:21:20: error: there is no vrrp_script healthcheck above: it is not tracked
        track_script { healthcheck }
                       ^^^^^^^^^^^
    hint: did you mean 'health_check'?
keepalived.conf: 1 instance, 1 script, 1 error
`,
  ],
  [
    'no word after interface',
    2,
    `
keepalived.conf:14:5: error: interface needs a word after it: keepalived would not start
        interface
        ^^^^^^^^^
keepalived.conf: 0 instances, 1 script, 1 error; keepalived would stop at once and kavtui run refuses it
`,
  ],
  [
    'no virtual_router_id',
    5,
    `
keepalived.conf:9:15: error: instance VI_1 has no virtual_router_id: it cannot run
    vrrp_instance VI_1 {
                  ^^^^
keepalived.conf: 0 instances, 1 script, 1 error; keepalived would stop at once and kavtui run refuses it
`,
  ],
  [
    'a virtual_router_id above 255',
    5,
    `
keepalived.conf:12:23: error: virtual_router_id has to be 1 to 255; without it the instance cannot run
        virtual_router_id 2490
                          ^^^^
keepalived.conf: 0 instances, 1 script, 1 error; keepalived would stop at once and kavtui run refuses it
`,
  ],
  [
    'a priority with a letter O for a zero',
    5,
    `
keepalived.conf:13:14: error: priority has to be a whole number; 100 is used
        priority 2O1
                 ^^^
keepalived.conf: 1 instance, 1 script, 1 error
`,
  ],
  [
    'the } of virtual_ipaddress forgotten',
    5,
    `
keepalived.conf:9:20: error: this { is not closed with }
    vrrp_instance VI_1 {
                       ^
keepalived.conf:21:5: error: 'track_script' is not an IP address; the line is left out
        track_script { health_check }
        ^^^^^^^^^^^^
    hint: 'track_script' is a keyword: is the } of the block above it missing?
keepalived.conf:21:18: error: '{' is not an IP address; the line is left out
        track_script { health_check }
                     ^
keepalived.conf:21:20: error: 'health_check' is not an IP address; the line is left out
        track_script { health_check }
                       ^^^^^^^^^^^^
keepalived.conf: 1 instance, 1 script, 4 errors
`,
  ],
  [
    'the last } forgotten',
    5,
    `
keepalived.conf:9:1: error: vrrp_instance VI_1 is not closed with }
    vrrp_instance VI_1 {
    ^^^^^^^^^^^^^
keepalived.conf: 1 instance, 1 script, 1 error
`,
  ],
  [
    'one } too many',
    5,
    `
keepalived.conf:7:5: error: unknown keyword 'user' outside all blocks
        user root
        ^^^^
    hint: 'user' belongs in vrrp_script, virtual_server/real_server/MISC_CHECK: is there one } too many above?
keepalived.conf:8:1: error: this } closes nothing
    }
    ^
    hint: is there one } too many further up?
keepalived.conf: 1 instance, 1 script, 2 errors
`,
  ],
  [
    'a quote that is not closed',
    5,
    `
keepalived.conf:2:12: error: this quote is not closed on the line
        script "/bin/bash /etc/keepalived/check.sh
               ^
keepalived.conf:21:20: error: vrrp_script health_check was left out: it is not tracked
        track_script { health_check }
                       ^^^^^^^^^^^^
keepalived.conf: 1 instance, 0 scripts, 2 errors
`,
  ],
  [
    'a password of nine characters',
    5,
    `
keepalived.conf:17:19: warning: auth_pass is cut at 8 characters: that is all VRRP carries
            auth_pass ********* }
                      ^^^^^^^^^
keepalived.conf: 1 instance, 1 script, 1 warning
`,
  ],
  [
    'an address with a part too large',
    5,
    `
keepalived.conf:20:5: warning: instance VI_1 has no valid virtual_ipaddress: there is nothing to fail over
        virtual_ipaddress { 3.1.5.294 }
        ^^^^^^^^^^^^^^^^^
keepalived.conf:20:25: error: '3.1.5.294' is not an IP address; the line is left out
        virtual_ipaddress { 3.1.5.294 }
                            ^^^^^^^^^
keepalived.conf: 1 instance, 1 script, 1 error, 1 warning
`,
  ],
  [
    'a netmask for a prefix length',
    5,
    `
keepalived.conf:20:35: error: a netmask is no prefix length; 32 is used
        virtual_ipaddress { 3.1.5.249/255.255.255.0 }
                                      ^^^^^^^^^^^^^
    hint: write /24
keepalived.conf: 1 instance, 1 script, 1 error
`,
  ],
  [
    'two peers on one line',
    5,
    `
keepalived.conf:18:30: error: '3.1.5.243' after a peer is ignored
        unicast_peer { 3.1.5.242 3.1.5.243 }
                                 ^^^^^^^^^
    hint: write one peer a line
keepalived.conf: 1 instance, 1 script, 1 error
`,
  ],
  [
    'half a second in VRRPv2',
    5,
    `
keepalived.conf:15:16: warning: VRRPv2 has whole seconds only; 1 is used
        advert_int 0.5
                   ^^^
    hint: 'version 3' has intervals of parts of a second, on all routers
keepalived.conf: 1 instance, 1 script, 1 warning
`,
  ],
  [
    'MASTER with nopreempt',
    5,
    `
keepalived.conf:11:5: warning: nopreempt does not go with state MASTER: it is ignored
        nopreempt
        ^^^^^^^^^
    hint: write 'state BACKUP' on all routers, the priorities decide who starts
keepalived.conf: 1 instance, 1 script, 1 warning
`,
  ],
  [
    'a no-break space pasted from a web page',
    5,
    `
keepalived.conf:13:5: error: unknown keyword 'priority 241' in vrrp_instance
        priority 241
        ^^^^^^^^^^^^
    hint: there is a blank here that is not a plain space
keepalived.conf: 1 instance, 1 script, 1 error
`,
  ],
  [
    'the instance pasted twice under another name',
    5,
    `
keepalived.conf:23:15: error: instances VI_1 and VI_2 both have virtual_router_id 249 for IPv4 on ens160
    vrrp_instance VI_2 {
                  ^^^^
    hint: give one of them another virtual_router_id, on all routers
keepalived.conf: 2 instances, 1 script, 1 error; keepalived would stop at once and kavtui run refuses it
`,
  ],
];

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kavtui-check-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('check of a broken configuration', () => {
  it.each(EXPECTED)('%s', (title, exit, expected) => {
    const file = join(folder, 'keepalived.conf');
    writeFileSync(file, BROKEN[title]!);
    let printed = '';
    const write = {
      out: (text: string) => {
        printed += text;
      },
      err: () => expect.unreachable('nothing belongs on standard error'),
    };
    expect(check([file], { json: false }, write)).toBe(exit);
    expect(printed.replaceAll(`${folder}/`, '')).toBe(expected.slice(1));
  });

  it('covers every breakage', () => {
    expect(EXPECTED.map(([title]) => title)).toEqual(Object.keys(BROKEN));
  });
});
