// biome-ignore-all lint/suspicious/noTemplateCurlyInString: keepalived's own syntax
import { describe, expect, it } from 'vitest';
import type { LogicalLine } from '../../src/config/logical-line.ts';
import type { ParseOptions } from '../../src/config/options.ts';
import { preprocess } from '../../src/config/preprocess.ts';
import { Report } from '../../src/config/report.ts';

function linesOf(text: string, options: ParseOptions, report: Report): LogicalLine[] {
  const lines: LogicalLine[] = [];
  preprocess(text, 'f', options, report, (line) => void lines.push(line));
  return lines;
}

function read(text: string, options: ParseOptions = {}): { lines: string[]; findings: string[] } {
  const report = new Report();
  const lines = linesOf(text, options, report).map((line) => `${line.source.number} ${line.text}`);
  return { lines, findings: report.list().map(({ line, column, code }) => `${line}:${column} ${code}`) };
}

const OPTIONS: ParseOptions = {
  configId: 'low',
  directory: '/etc/k',
  environment: { HOME: '/root' },
  random: (min, max) => min * 1000 + max,
};

describe('definitions', () => {
  it.each([
    ['$A=one\n${A}x $A\nx$A\n$A,\n$Ay\nm$a-\n"$A"', ['2 onex one', '3 xone', '4 one,', '5 $Ay', '6 m$a-', '7 "$A"']],
    ['$B=  two words  # comment\n"${B}"', ['2 "two words"']],
    ['$D=a${A}b\n$A=1\n${D}\n$A=2\n${D}', ['3 a1b', '5 a2b']],
    ['x$E\n$E=\nx$E\n$E', ['1 x$E', '3 x']],
    [
      '$M=\\\nl1 \\\n  l2 $N \\\nl3\n$N=nn\n$M\np $M\nq $M r',
      ['6 l1', '6 l2 nn', '6 l3', '7 p l1', '7 l2 nn', '7 l3', '8 q $M r'],
    ],
    ['$V= \\\n@low a \\\n@high b \\\n$C=1 \\\nc $C\n$V', ['6 a', '6 c 1']],
    ['a${_HASH}b\n"a${_HASH}b"\n${_BANG}x', ['1 a', '2 "a#b"']],
    ['${_PWD} ${_INSTANCE} ${_ENV HOME}${_ENV toString}', ['1 /etc/k low /root']],
    ['${_RANDOM} ${_RANDOM 7} ${_RANDOM 1 2} ${_RANDOM 7 3}', ['1 32767 39767 1002 7007']],
  ])('%j', (text, lines) => expect(read(text, OPTIONS)).toEqual({ lines, findings: [] }));

  it.each([
    ['$A=${A}x\n${A}', [], ['2:1 definition-too-long']],
    ['$A=\\\nx\\\n$A\n$A', undefined, ['4:1 definition-too-long']],
    ['$A=\\\n$A \\\n$A\n$A', undefined, ['4:1 definition-too-long']],
    ['$C =three', ['1 $C =three'], []],
    ['a ${UNDEF}z', ['1 a ${UNDEF}z'], ['1:3 undefined-name']],
  ])('%j is said and bounded', (text, lines, findings) => {
    const result = read(text, OPTIONS);
    expect(result.findings).toEqual(findings);
    if (lines !== undefined) expect(result.lines).toEqual(lines);
  });
});

describe('conditions', () => {
  it.each([
    ['@low a\n@high b\n@^low c\n@^high d\n@low\n @low e', ['1 a', '4 d', '6 e']],
    ['@a @b x', []],
    ['$E=\n${E}@low a\n${E}@high b', ['2 a']],
  ])('%j', (text, lines) => expect(read(text, OPTIONS).lines).toEqual(lines));

  it('hold for no id when none is given', () => {
    expect(read('@low a\n@^low b').lines).toEqual(['2 b']);
  });
});

