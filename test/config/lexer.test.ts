import { describe, expect, it } from 'vitest';
import { decomment } from '../../src/config/decomment.ts';
import { splitPieces } from '../../src/config/pieces.ts';
import { Report } from '../../src/config/report.ts';
import { type ReadLine, readLines } from '../../src/config/source.ts';
import { splitCommand, splitQuotedWords, splitWords } from '../../src/config/words.ts';

function lines(text: string) {
  const report = new Report();
  const read: ReadLine[] = [];
  readLines(text, 'f', report, (line) => read.push(line) > 0);
  return { read, texts: read.map(({ source, start, end }) => source.text.slice(start, end)), report };
}

/** The first line without its comment, and the codes of what was reported. */
function stripped(text: string) {
  const { read, report } = lines(text);
  const line = decomment(read[0]!, report);
  return { line, text: line?.text, codes: report.list().map((finding) => finding.code) };
}

function words(text: string): string[] {
  const { line } = stripped(text);
  return line === undefined ? [] : splitWords(line, 0, line.text.length).words.map((word) => word.text);
}

describe('physical lines', () => {
  it('end with LF or CR LF, the last one with nothing', () => {
    expect(lines('a\r\nb\n\nc').texts).toEqual(['a', 'b', '', 'c']);
    expect(lines('').texts).toEqual([]);
    expect(lines('a\n').texts).toEqual(['a']);
  });

  it('are counted from 1, blank ones too', () => {
    expect(lines('a\n\nb').read.map(({ source }) => source.number)).toEqual([1, 2, 3]);
  });

  it.each([
    ['1023 bytes are read at once', 'x'.repeat(1023), [1023]],
    ['what is longer is a line of its own', 'x'.repeat(1024), [1023, 1]],
    ['UTF-8 bytes count, not characters', 'é'.repeat(512), [511, 1]],
    ['a character is not cut in two', `${'x'.repeat(1022)}é`, [1022, 1]],
    ['very long lines are cut again', 'x'.repeat(2100), [1023, 1023, 54]],
  ])('%s', (_, text, lengths) => {
    const { texts, report } = lines(text);
    expect(texts.map((piece) => piece.length)).toEqual(lengths);
    expect(report.list().map((finding) => finding.code)).toEqual(lengths.length > 1 ? ['line-too-long'] : []);
  });

  it('stop at a NUL, which is an error', () => {
    const { texts, report } = lines('ab\0cd\nef');
    expect(texts).toEqual(['ab', 'ef']);
    expect(report.list()).toMatchObject([{ code: 'nul-byte', line: 1, column: 3, severity: 'error' }]);
  });
});

describe('comments', () => {
  it.each([
    ['a # b', 'a'],
    ['a ! b', 'a'],
    ['aa#x', 'aa'],
    ['"c#c" x # y', '"c#c" x'],
    ['dd\\#d', 'dd#d'],
    ['ee\\!e f\\#', 'ee!e f#'],
    ['ff\\xf', 'ff\\xf'],
    ["kk'#'k", "kk'"],
    ['  \t a', 'a'],
    ['# only', undefined],
    ['   ', undefined],
    ['"a \\" # b', undefined],
  ])('of %j leave %j', (text, expected) => {
    if (text === '"a \\" # b') expect(stripped(text).codes).toEqual(['unmatched-quote']);
    else expect(stripped(text)).toMatchObject({ text: expected, codes: [] });
  });

  it('a quote inside a comment needs no partner', () => {
    expect(stripped('a # "b').codes).toEqual([]);
  });

  it('a backslash at the end continues nothing and is joined to the word before it', () => {
    expect(words('one \\')).toEqual(['one\\']);
  });
});

describe('ordinary words', () => {
  it.each([
    ['a  b\tc\vd\fe', ['a', 'b', 'c', 'd', 'e']],
    ['"a b" c', ['a b', 'c']],
    ['gg"#"g', ['gg', '#', 'g']],
    ['a ""', ['a', '']],
    ["'a b'", ["'a", "b'"]],
  ])('%j', (text, expected) => expect(words(text)).toEqual(expected));

  it('know where they stand in the source, dropped backslashes and tabs included', () => {
    const { line } = stripped('\tone\\#x  "two three"');
    const split = splitWords(line!, 0, line!.text.length).words;
    expect(split.map(({ text, column, length }) => ({ text, column, length }))).toEqual([
      { text: 'one#x', column: 2, length: 6 },
      { text: 'two three', column: 10, length: 11 },
    ]);
  });

  it('end at a quote without a partner', () => {
    const { line } = stripped('"hh\\"hh"');
    expect(splitWords(line!, 0, line!.text.length)).toMatchObject({
      words: [{ text: 'hh\\' }, { text: 'hh' }],
      unmatched: { column: 8 },
    });
  });
});

describe('words of commands', () => {
  function commandWords(text: string): string[] {
    const { line } = stripped(text);
    return splitQuotedWords(line!, 0, line!.text.length).words.map((word) => word.text);
  }

  it.each([
    ["a 'b c' d", ['a', 'b c', 'd']],
    ['a"b c"\'d e\'f', ['ab cd ef']],
    ['"it\'s" x', ["it's", 'x']],
    ['\\x41\\101\\tq', ['AA\tq']],
    ['a\\ b', ['a b']],
  ])('%j', (text, expected) => expect(commandWords(text)).toEqual(expected));

  it.each([
    ['/bin/sh -c "a b"', ['/bin/sh', '-c', 'a b']],
    ["/bin/echo 'a  b' c", ['/bin/echo', 'a  b', 'c']],
    ['', []],
    ['x ""', ['x', '']],
    ['\\a\\b\\E\\f\\n\\r\\v\\cA\\q', ['\x07\b\x1b\f\n\r\v\x01q']],
    ["x 'y", undefined],
  ])('a command %j is run as %j', (text, argv) => expect(splitCommand(text)).toEqual(argv));
});

describe('braces', () => {
  it.each([
    ['a {', ['a', '{']],
    ['TCP_CHECK { connect_timeout 3 }', ['TCP_CHECK', '{', 'connect_timeout 3', '}']],
    ['}}', ['}', '}']],
    ['a{b}c', ['a', '{', 'b', '}', 'c']],
    ['x "{ }" {', ['x "{ }"', '{']],
    ["x '{'", ["x '", '{', "'"]],
    ['x "{', ['x "{']],
  ])('of %j stand alone', (text, expected) => {
    const pieces = splitPieces(stripped(text).line!);
    expect(pieces.map(({ line, from, to }) => line.text.slice(from, to))).toEqual(expected);
  });
});
