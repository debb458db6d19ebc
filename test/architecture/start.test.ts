// What a command loads before it does anything: only imports that are not `import()` count.
import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const SRC = resolve(import.meta.dirname, '../../src');
const IMPORT = /^(?:import|export)\s(?!type\b)[^;'"]*?from\s*'([^']+)'|^import\s*'([^']+)'/gm;

/** Folders of src, and packages, that a module loads at once, itself or through others. */
function loadedBy(module: string): ReadonlySet<string> {
  const loaded = new Set<string>();
  const seen = new Set<string>();
  const open = [resolve(SRC, module)];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    loaded.add(relative(SRC, dirname(file)));
    for (const match of readFileSync(file, 'utf8').matchAll(IMPORT)) {
      const name = (match[1] ?? match[2])!;
      if (name.startsWith('.')) open.push(resolve(dirname(file), name));
      else if (!name.startsWith('node:')) loaded.add(name);
    }
  }
  return loaded;
}

describe('starting', () => {
  it('a command loads what reads its arguments, and no more', () => {
    expect([...loadedBy('cli/main.ts')].sort()).toEqual(['cli', 'commander']);
  });

  it.each(['cli/check.ts', 'cli/check-print.ts'])('%s loads no engine, no screen, no system calls', (module) => {
    expect([...loadedBy(module)].sort()).toEqual(['cli', 'config', 'vrrp', 'wire']);
  });
});
