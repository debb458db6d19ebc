// Raw terminal bytes → keys and pastes: splits bursts, joins sequences that arrive in pieces, keeps pasted text apart.

export type InputEvent =
  /** `a`, `F`, `?`, `up`, `enter`, `esc`, `shift-tab`, `ctrl-c`, `alt-x`, `f1`. */
  { readonly type: 'key'; readonly key: string } | { readonly type: 'paste'; readonly text: string };

export type Pending = 'escape' | 'paste';

export interface KeyParser {
  feed(bytes: Uint8Array): InputEvent[];
  /** What is unfinished: when nothing follows for a while (longer for a paste), call `flush`. */
  pending(): Pending | undefined;
  /** Gives up waiting: a lone ESC is the key `esc`; an unfinished sequence or paste is dropped. */
  flush(): InputEvent[];
}

const PASTE_START = '\x1b[200~';
const PASTE_END = '\x1b[201~';
/** So much of a paste is kept, however long it is. */
const LONGEST_PASTE = 1024;
/** Longest control sequence that is waited for: what is longer is noise. */
const LONGEST = 64;

const FINAL: Record<string, string> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  F: 'end',
  H: 'home',
  P: 'f1',
  Q: 'f2',
  R: 'f3',
  S: 'f4',
  Z: 'shift-tab',
};
const TILDE: Record<string, string> = {
  1: 'home',
  2: 'insert',
  3: 'delete',
  4: 'end',
  5: 'pageup',
  6: 'pagedown',
  7: 'home',
  8: 'end',
};
const CONTROL: Record<string, string> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\x7f': 'backspace',
  '\b': 'backspace',
  '\0': 'ctrl-space',
};

export function createKeyParser(): KeyParser {
  const decoder = new TextDecoder();
  let buffer = '';
  let paste: string | undefined;

  function step(): InputEvent | 'more' | undefined {
    if (paste !== undefined) return pasted();
    if (buffer === '') return 'more';
    if (buffer[0] !== '\x1b') return plain();
    if (buffer.length === 1) return 'more';
    if (buffer[1] === '[') return control();
    if (buffer[1] === 'O') {
      if (buffer.length < 3) return 'more';
      return taken(3, FINAL[buffer[2]!]);
    }
    if (buffer[1] === '\x1b') return taken(1, 'esc');
    const char = String.fromCodePoint(buffer.codePointAt(1)!);
    return taken(1 + char.length, char >= ' ' && char !== '\x7f' ? `alt-${char}` : undefined);
  }

  function pasted(): InputEvent | 'more' {
    const end = buffer.indexOf(PASTE_END);
    if (end < 0) {
      // Keep what may be the beginning of the end mark.
      const keep = Math.max(0, buffer.length - PASTE_END.length + 1);
      paste = (paste + buffer.slice(0, keep)).slice(0, LONGEST_PASTE);
      buffer = buffer.slice(keep);
      return 'more';
    }
    const text = (paste + buffer.slice(0, end)).slice(0, LONGEST_PASTE);
    buffer = buffer.slice(end + PASTE_END.length);
    paste = undefined;
    return { type: 'paste', text };
  }

  function plain(): InputEvent | undefined {
    const char = String.fromCodePoint(buffer.codePointAt(0)!);
    const code = char.charCodeAt(0);
    if (code < 0x20 || code === 0x7f) {
      return taken(1, CONTROL[char] ?? (code <= 26 ? `ctrl-${String.fromCharCode(code + 96)}` : undefined));
    }
    return taken(char.length, char === ' ' ? 'space' : char);
  }

  function control(): InputEvent | 'more' | undefined {
    const match = /^\x1b\[([0-?]*)([ -/]*)([@-~])/.exec(buffer);
    if (match === null) {
      const broken = !/^\x1b\[[0-?]*[ -/]*$/.test(buffer) || buffer.length > LONGEST;
      return broken ? taken(2, undefined) : 'more';
    }
    if (match[0] === PASTE_START) {
      paste = '';
      return taken(match[0].length, undefined);
    }
    const name = match[3] === '~' ? TILDE[match[1]!.split(';')[0]!] : FINAL[match[3]!];
    return taken(match[0].length, name);
  }

  function taken(length: number, key: string | undefined): InputEvent | undefined {
    buffer = buffer.slice(length);
    return key === undefined ? undefined : { type: 'key', key };
  }

  function drain(): InputEvent[] {
    const events: InputEvent[] = [];
    for (;;) {
      const event = step();
      if (event === 'more') return events;
      if (event !== undefined) events.push(event);
    }
  }

  return {
    feed(bytes) {
      buffer += decoder.decode(bytes, { stream: true });
      return drain();
    },
    pending: () => (paste !== undefined ? 'paste' : buffer !== '' ? 'escape' : undefined),
    flush() {
      const wasEscape = paste === undefined && buffer === '\x1b';
      buffer = '';
      paste = undefined;
      return wasEscape ? [{ type: 'key', key: 'esc' }] : [];
    },
  };
}
