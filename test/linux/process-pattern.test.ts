import { describe, expect, it } from 'vitest';
import { type ProcessPattern, processMatches } from '../../src/ports/process-port.ts';

const SLEEP = { name: 'sleep', command: 'sleep\x001234\x00' };
const TWO = { name: 'sleep', command: 'sleep\x001234\x005\x00' };
const ABSOLUTE = { name: 'sleep', command: '/bin/sleep\x001234\x00' };
const KERNEL = { name: 'kthreadd', command: '' };

describe('a process matches', () => {
  // What keepalived 2.2.7 counted.
  it.each([
    ['its name, however it was called', 'sleep', [], 'name', [SLEEP, TWO, ABSOLUTE]],
    ['not its path as a name', '/bin/sleep', [], 'name', []],
    ['the first word of its command', 'sleep', [], 'command', [SLEEP, TWO]],
    ['exactly these parameters', 'sleep', ['1234'], 'exact', [SLEEP]],
    ['no parameters', 'sleep', [], 'exact', []],
    ['a path and parameters', '/bin/sleep', ['1234'], 'exact', [ABSOLUTE]],
    ['a last parameter that goes on', 'sleep', ['12'], 'initial', [SLEEP, TWO]],
    ['the first parameters', 'sleep', ['1234'], 'partial', [SLEEP, TWO]],
    ['not a part of the last of the first', 'sleep', ['12'], 'partial', []],
    ['any parameters', 'sleep', [], 'partial', [SLEEP, TWO]],
    ['a kernel thread by its name', 'kthreadd', [], 'name', [KERNEL]],
  ] as const)('%s', (_title, path, parameters, match, expected) => {
    const pattern: ProcessPattern = { name: 'p', path, parameters, match };
    expect([SLEEP, TWO, ABSOLUTE, KERNEL].filter((each) => processMatches(pattern, each))).toEqual(expected);
  });
});
