// Colour themes as data: what each style token looks like, and how that is said to terminals of 16, 256 or all colours.
// A style that needs colour to be told apart has a word and a shape beside it on the screen.

/** Tokens that views use; a theme says what they look like. */
export const STYLES = [
  'strong',
  'dim',
  'fault',
  'ok',
  'attention',
  'critical',
  'override',
  'overrideBar',
  'criticalBar',
  'selected',
  /** The chosen row of a list. */
  'chosen',
  'title',
  'key',
  'column',
] as const;
export type Style = (typeof STYLES)[number];

/** Looks of one style. Colours are `#rrggbb`; `named`: its colour where a terminal has only sixteen. */
export interface Look {
  readonly fg?: string;
  readonly bg?: string;
  readonly named?: keyof typeof NAMED;
  readonly bold?: boolean;
  readonly dim?: boolean;
  readonly underline?: boolean;
  readonly reverse?: boolean;
}

export type ThemeData = Readonly<Record<Style, Look>>;

const NAMED = { black: 30, red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36, white: 37 } as const;

const BOLD: Look = { bold: true };
const GREY: Look = { fg: '#8c8c8c' };
const VERMILLION: Look = { fg: '#ffffff', bg: '#d55e00', named: 'red' };

/** Okabe–Ito colours: vermillion, orange, bluish green and reddish purple stay apart for red-green blindness. */
const dark: ThemeData = {
  strong: BOLD,
  dim: GREY,
  fault: VERMILLION,
  ok: { fg: '#009e73', named: 'green' },
  attention: { fg: '#e69f00', named: 'yellow' },
  critical: { fg: '#f06e14', named: 'red', bold: true },
  override: { fg: '#cc79a7', named: 'magenta' },
  overrideBar: { fg: '#000000', bg: '#cc79a7', named: 'magenta' },
  criticalBar: VERMILLION,
  selected: { reverse: true },
  chosen: BOLD,
  title: BOLD,
  key: BOLD,
  column: GREY,
};

/** The same colours, darker, for a light background. */
const light: ThemeData = {
  ...dark,
  dim: { fg: '#5f5f5f' },
  column: { fg: '#5f5f5f' },
  ok: { fg: '#00664b', named: 'green' },
  attention: { fg: '#8a5a00', named: 'yellow', bold: true },
  critical: { fg: '#a84300', named: 'red', bold: true },
  override: { fg: '#8a3f6b', named: 'magenta' },
  overrideBar: { fg: '#ffffff', bg: '#8a3f6b', named: 'magenta' },
};

/** Nothing faint, and what is chosen is reversed. */
const contrast: ThemeData = {
  ...dark,
  dim: {},
  column: { underline: true },
  chosen: { reverse: true },
  ok: { fg: '#00ff9f', named: 'green' },
  attention: { fg: '#ffd000', named: 'yellow', bold: true },
  critical: { fg: '#ffffff', bg: '#d50000', named: 'red', bold: true },
};

/** No colours: bold, underline, reverse. */
const mono: ThemeData = {
  ...dark,
  dim: {},
  column: { underline: true },
  fault: { reverse: true },
  ok: {},
  attention: BOLD,
  critical: { bold: true, underline: true },
  override: { underline: true },
  overrideBar: { reverse: true },
  criticalBar: { reverse: true, bold: true },
};

export const THEMES: Readonly<Record<string, ThemeData>> = { dark, light, contrast, mono };
export const DEFAULT_THEME = 'dark';

/** The SGR parameters of a look; empty when it looks like plain text. */
export function sgr(look: Look, level: '16' | '256' | 'true'): string {
  const { fg, bg, named } = look;
  const codes: (number | string)[] = [];
  if (look.bold) codes.push(1);
  if (look.underline) codes.push(4);
  if (look.dim || (level === '16' && fg !== undefined && bg === undefined && named === undefined)) codes.push(2);
  if (look.reverse || (level === '16' && bg !== undefined)) codes.push(7);
  if (level === '16') {
    if (named !== undefined) codes.push(NAMED[named]);
  } else {
    if (fg !== undefined) codes.push(`38;${colour(fg, level)}`);
    if (bg !== undefined) codes.push(`48;${colour(bg, level)}`);
  }
  return codes.join(';');
}

function colour(hex: string, level: '256' | 'true'): string {
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as [number, number, number];
  return level === 'true' ? `2;${r};${g};${b}` : `5;${nearest256(r, g, b)}`;
}

const STEPS = [0, 95, 135, 175, 215, 255];

/** Number of the nearest colour of the 6x6x6 cube, or of the 24 greys. */
function nearest256(r: number, g: number, b: number): number {
  const step = (value: number): number =>
    STEPS.reduce((best, each, i) => (Math.abs(each - value) < Math.abs(STEPS[best]! - value) ? i : best), 0);
  if (r === g && g === b && r > 4 && r < 247) return 232 + Math.min(23, Math.round((r - 8) / 10));
  return 16 + 36 * step(r) + 6 * step(g) + step(b);
}

/** A theme from plain data (a JSON file): looks that it does not give are those of the default. Or what is wrong. */
export function readTheme(data: unknown): ThemeData | string {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return 'a theme is an object of styles';
  const theme: Record<string, Look> = { ...dark };
  for (const [style, look] of Object.entries(data)) {
    if (!(STYLES as readonly string[]).includes(style)) return `no style ${style}: ${STYLES.join(' ')}`;
    const problem = lookProblem(look);
    if (problem !== undefined) return `${style}: ${problem}`;
    theme[style] = look as Look;
  }
  return theme as ThemeData;
}

function lookProblem(look: unknown): string | undefined {
  if (typeof look !== 'object' || look === null) return 'an object with fg, bg, named, bold, dim, underline, reverse';
  for (const [name, value] of Object.entries(look)) {
    if (name === 'fg' || name === 'bg') {
      if (typeof value !== 'string' || !/^#[0-9a-f]{6}$/i.test(value)) return `${name} is #rrggbb`;
    } else if (name === 'named') {
      if (typeof value !== 'string' || !Object.hasOwn(NAMED, value))
        return `named is one of ${Object.keys(NAMED).join(' ')}`;
    } else if (!['bold', 'dim', 'underline', 'reverse'].includes(name)) return `no attribute ${name}`;
    else if (typeof value !== 'boolean') return `${name} is true or false`;
  }
  return undefined;
}
