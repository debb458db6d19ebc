// Style tokens → terminal text, glyphs for Unicode and ASCII terminals, and which of them a terminal gets.
// State is told by a word first, by a shape second, by colour third: every level of colour must read the same.
import { fitSpans, type Line, type Span, spanText, width } from './text.ts';
import { DEFAULT_THEME, STYLES, type Style, sgr, THEMES, type ThemeData } from './themes.ts';

export type ColorLevel = 'never' | '16' | '256' | 'true';

export type { Style };

export interface ThemeOptions {
  readonly color: ColorLevel;
  readonly ascii: boolean;
  /** One of THEMES; absent: the default. */
  readonly name?: string;
  /** A theme of the operator's own, which `name` then does not choose. */
  readonly own?: ThemeData;
}

export interface Glyphs {
  readonly master: string;
  readonly backup: string;
  readonly fault: string;
  readonly init: string;
  readonly ok: string;
  readonly bad: string;
  /** One cell each, for histories. */
  readonly pass: string;
  readonly fail: string;
  readonly cursor: string;
  readonly flag: string;
  readonly arrow: string;
  readonly up: string;
  readonly down: string;
  readonly rule: string;
  readonly bar: string;
  readonly minus: string;
  readonly box: { readonly tl: string; readonly tr: string; readonly bl: string; readonly br: string };
}

const UNICODE: Glyphs = {
  master: '●',
  backup: '○',
  fault: '✗',
  init: '◌',
  ok: '✓',
  bad: '✗',
  pass: '✓',
  fail: '✗',
  cursor: '▸',
  flag: '⚑',
  arrow: '→',
  up: '▲',
  down: '▼',
  rule: '─',
  bar: '│',
  minus: '−',
  box: { tl: '╭', tr: '╮', bl: '╰', br: '╯' },
};

const PLAIN: Glyphs = {
  master: '*',
  backup: 'o',
  fault: 'X',
  init: '.',
  ok: 'ok',
  bad: 'X',
  pass: '+',
  fail: 'X',
  cursor: '>',
  flag: 'D',
  arrow: '>',
  up: '^',
  down: 'v',
  rule: '-',
  bar: '|',
  minus: '-',
  box: { tl: '+', tr: '+', bl: '+', br: '+' },
};

export const glyphsOf = ({ ascii }: ThemeOptions): Glyphs => (ascii ? PLAIN : UNICODE);

export interface Theme {
  readonly options: ThemeOptions;
  readonly glyphs: Glyphs;
  /** One line as terminal text: exactly `columns` cells, styles closed at its end. */
  paint(line: Line, columns: number): string;
}

export function createTheme(options: ThemeOptions): Theme {
  const { color, ascii, name = DEFAULT_THEME } = options;
  const data = options.own ?? THEMES[name] ?? THEMES[DEFAULT_THEME]!;
  const codes =
    color === 'never' ? undefined : new Map(STYLES.map((style): [Style, string] => [style, sgr(data[style], color)]));
  const paintSpan = (span: Span, under: Style | undefined): string => {
    const text = ascii ? spanText(span).replace(/[^\x20-\x7e]/gu, (char) => '?'.repeat(width(char))) : spanText(span);
    const own = typeof span === 'string' ? undefined : span[0];
    if (codes === undefined || text === '' || (own === undefined && under === undefined)) return text;
    const looks = [under, own].flatMap((style) => (style === undefined ? [] : [codes.get(style) ?? '']));
    const shown = looks.filter((look) => look !== '').join(';');
    return shown === '' ? text : `\x1b[${shown}m${text}\x1b[0m`;
  };
  return {
    options,
    glyphs: ascii ? PLAIN : UNICODE,
    paint: ({ spans, style }, columns) =>
      fitSpans(spans, columns)
        .map((span) => paintSpan(span, style))
        .join(''),
  };
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The colour level of a terminal: NO_COLOR and CLICOLOR=0 win over FORCE_COLOR, then COLORTERM and TERM tell. */
export function colorLevel(wanted: 'auto' | ColorLevel, env: Environment): ColorLevel {
  if (wanted !== 'auto') return wanted;
  if ((env.NO_COLOR ?? '') !== '' || env.CLICOLOR === '0' || env.FORCE_COLOR === '0') return 'never';
  const forced = { '1': '16', '2': '256', '3': 'true', true: '16' } as const;
  const level = forced[env.FORCE_COLOR as keyof typeof forced];
  if (level !== undefined) return level;
  const term = env.TERM ?? '';
  if (term === '' || term === 'dumb') return 'never';
  if (env.COLORTERM === 'truecolor' || env.COLORTERM === '24bit') return 'true';
  return term.includes('256') ? '256' : '16';
}

/**
 * Whether only ASCII may be drawn: the locale is not UTF-8, the terminal is one that lacks the glyphs, or the locale is
 * one in which terminals draw our signs two cells wide (Chinese, Japanese, Korean).
 */
export function needsAscii(env: Environment): boolean {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  return !/utf-?8/i.test(locale) || /^(?:zh|ja|ko)[_.]/.test(locale) || /^(linux|dumb|vt\d*)$/.test(env.TERM ?? '');
}
