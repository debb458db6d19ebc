// `check FILE`, asked for most often, as code that was compiled when the package was built.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';

/** Where its compiled code lies: of one version of Node and one processor, and no other may read it. */
export const compiledFile = (bundle) => `${bundle}.${process.version}-${process.arch}`;

/** Runs it; false where it is asked for otherwise, or was compiled for another Node: then the program has to do it. */
export function checkAlone([command, file, ...more]) {
  if (command !== 'check' || file === undefined || file.startsWith('-') || more.length > 0) return false;
  const at = fileURLToPath(new URL('../dist/cli/check-alone.cjs', import.meta.url));
  const compiled = readCompiled(at);
  if (compiled === undefined || compiled.cachedDataRejected) return false;
  const module = { exports: {} };
  compiled.runInThisContext()(createRequire(at), module);
  module.exports.checkAlone(file);
  return true;
}

function readCompiled(at) {
  try {
    return new Script(readFileSync(at, 'latin1'), { filename: at, cachedData: readFileSync(compiledFile(at)) });
  } catch {
    return undefined;
  }
}
