// The clipboard of the operator's own terminal, also at the other end of SSH, tmux or screen: OSC 52.

/** Terminals drop longer ones (xterm, tmux): base64 digits. */
const LONGEST = 74_994;
/** screen takes no longer piece of a passed-through sequence. */
const SCREEN_PIECE = 700;

type Environment = Readonly<Record<string, string | undefined>>;

export type Clipboard =
  | { readonly ok: true; readonly sequence: string; readonly bytes: number }
  | { readonly ok: false; readonly message: string };

/** The bytes that ask the terminal to take a text; no terminal ever answers whether it did. */
export function clipboardSequence(text: string, env: Environment): Clipboard {
  const utf8 = new TextEncoder().encode(text);
  const base64 = btoa(Array.from(utf8, (byte) => String.fromCharCode(byte)).join(''));
  if (base64.length > LONGEST) {
    const most = Math.floor((LONGEST * 3) / 4);
    return {
      ok: false,
      message: `${utf8.length} bytes are more than a terminal's clipboard takes (${most}): use :export`,
    };
  }
  const term = env.TERM ?? '';
  if (env.TMUX) return { ok: true, sequence: forTmux(`\x1b]52;c;${base64}\x1b\\`), bytes: utf8.length };
  if (env.STY || term.startsWith('screen')) {
    return { ok: true, sequence: forScreen(`\x1b]52;c;${base64}\x07`), bytes: utf8.length };
  }
  return { ok: true, sequence: `\x1b]52;c;${base64}\x1b\\`, bytes: utf8.length };
}

/** Passed on by tmux (allow-passthrough), every ESC doubled. */
const forTmux = (sequence: string): string => `\x1bPtmux;${sequence.replaceAll('\x1b', '\x1b\x1b')}\x1b\\`;

/** Passed on by screen, in pieces. */
function forScreen(sequence: string): string {
  const pieces = sequence.match(new RegExp(`[\\s\\S]{1,${SCREEN_PIECE}}`, 'g')) ?? [];
  return pieces.map((piece) => `\x1bP${piece}\x1b\\`).join('');
}
