// Bundles the fixture program and the screen's worker side by side, as the build does for the product.
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { workerBundle } from '../../scripts/worker-bundle.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Path of the built program. It lies inside the project, so that packages resolve. */
export async function buildScreenProgram(): Promise<string> {
  const outdir = mkdtempSync(join(root, 'node_modules', '.screen-program-'));
  await build({
    entryPoints: {
      program: join(root, 'test', 'support', 'screen-program.ts'),
      worker: join(root, 'src', 'ui', 'worker.tsx'),
    },
    outdir,
    ...workerBundle,
    logLevel: 'error',
  });
  return join(outdir, 'program.js');
}
