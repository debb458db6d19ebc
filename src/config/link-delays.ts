// interface_up_down_delays: how long a link has to stay up or down before it counts.
import type { LinkDelays } from '../engine/config.ts';
import type { InstanceConfig } from '../vrrp/config.ts';
import { DOWN_TIMER_ADVERTS } from '../vrrp/timers.ts';
import type { HostFacts } from './host-facts.ts';
import type { Report } from './report.ts';
import type { Statement, Word } from './statement.ts';
import { readSeconds } from './values.ts';

const RANGE = { min: 0, max: 255 };

/** By interface; undefined when the file has no such block. */
export function resolveLinkDelays(
  statements: readonly Statement[],
  instances: readonly InstanceConfig[],
  host: HostFacts | undefined,
  report: Report,
): Readonly<Record<string, LinkDelays>> | undefined {
  const delays = new Map<string, LinkDelays & { readonly at: Word }>();
  for (const { known, lines } of statements) {
    if (known.name !== 'interface_up_down_delays') continue;
    for (const [name, down, up] of lines) {
      if (name === undefined) continue;
      if (host !== undefined && !host.dynamicInterfaces && !host.interfaces.has(name.text)) {
        report.error('no-such-interface', name, `there is no interface ${name.text.slice(0, 64)} on this host`);
      } else if (down === undefined) {
        report.info('missing-value', name, `${name.text.slice(0, 64)} has no delay behind it; the line is ignored`);
      } else {
        const downUs = readSeconds(down, 'the down delay', RANGE, 'the line is ignored', report);
        // keepalived's manual says that up is as down then; it is 0.
        const upUs = up === undefined ? 0 : readSeconds(up, 'the up delay', RANGE, 'the line is ignored', report);
        if (downUs !== undefined && upUs !== undefined) delays.set(name.text, { downUs, upUs, at: name });
      }
    }
  }
  if (delays.size === 0) return undefined;
  return Object.fromEntries(
    [...delays].map(([name, { at, ...own }]) => [name, limit(name, own, instances, at, report)]),
  );
}

/** A BACKUP that cannot hear must know it before it takes over: the delays have to be below the silence it waits for. */
function limit(
  name: string,
  delays: LinkDelays,
  instances: readonly InstanceConfig[],
  at: Word,
  report: Report,
): LinkDelays {
  let { downUs, upUs } = delays;
  for (const { interface: own, name: instance, advertIntervalUs, options } of instances) {
    if (own !== name) continue;
    const silence = ((options?.downTimerAdverts ?? DOWN_TIMER_ADVERTS) - 1) * advertIntervalUs;
    if (Math.max(downUs, upUs) < silence) continue;
    const longest = Math.max(0, silence - Math.floor(advertIntervalUs / 256));
    downUs = Math.min(downUs, longest);
    upUs = Math.min(upUs, longest);
    const message = `the delays of ${name} have to be less than ${silence / 1e6} s for ${instance}: they are reduced`;
    report.info('out-of-range', at, message, { whole: true });
  }
  return { downUs, upUs };
}
