// A configuration that is about to run: refused when it is wrong, or when kavtui would do only half of it.
import { blockers, type Diagnostic } from '../config/diagnostic.ts';
import { renderDiagnostic } from '../config/render.ts';
import type { NodeConfig } from '../engine/config.ts';
import { FAILED, fail, REFUSED } from './exit-codes.ts';
import { loadConfig } from './load-config.ts';

/** Prints what an operator has to know and ends the process (5) when the file must not run. */
export function readForRun(file: string, ignoreUnsupported: boolean): NodeConfig {
  const loaded = loadConfig(file);
  if (!loaded.ok) fail(FAILED, loaded.message);
  const { config, diagnostics, fatal } = loaded.result;
  const blocking = blockers(diagnostics);
  print(diagnostics.filter((each) => each.severity !== 'info' || blocking.includes(each)));
  if (fatal) fail(REFUSED, `${file} cannot run: keepalived would stop at once with it`);
  if (config.instances.length === 0) fail(REFUSED, `${file} has no vrrp_instance that can run`);
  if (blocking.length > 0 && !ignoreUnsupported) {
    fail(
      REFUSED,
      `${file} is refused: half a configuration splits a cluster. --ignore-unsupported runs it without these keywords`,
    );
  }
  return config;
}

function print(diagnostics: readonly Diagnostic[]): void {
  for (const diagnostic of diagnostics) process.stderr.write(`${renderDiagnostic(diagnostic).join('\n')}\n`);
}
