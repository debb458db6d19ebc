// Who may import whom: the table of the architecture, checked on every import statement of src/.
import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, relative, resolve, sep } from 'node:path';
import { describe, expect, it } from 'vitest';

const SRC = resolve(import.meta.dirname, '../../src');

/**
 * For each folder of src/ what its files may import from others: a folder, one file of a folder, or `type` and a folder
 * of which only types are taken.
 */
const ALLOWED: Readonly<Record<string, readonly string[] | 'everything'>> = {
  wire: [],
  vrrp: ['wire'],
  engine: ['vrrp', 'wire', 'type ports'],
  config: ['vrrp', 'type engine', 'wire'],
  observe: ['wire', 'vrrp/timers.ts'],
  judge: ['engine', 'vrrp', 'wire', 'type config', 'type observe', 'type ports'],
  ports: ['type wire'],
  runtime: ['engine', 'ports', 'wire'],
  linux: ['ports', 'wire'],
  sim: ['ports', 'wire', 'engine', 'runtime'],
  session: ['engine', 'judge', 'observe', 'runtime', 'type ports', 'wire/frame.ts'],
  // wire/text.ts makes outside text fit to be drawn; a forecast needs the timers and the order of addresses.
  ui: [
    'engine',
    'observe',
    'session',
    'type vrrp',
    'vrrp/timers.ts',
    'wire/address.ts',
    'wire/text.ts',
    'wire/pcapng.ts',
  ],
  cli: 'everything',
};

/** These do no input or output and know no clock, screen or process. */
const PURE = ['wire', 'vrrp', 'engine', 'config', 'observe', 'judge'];
const IMPURE_PACKAGE = /^(?:react|ink)(?:\/|$)/;

interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
}

const STATEMENT =
  /^\s*(?:import|export)\s+(?<clause>[\w*\s{},$]*?)\s*\bfrom\s*(?<q1>['"])(?<from>[^'"]+)\k<q1>|^\s*import\s*(?<q2>['"])(?<bare>[^'"]+)\k<q2>|\bimport\s*\(\s*(?<q3>['"])(?<dynamic>[^'"]+)\k<q3>/gm;

/** The import and re-export statements of a source text. */
function importsOf(source: string): Import[] {
  return Array.from(source.matchAll(STATEMENT), ({ groups }) => ({
    specifier: (groups!.from ?? groups!.bare ?? groups!.dynamic)!,
    typeOnly: isTypeOnly(groups!.clause),
  }));
}

function isTypeOnly(clause: string | undefined): boolean {
  if (clause === undefined) return false;
  if (/^type\b/.test(clause)) return true;
  const named = /^\{(.*)\}$/s.exec(clause)?.[1];
  if (named === undefined) return false;
  const names = named.split(',').map((name) => name.trim());
  return names.every((name) => name === '' || name.startsWith('type '));
}

/** Why this import of the file at `path` (below src/) is not allowed; undefined when it is. */
function offence(path: string, { specifier, typeOnly }: Import): string | undefined {
  const folder = path.split('/')[0]!;
  const allowed = ALLOWED[folder];
  if (allowed === undefined) return `${path}: the folder ${folder} has no rule`;
  if (!specifier.startsWith('.')) {
    const impure = isBuiltin(specifier) || IMPURE_PACKAGE.test(specifier);
    return impure && PURE.includes(folder) ? `${path} → ${specifier}: ${folder} is pure` : undefined;
  }
  const target = relative(SRC, resolve(SRC, dirname(path), specifier))
    .split(sep)
    .join('/');
  const other = target.split('/')[0]!;
  if (other === folder || allowed === 'everything') return undefined;
  if (allowed.includes(other) || allowed.includes(target)) return undefined;
  if (allowed.includes(`type ${other}`)) return typeOnly ? undefined : `${path} → ${target}: types only`;
  return `${path} → ${target}`;
}

function sourceFiles(): string[] {
  return readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .map((path) => path.split(sep).join('/'))
    .filter((path) => /\.tsx?$/.test(path));
}

it('no file imports what its folder must not know', () => {
  const files = sourceFiles();
  const offences = files.flatMap((path) =>
    importsOf(readFileSync(resolve(SRC, path), 'utf8')).map((statement) => offence(path, statement)),
  );
  expect(files.length).toBeGreaterThan(0);
  expect(offences.filter((text) => text !== undefined)).toEqual([]);
});

describe('the check itself', () => {
  it('finds every form of import', () => {
    const source = `
      import a from '../wire/a.ts';
      import type { B } from "../wire/b.ts";
      import { type C, type D } from '../wire/c.ts';
      import {
        e,
        type F,
      } from '../wire/e.ts';
      import * as g from '../wire/g.ts';
      import '../wire/h.ts';
      export * from '../wire/i.ts';
      export type { J } from '../wire/j.ts';
      const k = await import('../wire/k.ts');
      // as told in a comment: taken from 'nowhere'
    `;
    expect(importsOf(source).map(({ specifier, typeOnly }) => `${specifier}${typeOnly ? ' type' : ''}`)).toEqual([
      '../wire/a.ts',
      '../wire/b.ts type',
      '../wire/c.ts type',
      '../wire/e.ts',
      '../wire/g.ts',
      '../wire/h.ts',
      '../wire/i.ts',
      '../wire/j.ts type',
      '../wire/k.ts',
    ]);
  });

  it.each([
    ['wire/a.ts', '../vrrp/b.ts', true, 'wire/a.ts → vrrp/b.ts'],
    ['wire/a.ts', './b.ts', false, undefined],
    ['ui/views/a.tsx', '../theme.ts', false, undefined],
    ['ui/views/a.tsx', '../../linux/b.ts', true, 'ui/views/a.tsx → linux/b.ts'],
    ['engine/a.ts', '../ports/b.ts', true, undefined],
    ['engine/a.ts', '../ports/b.ts', false, 'engine/a.ts → ports/b.ts: types only'],
    ['observe/a.ts', '../vrrp/timers.ts', false, undefined],
    ['observe/a.ts', '../vrrp/state.ts', true, 'observe/a.ts → vrrp/state.ts'],
    ['vrrp/a.ts', 'node:fs', false, 'vrrp/a.ts → node:fs: vrrp is pure'],
    ['vrrp/a.ts', 'fs', false, 'vrrp/a.ts → fs: vrrp is pure'],
    ['engine/a.ts', 'react/jsx-runtime', true, 'engine/a.ts → react/jsx-runtime: engine is pure'],
    ['config/a.ts', 'ipaddr.js', false, undefined],
    ['linux/a.ts', 'node:fs', false, undefined],
    ['cli/a.ts', '../linux/b.ts', false, undefined],
    ['utils/a.ts', './b.ts', false, 'utils/a.ts: the folder utils has no rule'],
  ])('%s importing %s (types only: %s)', (path, specifier, typeOnly, expected) => {
    expect(offence(path, { specifier, typeOnly })).toBe(expected);
  });
});
