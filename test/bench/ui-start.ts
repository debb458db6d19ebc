// Time from the start of `kavtui demo` to its first frame in a pseudo-terminal.
import * as pty from '@lydell/node-pty';
import { KAVTUI } from '../support/router-process.ts';
import { type Figure, summary } from './figures.ts';

/** A frame is there when its last row is: the keys. */
const LAST_ROW = 'quit';

export async function measureFirstFrame(rounds: number): Promise<readonly Figure[]> {
  const times: number[] = [];
  for (let i = 0; i < rounds; i++) times.push(await firstFrame());
  return [{ what: 'first frame of the demo', who: 'screen', unit: 'ms', values: summary(times) }];
}

function firstFrame(): Promise<number> {
  const began = performance.now();
  const program = pty.spawn(process.execPath, [KAVTUI, 'demo'], { cols: 120, rows: 40, name: 'xterm-256color' });
  let text = '';
  return new Promise((resolve) => {
    const reading = program.onData((data) => {
      text += data;
      if (!text.includes(LAST_ROW)) return;
      reading.dispose();
      program.onExit(() => resolve(took));
      const took = performance.now() - began;
      program.kill('SIGKILL');
    });
  });
}
