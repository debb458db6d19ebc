// Log lines on standard output, for a reader that stands still: the engine must not wait for it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';

const MODULE = new URL('../../dist/cli/log-sink.js', import.meta.url).href;
const PROGRAM = `
import { stdoutSink } from '${MODULE}';
const sink = stdoutSink('text');
const record = { seq: 0, at: 0, level: 'info', kind: 'node', text: 'x'.repeat(200) };
const began = performance.now();
for (let i = 0; i < 20_000; i++) sink.write(record, 0);
process.stderr.write('waited ' + Math.round(performance.now() - began) + ' ms\\n');
process.stdin.on('data', () => { sink.write(record, 0); setTimeout(() => process.exit(0), 300); });
`;

it('a stopped pager costs lines, which are counted, and no time', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM], { stdio: 'pipe' });
  const [told] = (await once(child.stderr.setEncoding('utf8'), 'data')) as [string];
  expect(Number(/waited (\d+) ms/.exec(told)?.[1])).toBeLessThan(2000);
  // The pager goes on: what waited comes, and the next line tells what is missing.
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  await new Promise((resolve) => setTimeout(resolve, 300));
  child.stdin.write('go on');
  await once(child, 'exit');
  const lost = Number(/ (\d+) lines were lost/.exec(text)?.[1]);
  expect(lost).toBeGreaterThan(15_000);
  expect(text.split('\n').filter((line) => line.includes('xxx'))).toHaveLength(20_001 - lost);
});
