// `npm run score:corpus -- DIR...`: bundles the scorer of test/score and runs it over folders of the corpus form.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const outfile = join(root, 'node_modules/.cache', `score-corpus-${process.pid}.mjs`);
await build({
  entryPoints: [join(root, 'test/score/score-corpus.ts')],
  bundle: true,
  platform: 'node',
  format: 'esm',
  outfile,
  logLevel: 'error',
});
try {
  const { scoreCorpus } = await import(pathToFileURL(outfile).href);
  process.exitCode = scoreCorpus(process.argv.slice(2), (line) => console.log(line));
} finally {
  rmSync(outfile, { force: true });
}
