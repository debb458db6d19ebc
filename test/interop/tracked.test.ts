// Numbers in files and counts of processes as priorities on the wire.
import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { expectHolds } from '../support/expectations.ts';
import { kill } from '../support/host.ts';
import { labTest } from '../support/lab-test.ts';
import { describeWithRoot } from '../support/require-root.ts';
import { routerConfig } from '../support/router-config.ts';
import { UNDER_TEST } from '../support/router-process.ts';
import { report } from '../support/timing.ts';

const [A, B] = [1, 2];
const VARIANT = { version: 3, mode: 'multicast', family: 4, interval: 0.2 } as const;

describeWithRoot('what a router tracks', ['keepalived', 'tcpdump'], () => {
  for (const [kind, other] of [
    [UNDER_TEST, 'keepalived'],
    ['keepalived', UNDER_TEST],
  ] as const) {
    labTest(
      `the number in a file is added to the priority that ${kind} sends, and decides who leads`,
      async (bench) => {
        const { lab, start } = bench;
        const file = join(lab.host(A).directory, 'weight');
        const block = `track_file t {\n    file ${file}\n    weight 2\n    init_file 5\n}\n`;
        const lines = ['track_file {', 't', '}'];
        const router = start(kind, A, block + routerConfig({ ...VARIANT, priority: 100, lines }));
        await lab.wire.firstAdvert({ from: A, priority: 110 }, 8000);
        const peer = start(other, B, routerConfig({ ...VARIANT, priority: 90 }));
        await peer.logged(/Entering BACKUP STATE/);

        const at = Date.now();
        writeFileSync(file, '20\n');
        const higher = await lab.wire.firstAdvert({ from: A, priority: 140 }, 3000);
        report(
          `${kind}, file written to an advert with its number:`,
          `${Math.round(higher.at - at)} ms, at most 200 and some`,
        );
        expect(higher.at - at, 'ms from the file to the advert').toBeLessThan(200 + 150);
        writeFileSync(file, '-20\n');
        await lab.wire.firstAdvert({ from: A, priority: 60 }, 3000);
        await lab.wire.firstAdvert({ from: B, priority: 90 }, 3000);
        await expectHolds(lab, B, true);
        rmSync(file);
        await lab.wire.firstAdvert({ from: A, priority: 100 }, 3000);
        await expectHolds(lab, A, true);
        expect(lab.wire.adverts({ priority: 0 }).length, 'nobody resigns').toBe(0);

        const low = Date.now();
        writeFileSync(file, '-127\n');
        await lab.wire.firstAdvert({ from: A, priority: 0, after: low }, 3000);
        await router.logged(/Entering FAULT STATE/);
        await expectHolds(lab, B, true);
      },
    );
  }

  labTest(`${UNDER_TEST} leads while its processes run, also where the kernel does not tell of them`, async (bench) => {
    const { lab, start } = bench;
    // No other process sleeps for so long.
    const seconds = `${20_000_000 + process.pid}`;
    const block = `vrrp_track_process p {\n    process sleep ${seconds}\n    quorum 2\n    terminate_delay 0.5\n}\n`;
    const run = () => {
      const child = spawn('sleep', [seconds], { stdio: 'ignore' });
      lab.spawned.add(child.pid!);
      return child.pid!;
    };
    const pids = [run(), run()];
    try {
      const lines = ['track_process {', 'p', '}'];
      const router = start('kavtui', A, block + routerConfig({ ...VARIANT, priority: 200, lines }));
      await lab.wire.firstAdvert({ from: A }, 8000);
      const peer = start('keepalived', B, routerConfig({ ...VARIANT, priority: 100 }));
      await peer.logged(/Entering BACKUP STATE/);
      const ended = Date.now();
      kill(pids.pop()!, 'SIGKILL');
      const resigned = await lab.wire.firstAdvert({ from: A, priority: 0 }, 5000);
      const took = resigned.at - ended;
      report('process ended to priority 0:', `${Math.round(took)} ms, theory 500 to 1500`);
      expect(took, 'ms from the end of a process to priority 0').toBeGreaterThan(495);
      expect(took, 'ms from the end of a process to priority 0').toBeLessThan(1500 + 300);
      await router.logged(/process p has no quorum \(1 of 2\)/);
      await expectHolds(lab, B, true);
      pids.push(run());
      await lab.wire.firstAdvert({ from: A, after: resigned.at + 1000 }, 8000);
      await expectHolds(lab, A, true);
    } finally {
      for (const pid of pids) kill(pid, 'SIGKILL');
    }
  });
});
