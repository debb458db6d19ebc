// What a figure depends on beside the programs: the machine, its versions, and who else was using it.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';

/** Printed with the figures. */
export function machine(): Readonly<Record<string, string>> {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  return {
    date: new Date().toISOString().slice(0, 19),
    kavtui: version,
    node: process.version,
    keepalived: firstLine('keepalived', ['--version'], /v[\d.]+/),
    frr: firstLine('/usr/lib/frr/vrrpd', ['--version'], /[\d.]{3,}/),
    kernel: release(),
    processor: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GB`,
  };
}

function firstLine(program: string, args: readonly string[], pattern: RegExp): string {
  const { stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  return pattern.exec(`${stdout}${stderr}`)?.[0] ?? 'none';
}

/** µs in which somebody waited for a processor; the share of a span that it grew tells how quiet the machine was. */
export function pressureUs(): number {
  try {
    return Number(/some .*total=(\d+)/.exec(readFileSync('/proc/pressure/cpu', 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
