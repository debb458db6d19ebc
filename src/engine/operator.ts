// Commands of an operator, and their expiry.
import type { CommandResult, OperatorCommand, SetCommand } from './commands.ts';
import { settingsOf } from './conditions.ts';
import type { Node } from './node.ts';
import { log } from './node.ts';
import { lifeOf, type Override, planOverride } from './overrides.ts';
import { announce } from './pacing.ts';
import type { Part } from './part.ts';
import { runScriptNow } from './script-runs.ts';

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

/** Carries out a command; the caller refreshes the conditions. */
export function command(node: Node, order: OperatorCommand): CommandResult {
  switch (order.kind) {
    case 'undo':
      return undo(node, order.id);
    case 'undo-all':
      return undoAll(node);
    case 'announce':
      return announceNow(node, order.instance, order.who);
    case 'run-script':
      return runScriptNow(node, order.script, order.who);
    default:
      return override(node, order);
  }
}

/** One burst, as on becoming MASTER (garp_master_repeat); the pace of an interface holds for it too. */
function announceNow(node: Node, name: string, who: string | undefined): CommandResult {
  const router = node.routers.get(name);
  if (router === undefined) return { ok: false, message: `there is no instance ${name}` };
  const { state, config } = router;
  if (state.state !== 'MASTER') {
    return { ok: false, message: `${name} is ${state.state}: only a MASTER announces its addresses` };
  }
  const places = [...config.addresses, ...config.excluded];
  if (places.length === 0) return { ok: false, message: `${name} has no address to announce` };
  const rounds = Math.max(1, config.announcements.repeat);
  const addresses = `${places.length} address${places.length === 1 ? '' : 'es'}`;
  const text = `announcing ${addresses} ${rounds === 1 ? 'once' : `${rounds} times`}`;
  log(node, { level: 'info', kind: 'address', instance: name, text: `${text}, asked for by ${who ?? 'the operator'}` });
  announce(node, router, Array.from({ length: rounds }, () => places).flat());
  return { ok: true, message: `${name}: ${text}` };
}

function override(node: Node, order: SetCommand): CommandResult {
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
