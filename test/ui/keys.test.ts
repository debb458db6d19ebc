import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKeyParser, type InputEvent } from '../../src/ui/input/keys.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const name = (event: InputEvent): string => (event.type === 'key' ? event.key : `paste:${event.text}`);
const keys = (...reads: string[]): string[] => {
  const parser = createKeyParser();
  return reads.flatMap((read) => parser.feed(bytes(read))).map(name);
};

describe('keys from bytes', () => {
  it.each<[string, string[]]>([
    ['F', ['F']],
    ['FPN', ['F', 'P', 'N']],
    ['\r', ['enter']],
    ['\n', ['enter']],
    ['\t', ['tab']],
    ['\x1b[Z', ['shift-tab']],
    ['\x7f', ['backspace']],
    ['\x03', ['ctrl-c']],
    ['\x0c', ['ctrl-l']],
    ['\x1a', ['ctrl-z']],
    [' ', ['space']],
    ['é漢🔥', ['é', '漢', '🔥']],
    ['\x1b[A\x1b[B\x1b[C\x1b[D', ['up', 'down', 'right', 'left']],
    ['\x1bOA\x1bOB', ['up', 'down']],
    ['\x1b[H\x1b[F\x1b[1~\x1b[4~', ['home', 'end', 'home', 'end']],
    ['\x1b[5~\x1b[6~', ['pageup', 'pagedown']],
    ['\x1b[1;5A', ['up']],
    ['\x1bOP', ['f1']],
    ['\x1bx', ['alt-x']],
    // Replies of a terminal and mouse reports are no keys.
    ['\x1b[?62;1c', []],
    ['\x1b[<0;10;5Mj', ['j']],
    ['\x1b[15~', []],
  ])('%j', (read, expected) => {
    expect(keys(read)).toEqual(expected);
  });

  it('joins sequences and characters that arrive in pieces', () => {
    expect(keys('\x1b', '[B')).toEqual(['down']);
    expect(keys('\x1b[', '1;', '5A')).toEqual(['up']);
    const parser = createKeyParser();
    const fire = bytes('🔥');
    expect([...parser.feed(fire.subarray(0, 2)), ...parser.feed(fire.subarray(2))].map(name)).toEqual(['🔥']);
  });

  it('says when it waits, and takes a lone ESC as a key when nothing follows', () => {
    const parser = createKeyParser();
    expect(parser.feed(bytes('j\x1b')).map(name)).toEqual(['j']);
    expect(parser.pending()).toBe('escape');
    expect(parser.flush().map(name)).toEqual(['esc']);
    expect(parser.pending()).toBeUndefined();
  });

  it('drops an unfinished sequence when nothing follows', () => {
    const parser = createKeyParser();
    parser.feed(bytes('\x1b[1;'));
    expect(parser.flush()).toEqual([]);
    expect(parser.feed(bytes('j')).map(name)).toEqual(['j']);
  });

  it('keeps pasted text apart, also in pieces and with keys around it', () => {
    expect(keys('k\x1b[200~Fy\r\x1b[201~j')).toEqual(['k', 'paste:Fy\r', 'j']);
    expect(keys('\x1b[20', '0~F', 'y\x1b[2', '01', '~j')).toEqual(['paste:Fy', 'j']);
  });

  it('gives keys back when the end of a paste never comes', () => {
    const parser = createKeyParser();
    expect(parser.feed(bytes('\x1b[200~Fy'))).toEqual([]);
    expect(parser.pending()).toBe('paste');
    expect(parser.flush()).toEqual([]);
    expect(parser.feed(bytes('q')).map(name)).toEqual(['q']);
  });

  it('gives the same keys however the bytes are split', () => {
    const stream = bytes('jF\x1b[A\x1b[200~y\x1b[31mq\x1b[201~é\x1b[6~\x03');
    const whole = createKeyParser().feed(stream).map(name);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: stream.length }), { maxLength: 8 }), (cuts) => {
        const parser = createKeyParser();
        const at = [0, ...cuts.sort((a, b) => a - b), stream.length];
        const parts = at.slice(1).map((end, i) => stream.subarray(at[i], end));
        expect(parts.flatMap((part) => parser.feed(part)).map(name)).toEqual(whole);
      }),
    );
  });

  it('takes any bytes without throwing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (noise) => {
        const parser = createKeyParser();
        parser.feed(noise);
        parser.flush();
        expect(parser.pending()).toBeUndefined();
      }),
    );
  });
});
