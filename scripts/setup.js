// Makes a fresh clone ready: installs the dependencies and builds, each only when it is needed.
// Uses nothing but Node itself, because nothing is installed yet.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const at = (...parts) => join(root, ...parts);
const mtime = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);

function newest(folder) {
  let latest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    latest = Math.max(latest, entry.isDirectory() ? newest(path) : mtime(path));
  }
  return latest;
}

function run(command, args, why) {
  process.stderr.write(`kavtui: ${why}\n`);
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) {
    process.stderr.write(`kavtui: '${command} ${args.join(' ')}' failed\n`);
    process.exit(status ?? 1);
  }
}

const installed = mtime(at('node_modules', '.package-lock.json'));
if (installed < mtime(at('npm-shrinkwrap.json')) || installed === 0) {
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], 'installing dependencies (once)');
}
if (!process.argv.includes('--no-build')) {
  const built = mtime(at('dist', '.built'));
  const sources = Math.max(newest(at('src')), mtime(at('package.json')), mtime(at('scripts', 'build.js')));
  if (built < sources) run(process.execPath, [at('scripts', 'build.js')], 'building (once)');
}
