// Cells of a terminal → SVG, one picture or several after each other.
const CELL = { width: 8.4, height: 18 };
const PALETTE = ['#1c1c1c', '#d55e00', '#009e73', '#e69f00', '#0072b2', '#cc79a7', '#56b4e9', '#d0d0d0'];
const INK = '#d0d0d0';
const PAPER = '#1c1c1c';
const MARGIN = 8;

/** What the terminal shows: rows of cells with text and looks. */
export function cellsOf(term) {
  return Array.from({ length: term.rows }, (_, y) => {
    const line = term.buffer.active.getLine(y);
    return Array.from({ length: term.cols }, (_, x) => looksOf(line.getCell(x)));
  });
}

function looksOf(cell) {
  const colour = (number, rgb, isDefault, fallback) => {
    if (isDefault) return fallback;
    return rgb ? `#${number.toString(16).padStart(6, '0')}` : (PALETTE[number % 8] ?? fallback);
  };
  let ink = colour(cell.getFgColor(), cell.isFgRGB(), cell.isFgDefault(), INK);
  let paper = colour(cell.getBgColor(), cell.isBgRGB(), cell.isBgDefault(), PAPER);
  if (cell.isInverse()) [ink, paper] = [paper, ink];
  return { text: cell.getChars() || ' ', ink, paper, bold: cell.isBold() !== 0, dim: cell.isDim() !== 0 };
}

/** One picture. */
export function picture(cells) {
  return page(cells, cells.map((row, y) => drawRow(row, y)).join(''));
}

/**
 * Frames (`{at, cells}`, ms) that follow each other for ever, `lengthMs` long. A row that stays the same over several
 * frames is drawn once.
 */
export function animation(frames, lengthMs) {
  const rows = frames[0].cells.map((_, y) => {
    const spans = [];
    for (const { at, cells } of frames) {
      const drawn = drawRow(cells[y], y);
      if (spans.at(-1)?.drawn !== drawn) spans.push({ drawn, from: at });
    }
    return spans.map(({ drawn, from }, i) => shown(drawn, from, spans[i + 1]?.from ?? lengthMs, lengthMs)).join('');
  });
  return page(frames[0].cells, rows.join(''));
}

function shown(drawn, from, to, lengthMs) {
  if (drawn === '') return '';
  if (from === 0 && to === lengthMs) return drawn;
  const share = (ms) => (ms / lengthMs).toFixed(4);
  const steps =
    from < 1
      ? [[0, 1]]
      : [
          [0, 0],
          [from, 1],
        ];
  if (to < lengthMs) steps.push([to, 0]);
  const times = steps.map(([at]) => share(at)).join(';');
  const values = steps.map(([, opacity]) => opacity).join(';');
  const looks = `attributeName="opacity" dur="${(lengthMs / 1000).toFixed(2)}s" repeatCount="indefinite" calcMode="discrete"`;
  return `<g opacity="0"><animate ${looks} keyTimes="${times}" values="${values}"/>${drawn}</g>`;
}

function page(cells, content) {
  const width = Math.ceil(cells[0].length * CELL.width + 2 * MARGIN);
  const height = cells.length * CELL.height + 2 * MARGIN;
  const font = 'font-family="\'DejaVu Sans Mono\',\'Liberation Mono\',monospace" font-size="14"';
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ${font}>
<rect width="100%" height="100%" rx="6" fill="${PAPER}"/>
${content}</svg>
`;
}

/** Cells of equal looks run together; `textLength` keeps the grid exact in any font. */
function drawRow(cells, y) {
  const runs = [];
  for (const [x, { text, ...looks }] of cells.entries()) {
    const key = Object.values(looks).join(' ');
    const last = runs.at(-1);
    if (last !== undefined && last.key === key) last.text += text;
    else runs.push({ ...looks, key, x, text });
  }
  return runs.map((run) => drawRun(run, y)).join('');
}

function drawRun({ x, text, ink, paper, bold, dim }, y) {
  const top = MARGIN + y * CELL.height;
  const length = (count) => Number((count * CELL.width).toFixed(1));
  const left = (column) => Number((MARGIN + column * CELL.width).toFixed(1));
  const box =
    paper === PAPER
      ? ''
      : `<rect x="${left(x)}" y="${top}" width="${length([...text].length)}" height="${CELL.height}" fill="${paper}"/>`;
  if (text.trim() === '') return box;
  // Blanks at the ends are no ink; wide gaps part a run, so that a shorter text never changes the place of a longer one.
  const pieces = [...text.matchAll(/\S+(?: \S+)*/gu)].map((match) => {
    const at = left(x + [...text.slice(0, match.index)].length);
    const escaped = match[0].replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    const looks = ` fill="${ink}"${bold ? ' font-weight="bold"' : ''}${dim ? ' opacity="0.6"' : ''}`;
    return `<text x="${at}" y="${top + 13}" textLength="${length([...match[0]].length)}"${looks}>${escaped}</text>\n`;
  });
  return box + pieces.join('');
}
