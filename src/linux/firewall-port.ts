// The router's own nftables table, written by the program `nft`: whole tables only, one at a time.
import { type ChildProcess, execFile, spawnSync } from 'node:child_process';
import type { FirewallPort, FirewallRules } from '../ports/firewall-port.ts';
import { done, type PortResult } from '../ports/result.ts';
import { createFirewallMarker } from './firewall-marker.ts';
import { nftRules } from './nft-rules.ts';

/** A program that hangs must not hold up the start or the end. */
const LIMIT_MS = 2000;
/** Where Debian has it, for those whose PATH is a user's. */
const PATH = `${process.env.PATH ?? ''}:/usr/sbin:/sbin`;

export interface LinuxFirewallPort extends FirewallPort {
  close(): void;
}

/** Needs the program nft and CAP_NET_ADMIN; without them the result says so. */
export function createFirewallPort(program = 'nft', marker = createFirewallMarker()): LinuxFirewallPort {
  const listeners: ((result: PortResult) => void)[] = [];
  const options = { env: { ...process.env, PATH, LC_ALL: 'C' }, timeout: LIMIT_MS };
  let child: ChildProcess | undefined;
  /** The last that was asked for while another runs. */
  let next: string | undefined;

  function start(text: string): void {
    const mine = execFile(program, ['-f', '-'], options, (error, _, stderr) => {
      // Abandoned: what comes after it has its own result.
      if (child !== mine) return;
      child = undefined;
      const waiting = next;
      next = undefined;
      if (waiting !== undefined) return start(waiting);
      const result = error === null ? done : refused(program, error.code, stderr);
      for (const listener of listeners) listener(result);
    });
    child = mine;
    // A program that ends before it has read all is told of by its exit.
    mine.stdin?.on('error', () => {});
    mine.stdin?.end(text);
  }

  /** Before the table is there, so that no crash comes between. */
  function mark(rules: FirewallRules | undefined): void {
    if (rules === undefined) marker.clear();
    else marker.set();
  }

  function abandon(): void {
    next = undefined;
    child?.kill('SIGKILL');
    child = undefined;
  }

  return {
    replace(rules, table) {
      abandon();
      mark(rules);
      const input = nftRules(rules, table);
      const { error, status, stderr } = spawnSync(program, ['-f', '-'], { ...options, input, encoding: 'utf8' });
      if (error !== undefined) return refused(program, (error as NodeJS.ErrnoException).code, '');
      return status === 0 ? done : refused(program, status, stderr);
    },
    replaceSoon(rules, table) {
      if (rules === undefined && !marker.isSet()) return;
      mark(rules);
      const text = nftRules(rules, table);
      if (child === undefined) start(text);
      else next = text;
    },
    onReplaced: (listener) => void listeners.push(listener),
    close: abandon,
  };
}

function refused(program: string, code: unknown, stderr: string): PortResult {
  if (code === 'ENOENT') {
    const cure = 'install it (Debian: apt-get install nftables)';
    return { ok: false, code: 'ENOENT', message: `packet filter rules need the program ${program}: ${cure}` };
  }
  const words = stderr.split('\n')[0]?.replace(/^\/dev\/stdin:\S+ /, '') || `it ended with ${String(code)}`;
  return { ok: false, code: 'EINVAL', message: `${program} refused the packet filter rules: ${words}` };
}
