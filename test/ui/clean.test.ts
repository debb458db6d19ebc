import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clean, cleanText, createCleaner } from '../../src/ui/clean.ts';
import { fakeInstance, fakeSnapshot, HOSTILE } from '../support/fake-session.ts';

describe('text from outside', () => {
  it.each([
    ['VI_1', 'VI_1'],
    ['größe', 'größe'],
    ['\x1b[2Jgone', 'gone'],
    ['a\x1b]0;title\x07b', 'ab'],
    ['one\ntwo', 'one two'],
    ['\u202eevil', 'evil'],
    ['e\u0301', 'e'],
    ['\u1161x', '?x'],
    ['\ud800x', 'x'],
  ])('%j becomes %j', (text, expected) => {
    expect(cleanText(text)).toBe(expected);
  });

  it('leaves nothing that a terminal obeys or whose width is unsure', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        expect(cleanText(text)).not.toMatch(/[\p{C}\p{M}\u2028\u2029]/u);
      }),
    );
  });

  it('is cleaned everywhere in a message: values, lists and keys', () => {
    const message = { a: HOSTILE, list: [{ deep: HOSTILE }], [HOSTILE]: 1, n: 5, none: undefined, yes: true };
    expect(JSON.stringify(clean(message))).not.toMatch(/\\u00|\\u202|owned/);
    expect(clean(message)).toMatchObject({ n: 5, yes: true });
  });

  it('is cleaned in every update, and an instance that stays the same object stays it', () => {
    const cleaned = createCleaner();
    const [plain, hostile] = [fakeInstance(0, { name: 'VI_1' }), fakeInstance(0, { name: HOSTILE })];
    const update = (...instances: (typeof plain)[]) => {
      const snapshot = { ...fakeSnapshot(0), routerId: HOSTILE, instances };
      const told = cleaned({ type: 'update', snapshot, events: [], packets: [], dropped: 0, lateness: 0 });
      expect(JSON.stringify(told)).not.toMatch(/\\u00|\\u202|owned/);
      return told.type === 'update' ? told.snapshot.instances : [];
    };
    const first = update(plain, hostile);
    expect(first[0]).toBe(plain);
    const second = update(hostile, { ...plain, cause: HOSTILE });
    expect(second[0]).toBe(first[1]);
    expect(second[1]).toMatchObject({ name: 'VI_1' });
    expect(second[1]!.cause).toBe(cleanText(HOSTILE));
  });
});
