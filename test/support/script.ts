// A track script that a test can break and mend, and that keeps a record of its runs.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './host.ts';
import type { Host } from './lab.ts';

export interface ControlledScript {
  readonly path: string;
  break(): void;
  mend(): void;
  /** When the n-th run with this result after `after` ended (ms since the epoch); waits for it. */
  run(result: 'pass' | 'fail', n: number, after: number): Promise<number>;
}

export function controlledScript(host: Host): ControlledScript {
  const path = join(host.directory, 'check.sh');
  const [flag, record] = [join(host.directory, 'broken'), join(host.directory, 'runs')];
  writeFileSync(
    path,
    `#!/bin/bash
result=pass; [ -e ${flag} ] && result=fail
echo "$EPOCHREALTIME $result" >> ${record}
[ $result = pass ]
`,
    { mode: 0o755 },
  );
  const runs = (result: string, after: number) =>
    (existsSync(record) ? readFileSync(record, 'utf8') : '')
      .split('\n')
      .map((line) => line.split(' '))
      .map(([at, what]) => ({ at: Number(at) * 1000, what }))
      .filter((run) => run.what === result && run.at > after);
  return {
    path,
    break: () => writeFileSync(flag, ''),
    mend: () => rmSync(flag, { force: true }),
    run: async (result, n, after) => (await until(`run ${n}: ${result}`, 10_000, () => runs(result, after)[n - 1])).at,
  };
}
