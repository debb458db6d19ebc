// Style tokens → SGR codes, glyphs for Unicode and ASCII terminals, and which of them a terminal gets.
// State is told by a word first, by a shape second, by colour third: every level of colour must read the same.
import { fitSpans, type Line, type Span, spanText, width } from './text.ts';

export type ColorLevel = 'never' | '16' | '256' | 'true';

export interface ThemeOptions {
  readonly color: ColorLevel;
  readonly ascii: boolean;
}

export type Style =
  | 'strong'
  | 'dim'
  | 'fault'
  | 'ok'
  | 'attention'
  | 'critical'
  | 'override'
  | 'overrideBar'
  | 'criticalBar'
  | 'selected'
  /** The chosen row of a list. */
  | 'chosen'
  | 'title'
  | 'key'
  | 'column';

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

const SGR: Record<'16' | '256' | 'true', Record<Style, string>> = {
  '16': {
    strong: '1',
    dim: '2',
    fault: '7;31',
    ok: '32',
    attention: '33',
    critical: '1;31',
    override: '35',
    overrideBar: '7;35',
    criticalBar: '7;31',
    selected: '7',
    chosen: '1',
    title: '1',
    key: '1',
    column: '2',
  },
  '256': {
    strong: '1',
    dim: '38;5;245',
    fault: '38;5;231;48;5;166',
    ok: '38;5;36',
    attention: '38;5;214',
    critical: '1;38;5;202',
    override: '38;5;175',
    overrideBar: '38;5;16;48;5;175',
    criticalBar: '38;5;231;48;5;166',
    selected: '7',
    chosen: '1',
    title: '1',
    key: '1',
    column: '38;5;245',
  },
  // Okabe–Ito: vermillion, orange, bluish green and reddish purple stay apart for red-green blindness.
  true: {
    strong: '1',
    dim: '38;2;140;140;140',
    fault: '38;2;255;255;255;48;2;213;94;0',
    ok: '38;2;0;158;115',
    attention: '38;2;230;159;0',
    critical: '1;38;2;240;110;20',
    override: '38;2;204;121;167',
    overrideBar: '38;2;0;0;0;48;2;204;121;167',
    criticalBar: '38;2;255;255;255;48;2;213;94;0',
    selected: '7',
    chosen: '1',
    title: '1',
    key: '1',
    column: '38;2;140;140;140',
  },
};

export const glyphsOf = ({ ascii }: ThemeOptions): Glyphs => (ascii ? PLAIN : UNICODE);

export interface Theme {
  readonly options: ThemeOptions;
  readonly glyphs: Glyphs;
  /** One line as terminal text: exactly `columns` cells, styles closed at its end. */
  paint(line: Line, columns: number): string;
}

export function createTheme(options: ThemeOptions): Theme {
  const { color, ascii } = options;
  const codes = color === 'never' ? undefined : SGR[color];
  const paintSpan = (span: Span, under: Style | undefined): string => {
    const text = ascii ? spanText(span).replace(/[^\x20-\x7e]/gu, (char) => '?'.repeat(width(char))) : spanText(span);
    const own = typeof span === 'string' ? undefined : span[0];
    if (codes === undefined || text === '' || (own === undefined && under === undefined)) return text;
    const sgr = [under, own].filter((style) => style !== undefined).map((style) => codes[style]);
    return `\x1b[${sgr.join(';')}m${text}\x1b[0m`;
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

/** Whether only ASCII may be drawn: the locale is not UTF-8, or the terminal is one that lacks the glyphs. */
export function needsAscii(env: Environment): boolean {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  return !/utf-?8/i.test(locale) || /^(linux|dumb|vt\d*)$/.test(env.TERM ?? '');
}
