// src → dist: checked by tsc, then bundled, because to find and read 200 modules takes longer than all the rest of a
// start. The program comes in chunks, so that each command reads only what it needs; the screen's worker is one file,
// with Ink and React in it, so that a user's install has neither.
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
  [at('node_modules', 'typescript', 'bin', 'tsc'), '-p', at('tsconfig.build.json'), '--noEmit'],
  {
    cwd: root,
    stdio: 'inherit',
  },
);
if (tsc.status !== 0) process.exit(tsc.status ?? 1);

const common = { outdir: join(out, 'cli'), sourcemap: true, metafile: true, logLevel: 'warning' };
const bundles = await Promise.all([
  build({
    ...common,
    // Signals are taken before anything else is read; the sink of log lines is an entry for its test.
    entryPoints: ['main', 'signals', 'log-sink'].map((name) => at('src', 'cli', `${name}.ts`)),
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // Both have a native part, which is found beside them.
    external: ['koffi', 'raw-socket'],
    banner: {
      js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
    },
  }),
  // Beside the program, where ui/host looks for it.
  build({ ...common, ...workerBundle, entryPoints: [at('src', 'ui', 'worker.tsx')] }),
]);
writeFileSync(join(out, 'THIRD-PARTY-LICENSES.txt'), licenses(bundles));
writeFileSync(join(out, '.built'), '');
rmSync(at('dist'), { recursive: true, force: true });
renameSync(out, at('dist'));

/** The licence texts of all packages that went into the bundles. */
function licenses(outcomes) {
  const folders = new Set();
  for (const input of outcomes.flatMap(({ metafile }) => Object.keys(metafile.inputs))) {
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
