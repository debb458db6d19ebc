// One host as its configuration file describes it, and where in the file a thing is said.
import type { ParseResult } from '../config/parse-config.ts';
import type { Statement } from '../config/statement.ts';
import type { NodeConfig } from '../engine/config.ts';
import { applyTrackerRules } from '../engine/tracker-rules.ts';
import type { Evidence } from '../observe/finding.ts';
import type { InstanceConfig } from '../vrrp/config.ts';

export interface ConfiguredHost {
  /** What people call it: `lb1` of `lb1.conf`. */
  readonly name: string;
  readonly file: string;
  readonly result: ParseResult;
  /** With the weights that count: owners and members of sync groups lose some. */
  readonly config: NodeConfig;
  /** The block of each instance, by its name. */
  readonly blocks: ReadonlyMap<string, Statement>;
}

/** An instance and the host that has it. */
export interface Member {
  readonly host: ConfiguredHost;
  readonly instance: InstanceConfig;
}

export function configuredHost(name: string, file: string, result: ParseResult): ConfiguredHost {
  const instances = result.statements.filter(({ known }) => known.name === 'vrrp_instance');
  const blocks = new Map(instances.map((block) => [block.words[0]?.text ?? '', block]));
  return { name, file, result, config: applyTrackerRules(result.config).config, blocks };
}

/** The last statement of that keyword in the block of the instance. */
export function statementOf({ host, instance }: Member, keyword: string): Statement | undefined {
  return host.blocks.get(instance.name)?.statements.findLast(({ known }) => known.name === keyword);
}

/**
 * Where the instance says it: the line of the first of `keywords` that is there, else that of the instance, as a default.
 * `text` is ours, so that no secret of the file gets into it.
 */
export function said(member: Member, keywords: string | readonly string[], text: string): Evidence {
  const { host, instance } = member;
  const found = [keywords].flat().flatMap((keyword) => statementOf(member, keyword) ?? [])[0];
  const at = found ?? host.blocks.get(instance.name);
  return {
    kind: 'configuration',
    file: at?.keyword.line.file ?? host.file,
    line: at?.keyword.line.number ?? 1,
    text: `${host.name} ${instance.name}: ${text}${found === undefined ? ' (not said)' : ''}`,
  };
}

/** Where a block at the outermost level stands: `vrrp_script chk`. */
export function saidInBlock(host: ConfiguredHost, keyword: string, name: string, text: string): Evidence {
  const found = host.result.statements.findLast(
    ({ known, words }) => known.name === keyword && words[0]?.text === name,
  );
  const { file, number } = found?.keyword.line ?? { file: host.file, number: 1 };
  return { kind: 'configuration', file, line: number, text: `${host.name} ${keyword} ${name}: ${text}` };
}
