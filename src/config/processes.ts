// Which of keepalived's processes reads which blocks: each reads the whole file, skips what is not its own, and the first
// that finds a keyword without its word ends `keepalived -t` there (lexer.md §1).
import { KNOWN_KEYWORDS, ROOT } from './known-keywords.ts';

/** In the order in which `keepalived -t` lets them read the file. */
export const PROCESSES = ['parent', 'checker', 'vrrp', 'bfd'] as const;
export type Process = (typeof PROCESSES)[number];

const BLOCKS: Readonly<Record<string, readonly Process[]>> = {
  virtual_server: ['checker'],
  virtual_server_group: ['checker'],
  SSL: ['checker'],
  track_file: ['checker', 'vrrp'],
  vrrp_track_file: ['checker', 'vrrp'],
  bfd_instance: ['checker', 'vrrp', 'bfd'],
  track_group: ['vrrp'],
  static_ipaddress: ['vrrp'],
  static_routes: ['vrrp'],
  static_rules: ['vrrp'],
  vrrp_sync_group: ['vrrp'],
  garp_group: ['vrrp'],
  linkbeat_interfaces: ['vrrp'],
  vrrp_instance: ['vrrp'],
  vrrp_script: ['vrrp'],
  vrrp_track_process: ['vrrp'],
  interface_up_down_delays: ['vrrp'],
};

/** The processes that read an outermost keyword; all others belong to the parent. */
export function processesOf(name: string): readonly Process[] {
  return BLOCKS[name] ?? ['parent'];
}

/** The process whose handler judges a line in a block; of a BFD session each process takes its own lines. */
export function judgeOf(context: string, name: string): Process {
  if (context === ROOT) return processesOf(name)[0]!;
  if (context === 'bfd_instance')
    return name === 'weight' || name === 'vrrp' ? 'vrrp' : name === 'checker' ? name : 'bfd';
  return JUDGES.get(context) ?? 'parent';
}

/** By block path. */
const JUDGES: ReadonlyMap<string, Process> = new Map(
  [...KNOWN_KEYWORDS.values()]
    .flatMap((block) => [...block.values()])
    .map(({ path }) => [path, processesOf(path.split('/', 1)[0]!)[0]!]),
);
