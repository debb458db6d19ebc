// The screen of `kavtui watch` beside real routers: what it shows, and with which rights each of its threads runs.
import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { labTest } from '../support/lab-test.ts';
import { openPty } from '../support/pty.ts';
import { describeWithRoot } from '../support/require-root.ts';
import { routerConfig } from '../support/router-config.ts';
import { KAVTUI } from '../support/router-process.ts';
import { expectRestored } from '../support/terminal.ts';

const [A, B, W] = [1, 2, 3];
const variant = { version: 3, mode: 'multicast', family: 4, interval: 0.2 } as const;
const NET_RAW = '0000000000002000';
const SETS = ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'];

describeWithRoot('the screen of kavtui watch', ['keepalived', 'tcpdump'], () => {
  labTest(
    'follows a takeover between keepalived routers, with CAP_NET_RAW alone in every thread, that of the screen too',
    async ({ lab, start }) => {
      const host = lab.host(W);
      const name = `${host.interface} v4 51`;
      const enter = ['netns', 'exec', host.namespace];
      const screen = openPty('ip', [...enter, process.execPath, KAVTUI, 'watch', '-i', host.interface]);
      try {
        await screen.waitFor('no advert has been heard yet');

        const a = start('keepalived', A, routerConfig({ ...variant, priority: 150 }));
        await screen.waitFor(new RegExp(`seen +${name} .*${lab.host(A).address} +150`));
        const b = start('keepalived', B, routerConfig({ ...variant, priority: 100 }));
        await b.logged(/Entering BACKUP STATE/);
        await a.crash();
        await screen.waitFor(new RegExp(`seen +${name} .*${lab.host(B).address} +100`));
        expect(screen.screen()).toMatch(/the one before fell silent/);
        expect(screen.lines()[0]).toMatch(/1 seen .*0 SPLIT .*WATCH/);

        const rights = threadsOf(screen.pid);
        expect(rights.length).toBeGreaterThan(SETS.length);
        expect(new Set(rights)).toEqual(new Set(SETS.map((set) => `${set} ${NET_RAW}`)));

        await b.terminate();
        await screen.waitFor(new RegExp(`none +${name}`));
        screen.send('q');
        expect(await screen.exited).toMatchObject({ exitCode: 0 });
        expectRestored(screen);
      } finally {
        await screen.dispose();
      }
    },
    { hosts: [A, B, W] },
  );
});

/** Each capability set of each thread. */
function threadsOf(pid: number): string[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) => {
    const status = readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8');
    return SETS.map((set) => `${set} ${new RegExp(`^${set}:\\s*(\\w+)$`, 'm').exec(status)?.[1]}`);
  });
}
