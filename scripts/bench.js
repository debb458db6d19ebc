// `node scripts/bench.js NAME [ARGUMENTS]`: bundles test/bench/NAME.ts and runs it. Benchmarks print; they judge nothing.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const [name, ...rest] = process.argv.slice(2);
const root = join(import.meta.dirname, '..');
const outfile = join(root, 'node_modules/.cache', `bench-${name}-${process.pid}.mjs`);
await build({
  entryPoints: [join(root, `test/bench/${name}.ts`)],
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  outfile,
  logLevel: 'error',
});
try {
  // A young generation that holds a whole measurement: what it allocates can be counted.
  const flags = ['--expose-gc', '--max-semi-space-size=256', '--min-semi-space-size=256'];
  process.exitCode = spawnSync(process.execPath, [...flags, outfile, ...rest], { stdio: 'inherit' }).status ?? 1;
} finally {
  rmSync(outfile, { force: true });
}
