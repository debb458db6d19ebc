// `npm run score:traces -- DIR...`: bundles the scorer of test/score and runs it over folders of traces.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const outfile = join(root, 'node_modules/.cache', `score-traces-${process.pid}.mjs`);
await build({
  entryPoints: [join(root, 'test/score/score-traces.ts')],
  bundle: true,
  platform: 'node',
  format: 'esm',
  outfile,
  logLevel: 'error',
});
try {
  const { scoreTraces } = await import(pathToFileURL(outfile).href);
  process.exitCode = scoreTraces(process.argv.slice(2), (line) => console.log(line));
} finally {
  rmSync(outfile, { force: true });
}