describe('sequences', () => {
  it.each([
    ['~SEQ(i,3) a$i ${i}', ['1 a1 1', '1 a2 2', '1 a3 3']],
    ['~SEQ(i,3,1) d$i', ['1 d3', '1 d2', '1 d1']],
    ['~SEQ(i,0x8,0xa) h$i', ['1 h8', '1 h9', '1 h10']],
    ['~SEQx(i,8,2,12) h$i', ['1 h8', '1 ha', '1 hc']],
    ['~SEQ( i , -2 ) s$i', ['1 s-1', '1 s-2']],
    ['~SEQ(i,2)~SEQ(j,2) a${i}b$j', ['1 a1b1', '1 a1b2', '1 a2b1', '1 a2b2']],
    ['~SEQ(i,2) ~SEQ(j,$i) a${i}b$j', ['1 a1b1', '1 a2b1', '1 a2b2']],
    ['~LST(v,x,y) a$v', ['1 ax', '1 ay']],
    ['~LST({a,b},{1,2},{3}) ${a}-${b}', ['1 1-2', '1 3-']],
    ['$N=2\n~SEQ(i,$N) a$i', ['2 a1', '2 a2']],
    ['$L=x1,x2\n~LST(v,${L}) k$v', ['2 kx1', '2 kx2']],
    ['$B=\\\na$i \\\nb${j}\n$S=~SEQ(j,1) $B\n~SEQ(i,2) $S', ['5 a1', '5 b1', '5 a2', '5 b1']],
    ['a ~SEQ(i,2) b', ['1 a ~SEQ(i,2) b']],
  ])('%j', (text, lines) => expect(read(text)).toEqual({ lines, findings: [] }));

  it.each(['~SEQ(i,0,0,3) z', '~SEQ(i,3,1,1) z', '~SEQ(i) z', '~SEQx(i,-1) z', '~LST({a},{1,2}) z', '~SEQ(i,2 z'])(
    '%s is refused and its line left out',
    (text) => expect(read(text)).toEqual({ lines: [], findings: ['1:1 invalid-sequence'] }),
  );

  it('stop when they make too many lines', () => {
    expect(read('~SEQ(i,1000000)~SEQ(j,1000000) x').findings).toEqual(['1:32 definition-too-long']);
  });
});

describe('a finding in text from a definition', () => {
  it('names the line of use, and the definition as a hint', () => {
    const report = new Report();
    const [line] = linesOf('$A=foo\n  pre ${A}d post', {}, report);
    expect(line!.text).toBe('pre food post');
    report.error(
      'unknown-keyword',
      { line: line!.source, column: 7, length: 4, note: 'from $A, defined on line 1' },
      'x',
    );
    expect(report.list()[0]).toMatchObject({ line: 2, column: 7, length: 4, hint: 'from $A, defined on line 1' });
  });
});

describe('includes', () => {
  const FILES: Readonly<Record<string, string>> = {
    a: 'x ${_PWD}\n$F=1',
    'd/b': 'include a\n',
    self: 'include self\ny',
  };
  const files: NonNullable<ParseOptions['files']> = {
    list: (pattern) => {
      if (pattern === 'dir') return [{ path: 'dir', kind: 'directory' }];
      if (pattern === '*') return ['a', 'd/b'].map((path) => ({ path, kind: 'file' }));
      return pattern in FILES ? [{ path: pattern, kind: 'file' }] : [];
    },
    read: (path) => ({ text: FILES[path]!, directory: `/of/${path}` }),
  };

  it('put the lines of the file in their place, with its name and directory, and keep its definitions', () => {
    const report = new Report();
    const lines = linesOf('b\ninclude a\n$F $F', { files }, report);
    expect(lines.map(({ source, text }) => `${source.file}:${source.number} ${text}`)).toEqual([
      'f:1 b',
      'a:1 x /of/a',
      'f:3 1 1',
    ]);
  });

  it('nest, and may come out of definitions, conditions and sequences', () => {
    const text = '$I=include a\n$I\n@low include d/b\n~SEQ(i,2) include *';
    expect(read(text, { ...OPTIONS, files }).lines).toHaveLength(6);
  });

  it.each([
    ['include none', 0],
    ['includer none', 0],
    ['includem none', 6],
    ['includem *x', 0],
    ['includew *x', 6],
    ['includeb {x,y}', 6],
    ['includea {x,y}', 6],
    ['include dir', 0],
    ['includer dir', 6],
    ['include self', 0],
    ['include "a"', 0],
  ])('%s is said, and ends with %d', (text, exit) => {
    const report = new Report();
    linesOf(text, { files }, report);
    expect(report.list()).toHaveLength(1);
    expect(report.exitCode).toBe(exit);
    expect(report.fatal).toBe(exit === 6);
  });

  it('block when there is nothing to read them with', () => {
    const report = new Report();
    linesOf('include a', {}, report);
    expect(report.list()).toMatchObject([{ code: 'not-yet-supported', blocking: true }]);
  });
});
