// A configuration that is about to run: refused when it is wrong, or when kavtui would do only half of it.
import { blockers, type Diagnostic } from '../config/diagnostic.ts';
import { renderDiagnostic } from '../config/render.ts';
import type { NodeConfig } from '../engine/config.ts';
import { privilegeAdvice, startCommand } from '../linux/privileges.ts';
import { FAILED, fail, MISSING_PERMISSION, REFUSED } from './exit-codes.ts';
import { type LoadResult, loadConfig } from './load-config.ts';

/** `findings`: what an operator has to know, also when it may run. `message`: why it may not, in one line. */
export type Judgement =
  | { readonly ok: true; readonly config: NodeConfig; readonly findings: readonly Diagnostic[] }
  | { readonly ok: false; readonly code: number; readonly message: string; readonly findings: readonly Diagnostic[] };

export function judgeForRun(file: string, ignoreUnsupported: boolean): Judgement {
  const loaded = loadConfig(file);
  if (!loaded.ok) return { ok: false, findings: [], ...unreadable(loaded) };
  const { config, diagnostics, fatal } = loaded.result;
  const blocking = blockers(diagnostics);
  const findings = diagnostics.filter((each) => each.severity !== 'info' || blocking.includes(each));
  const refuse = (message: string): Judgement => ({ ok: false, code: REFUSED, message, findings });
  if (fatal) return refuse(`${file} cannot run: keepalived would stop at once with it`);
  if (config.instances.length === 0) return refuse(`${file} has no vrrp_instance that can run`);
  if (blocking.length > 0 && !ignoreUnsupported) {
    const why = `${file} is refused: half a configuration splits a cluster.`;
    return refuse(`${why} --ignore-unsupported runs it without these keywords`);
  }
  return { ok: true, config, findings };
}

/** A file that this user may not read is a missing permission: the line to type is told. */
function unreadable({ message, denied }: Extract<LoadResult, { ok: false }>): { code: number; message: string } {
  if (!denied) return { code: FAILED, message };
  const [line] = privilegeAdvice([], startCommand(process.execPath, process.argv));
  return { code: MISSING_PERMISSION, message: `${message}; type: ${line}` };
}

/** Prints the findings, and ends the process when the file must not run. */
export function readForRun(file: string, ignoreUnsupported: boolean): NodeConfig {
  const judgement = judgeForRun(file, ignoreUnsupported);
  for (const finding of judgement.findings) process.stderr.write(`${renderDiagnostic(finding).join('\n')}\n`);
  return judgement.ok ? judgement.config : fail(judgement.code, judgement.message);
}
