// Tracked files (track_file): which are watched, and the number that each of them holds.
import type { FileContent } from '../ports/file-port.ts';
import type { NodeConfig } from './config.ts';
import type { Node } from './node.ts';
import { log } from './node.ts';
import type { Part } from './part.ts';
import { usersOf } from './tracks.ts';

const INT32 = 2 ** 31;

export const files: Part = {
  started(node) {
    initialise(node, undefined);
    watchFiles(node);
  },
  reloaded(node, before) {
    const old = node.files;
    node.files = new Map(
      [...planFiles(node.config)].map(([name, { config }]) => {
        const known = [...old.values()].find((entry) => entry.config.path === config.path);
        return [name, { config, value: known?.value }];
      }),
    );
    initialise(node, before);
    watchFiles(node);
  },
};

/** The tracked files of a configuration, not read yet. */
export function planFiles({ trackFiles = [] }: NodeConfig): Node['files'] {
  return new Map(trackFiles.map((config) => [config.name, { config, value: undefined }]));
}

/** A file was read. No file, or no number in it, is 0; a number that is no 32-bit one is as if nothing had happened. */
export function fileChanged(node: Node, { path, text }: FileContent): void {
  for (const entry of node.files.values()) {
    if (entry.config.path !== path) continue;
    const value = readNumber(text ?? '');
    if (value < -INT32 || value >= INT32) {
      log(node, { level: 'warning', kind: 'script', text: `Invalid number ${value} read from ${path} - ignoring` });
      entry.value ??= 0;
      continue;
    }
    if (entry.value !== undefined && entry.value !== value) {
      log(node, {
        level: 'info',
        kind: 'script',
        subject: entry.config.name,
        text: `Track file ${entry.config.name} is ${value}, was ${entry.value}`,
      });
    }
    entry.value = value;
  }
}

/** C's strtol with base 0: blanks, a sign, `0x` or `0` for other bases; what follows the digits does not matter. */
export function readNumber(text: string): number {
  const match = /^[\s]*([+-]?)(?:0x([0-9a-f]+)|(0[0-7]*)|([1-9][0-9]*))/i.exec(text);
  if (match === null) return 0;
  const [, sign, hex, octal, decimal] = match;
  const value =
    hex !== undefined ? Number.parseInt(hex, 16) : octal !== undefined ? Number.parseInt(octal, 8) : Number(decimal);
  return sign === '-' ? 0 - value : value;
}

/** init_file: at the start, and later for files that are new. keepalived writes those too that nobody tracks. */
function initialise(node: Node, before: NodeConfig | undefined): void {
  for (const { config } of node.files.values()) {
    const { path, init } = config;
    if (init === undefined || before?.trackFiles?.some((old) => old.path === path && old.init !== undefined)) continue;
    node.out.push({ kind: 'initialiseFile', file: { path, text: `${init.value}\n`, overwrite: init.overwrite } });
  }
}

function watchFiles(node: Node): void {
  const used = [...node.files.values()].filter(({ config }) => usersOf(node, 'file', config.name).length > 0);
  const paths = [...new Set(used.map(({ config }) => config.path))];
  if (JSON.stringify(paths) === JSON.stringify(node.watching.files)) return;
  node.watching.files = paths;
  node.out.push({ kind: 'watchFiles', paths });
}
