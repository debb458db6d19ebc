// What is wrong with a running router, as only the router itself can tell: its faults, its scripts, what does not reach it.
import type { HostFinding } from './host-finding.ts';
import { deliveryFindings } from './node-delivery.ts';
import type { NodeFacts, NodeRule } from './node-facts.ts';
import { faultFindings } from './node-faults.ts';
import { scriptFindings } from './node-scripts.ts';
import { stateFindings } from './node-state.ts';

const RULES: readonly NodeRule[] = [faultFindings, scriptFindings, deliveryFindings, stateFindings];

/** Subjects are names of instances, `script NAME`, or `this host`. */
export function nodeFindings(facts: NodeFacts): HostFinding[] {
  return RULES.flatMap((rule) => rule(facts));
}
