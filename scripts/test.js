// Runs every test, and says how many of the interop tests ran. With KAVTUI_REQUIRE_INTEROP=1 a skipped one is a failure.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const args = [
  at('node_modules/vitest/vitest.mjs'),
  'run',
  '--reporter=default',
  `--reporter=${at('scripts/closing-reporter.js')}`,
  ...process.argv.slice(2),
];
const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
process.exit(status ?? 1);
