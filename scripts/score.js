// `npm run score:corpus -- DIR...`, `score:traces` and `score:observe` likewise: bundles a scorer of test/score and runs it.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const [what, ...folders] = process.argv.slice(2);
const root = join(import.meta.dirname, '..');
const outfile = join(root, 'node_modules/.cache', `score-${what}-${process.pid}.mjs`);
await build({
  entryPoints: [join(root, `test/score/score-${what}.ts`)],
  bundle: true,
  platform: 'node',
  format: 'esm',
  outfile,
  logLevel: 'error',
});
try {
  const { scoreCorpus, scoreTraces, scoreObserve } = await import(pathToFileURL(outfile).href);
  process.exitCode = (scoreCorpus ?? scoreTraces ?? scoreObserve)(folders, (line) => console.log(line));
} finally {
  rmSync(outfile, { force: true });
}
