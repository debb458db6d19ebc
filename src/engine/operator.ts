// Commands of an operator, and their expiry.
import type { CommandResult, OperatorCommand } from './commands.ts';
import { settingsOf } from './conditions.ts';
import type { Node } from './node.ts';
import { log } from './node.ts';
import { lifeOf, type Override, planOverride } from './overrides.ts';
import type { Part } from './part.ts';

export const overrides: Part = {
  ticked(node) {
    for (const override of node.overrides) if (override.expiresAt <= node.now) remove(node, override, 'expired');
  },
  nextDeadline(node) {
    let next = Number.POSITIVE_INFINITY;
    for (const { expiresAt } of node.overrides) next = Math.min(next, expiresAt);
    return next;
  },
};

/** Carries out a command on the list of overrides; the caller refreshes the conditions. */
export function command(node: Node, order: OperatorCommand): CommandResult {
  if (order.kind === 'undo') return undo(node, order.id);
  if (order.kind === 'undo-all') return undoAll(node);
  const router = node.routers.get(order.instance);
  if (router === undefined) return { ok: false, message: `there is no instance ${order.instance}` };
  const plan = planOverride(order, settingsOf(node, router), router.config.priority);
  if (!plan.ok) return plan;
  const { change, text } = plan;
  // A new override of a kind takes the place of the old one.
  node.overrides = node.overrides.filter((old) => old.instance !== order.instance || old.change.kind !== change.kind);
  node.lastId += 1;
  const expiresAt = node.now + lifeOf(order);
  node.overrides.push({
    id: node.lastId,
    instance: order.instance,
    kind: change.kind,
    text,
    change,
    setAt: node.now,
    expiresAt,
    ...(order.who === undefined ? {} : { who: order.who }),
    ...(order.why === undefined ? {} : { why: order.why }),
  });
  const life = `for ${Math.round(lifeOf(order) / 1_000_000)} s`;
  const source = `${order.who === undefined ? '' : ` by ${order.who}`}${order.why === undefined ? '' : `: ${order.why}`}`;
  log(node, {
    level: 'warning',
    kind: 'override',
    instance: order.instance,
    text: `override: ${text} ${life}${source}`,
  });
  return { ok: true, message: `${order.instance}: ${text} ${life}` };
}

function undo(node: Node, id: number | undefined): CommandResult {
  const override = id === undefined ? node.overrides.at(-1) : node.overrides.find((each) => each.id === id);
  if (override === undefined) return { ok: false, message: 'there is no override to take back' };
  remove(node, override, 'taken back');
  return { ok: true, message: `${override.instance}: ${override.text} taken back` };
}

function undoAll(node: Node): CommandResult {
  const all = node.overrides;
  if (all.length === 0) return { ok: false, message: 'there is no override to take back' };
  for (const override of all) remove(node, override, 'taken back');
  return { ok: true, message: `${all.length} override${all.length === 1 ? '' : 's'} taken back` };
}

function remove(node: Node, override: Override, how: string): void {
  node.overrides = node.overrides.filter((each) => each !== override);
  const { instance, text } = override;
  log(node, { level: 'warning', kind: 'override', instance, text: `override ${how}: ${text}` });
}
