// What takes part in the life of a node beside its virtual routers: scripts, sockets, overrides and the like.
import type { NodeConfig } from './config.ts';
import type { Node } from './node.ts';

/** Each word is optional. Conditions are refreshed after `started`, `ticked` and `reloaded` of all parts. */
export interface Part {
  /** The links are known; no instance has started. */
  started?(node: Node): void;
  /** Its deadline has come. */
  ticked?(node: Node): void;
  /** When it wants `ticked`, µs; Infinity: never. */
  nextDeadline?(node: Node): number;
  /** Its deadlines change nothing that instances have to know. */
  readonly quiet?: true;
  /** `node.config` is another one from now on, and so are `node.routers`. */
  reloaded?(node: Node, before: NodeConfig): void;
  /** The instances have stopped and released their addresses. The parts have their turns backwards. */
  stopped?(node: Node): void;
}
