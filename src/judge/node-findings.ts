// What is wrong with a running router, as only the router itself can tell: its faults, its scripts, what does not reach it.
import { deliveryFindings } from './node-delivery.ts';
import type { NodeRule } from './node-facts.ts';
import { faultFindings } from './node-faults.ts';
import { scriptFindings } from './node-scripts.ts';
import { stateFindings } from './node-state.ts';

/** Subjects are names of instances, `script NAME`, or `this host`. One after the other: of many instances each takes its time. */
export const NODE_RULES: readonly NodeRule[] = [faultFindings, scriptFindings, deliveryFindings, stateFindings];
