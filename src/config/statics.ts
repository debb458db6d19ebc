// static_ipaddress, static_routes, static_rules, and the track_group blocks that bind instances to them.
import type { NodeConfig, StaticAddress, StaticsConfig } from '../engine/config.ts';
import type { RouteSpec, RuleSpec } from '../wire/route.ts';
import { readAddressLine } from './addresses.ts';
import type { Globals } from './globals.ts';
import { judgeInterface } from './judge-host.ts';
import { type PolicyReader, readRoutes, readRules } from './policy-blocks.ts';
import type { Report } from './report.ts';
import type { Statement, Word } from './statement.ts';

/** What the file sets once and for all; absent parts are empty. */
export function resolveStatics(
  statements: readonly Statement[],
  globals: Globals,
  policy: PolicyReader,
  report: Report,
): Pick<NodeConfig, 'statics' | 'trackGroups'> {
  const addresses: StaticAddress[] = [];
  const routes: RouteSpec[] = [];
  const rules: RuleSpec[] = [];
  const trackGroups: { readonly name: string; readonly members: readonly string[] }[] = [];
  for (const block of statements) {
    const { name } = block.known;
    if (name === 'static_ipaddress') addresses.push(...readAddresses(block, globals, policy, report));
    else if (name === 'static_routes') routes.push(...readRoutes(block, policy, report));
    else if (name === 'static_rules') rules.push(...readRules(block, policy, report));
    else if (name === 'track_group' && block.words[0] !== undefined) {
      const members = block.statements.flatMap(({ lines }) => lines.flat().map(({ text }) => text));
      trackGroups.push({ name: block.words[0].text, members });
    }
  }
  const statics: StaticsConfig = {
    ...(addresses.length > 0 && { addresses }),
    ...(routes.length > 0 && { routes }),
    ...(rules.length > 0 && { rules }),
  };
  return {
    ...(Object.keys(statics).length > 0 && { statics }),
    ...(trackGroups.length > 0 && { trackGroups }),
  };
}

function readAddresses(
  block: Statement,
  { config }: Globals,
  policy: PolicyReader,
  report: Report,
): readonly StaticAddress[] {
  return block.lines.flatMap((words) => {
    const at = words.findIndex(({ text }, i) => i > 0 && text === 'track_group');
    const group: Word | undefined = at < 0 ? undefined : words[at + 1];
    if (group !== undefined && !policy.groups.has(group.text)) {
      report.error('undefined-script', group, `there is no track_group ${group.text.slice(0, 64)}`);
    }
    const rest = group === undefined ? words : words.filter((_, i) => i !== at && i !== at + 1);
    const line = readAddressLine(rest, report);
    if (line?.dev !== undefined) judgeInterface(line.dev, policy.host, report);
    if (line === undefined) return [];
    const { address, prefix, scope, options } = line;
    return [
      {
        interface: line.dev?.text ?? config.defaultInterface,
        address,
        prefix,
        scope,
        ...options,
        ...(group !== undefined && { trackGroup: group.text }),
      },
    ];
  });
}
