// `npm run score:corpus -- DIR...` and `npm run score:traces -- DIR...`: bundles a scorer of test/score and runs it.
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
  const { scoreCorpus, scoreTraces } = await import(pathToFileURL(outfile).href);
  process.exitCode = (scoreCorpus ?? scoreTraces)(folders, (line) => console.log(line));
} finally {
  rmSync(outfile, { force: true });
}
