// Makes the pictures of the README from the real program: runs the demo in a pseudo-terminal, presses keys, and writes
// what the terminal shows as SVG. Usage: node media/make.js
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';

const COLUMNS = 80;
const ROWS = 24;
const CELL = { width: 8.4, height: 18 };
const PALETTE = ['#1c1c1c', '#d55e00', '#009e73', '#e69f00', '#0072b2', '#cc79a7', '#56b4e9', '#d0d0d0'];
const INK = '#d0d0d0';
const PAPER = '#1c1c1c';

/** What to press before a picture is taken, and how long to wait (ms) after that. */
const PICTURES = [
  { keys: '', wait: 8000 },
  { file: 'force-fault.svg', keys: 'F', wait: 900 },
  { keys: 'VI_1', wait: 300 },
  { file: 'failover.svg', keys: '\x07', wait: 2500 },
];

const term = new xterm.Terminal({ cols: COLUMNS, rows: ROWS, allowProposedApi: true });
const program = fileURLToPath(new URL('../bin/kavtui.js', import.meta.url));
const child = spawn(process.execPath, [program, 'demo'], {
  cols: COLUMNS,
  rows: ROWS,
  env: { ...process.env, TERM: 'xterm-256color', COLORTERM: 'truecolor', LANG: 'C.UTF-8' },
});
child.onData((data) => term.write(data));
for (const { file, keys, wait } of PICTURES) {
  child.write(keys);
  await new Promise((resolve) => setTimeout(resolve, wait));
  if (file !== undefined) writeFileSync(new URL(file, import.meta.url), svg());
}
child.kill('SIGTERM');

function svg() {
  const width = COLUMNS * CELL.width + 16;
  const height = ROWS * CELL.height + 16;
  const lines = Array.from({ length: ROWS }, (_, y) => row(y)).join('');
  const font = 'font-family="\'DejaVu Sans Mono\',\'Liberation Mono\',monospace" font-size="14"';
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ${font}>
<rect width="100%" height="100%" rx="6" fill="${PAPER}"/>
${lines}</svg>
`;
}

/** Cells of equal looks run together; `textLength` keeps the grid exact in any font. */
function row(y) {
  const line = term.buffer.active.getLine(y);
  const runs = [];
  for (let x = 0; x < COLUMNS; x++) {
    const cell = line.getCell(x);
    const looks = style(cell);
    const text = cell.getChars() || ' ';
    const last = runs.at(-1);
    if (last !== undefined && last.key === looks.key) last.text += text;
    else runs.push({ ...looks, x, text });
  }
  return runs.map((run) => draw(run, y)).join('');
}

function style(cell) {
  const colour = (number, rgb, isDefault, fallback) => {
    if (isDefault) return fallback;
    return rgb ? `#${number.toString(16).padStart(6, '0')}` : (PALETTE[number % 8] ?? fallback);
  };
  let ink = colour(cell.getFgColor(), cell.isFgRGB(), cell.isFgDefault(), INK);
  let paper = colour(cell.getBgColor(), cell.isBgRGB(), cell.isBgDefault(), PAPER);
  if (cell.isInverse()) [ink, paper] = [paper, ink];
  const bold = cell.isBold() !== 0;
  const dim = cell.isDim() !== 0;
  return { ink, paper, bold, dim, key: `${ink} ${paper} ${bold} ${dim}` };
}

function draw({ x, text, ink, paper, bold, dim }, y) {
  const left = 8 + x * CELL.width;
  const top = 8 + y * CELL.height;
  const width = text.length * CELL.width;
  const box =
    paper === PAPER ? '' : `<rect x="${left}" y="${top}" width="${width}" height="${CELL.height}" fill="${paper}"/>`;
  if (text.trim() === '') return box;
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const looks = `${bold ? ' font-weight="bold"' : ''}${dim ? ' opacity="0.6"' : ''}`;
  return `${box}<text x="${left}" y="${top + 13}" fill="${ink}" textLength="${width}" xml:space="preserve"${looks}>${escaped}</text>\n`;
}
