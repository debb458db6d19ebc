// src → dist: every module by tsc (stack traces match the sources), the screen's worker as one bundle.
// Ink and React are bundled so that a user's install has neither, and start-up does not read 300 files.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { workerBundle } from './worker-bundle.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const at = (...parts) => join(root, ...parts);

// Beside the old one, which is replaced when all is done: a program that runs from it is not left without files.
const out = at('dist.new');
rmSync(out, { recursive: true, force: true });
const tsc = spawnSync(
  process.execPath,
  [at('node_modules', 'typescript', 'bin', 'tsc'), '-p', at('tsconfig.build.json'), '--outDir', out],
  {
    cwd: root,
    stdio: 'inherit',
  },
);
if (tsc.status !== 0) process.exit(tsc.status ?? 1);

const { metafile } = await build({
  entryPoints: [at('src', 'ui', 'worker.tsx')],
  outfile: join(out, 'ui', 'worker.js'),
  ...workerBundle,
  sourcemap: true,
  metafile: true,
  logLevel: 'warning',
});
writeFileSync(join(out, 'ui', 'THIRD-PARTY-LICENSES.txt'), licenses(metafile));
writeFileSync(join(out, '.built'), '');
rmSync(at('dist'), { recursive: true, force: true });
renameSync(out, at('dist'));

/** The licence texts of all packages that went into the bundle. */
function licenses(meta) {
  const folders = new Set();
  for (const input of Object.keys(meta.inputs)) {
    const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (match) folders.add(match[1]);
  }
  const parts = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(at(folder, 'package.json'), 'utf8'));
    const file = ['LICENSE', 'license', 'LICENSE.md', 'LICENSE.txt', 'license.md'].find((f) =>
      existsSync(at(folder, f)),
    );
    return `${name} ${version} (${license})\n\n${file ? readFileSync(at(folder, file), 'utf8').trim() : ''}`;
  });
  return `${parts.join(`\n\n${'-'.repeat(72)}\n\n`)}\n`;
}
