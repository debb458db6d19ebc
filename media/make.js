// Makes the pictures of the README from the real program: runs the demo in a pseudo-terminal, presses keys, and writes
// what the terminal shows as SVG and PNG, and a failover as an animated SVG.
// Usage: npm run media. PNG needs the font that the pictures are drawn in (Debian: fontconfig fonts-dejavu-core).
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { spawn } from '@lydell/node-pty';
import { Resvg } from '@resvg/resvg-js';
import xterm from '@xterm/headless';
import { animation, cellsOf, picture } from './draw.js';

const FONT = 'DejaVu Sans Mono';
const [COLUMNS, ROWS] = [80, 24];
const [WIDE, TALL] = [140, 40];

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The demo in a terminal of its own. */
function openDemo(columns, rows) {
  const term = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  const program = fileURLToPath(new URL('../bin/kavtui.js', import.meta.url));
  const child = spawn(process.execPath, [program, 'demo'], {
    cols: columns,
    rows,
    env: { ...process.env, TERM: 'xterm-256color', COLORTERM: 'truecolor', LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' },
  });
  child.onData((data) => term.write(data));
  return {
    cells: () => cellsOf(term),
    text: () =>
      cellsOf(term)
        .map((row) => row.map(({ text }) => text).join(''))
        .join('\n'),
    async press(keys, ms) {
      child.write(keys);
      await wait(ms);
    },
    async until(wanted) {
      while (!wanted.test(this.text())) await wait(50);
    },
    end: () => child.kill('SIGKILL'),
  };
}

function write(name, svg) {
  writeFileSync(new URL(`${name}.svg`, import.meta.url), svg);
}

/** As SVG for the README, and as PNG for whoever shows no SVG. */
function snap(name, demo) {
  const svg = picture(demo.cells());
  write(name, svg);
  const font = { loadSystemFonts: true, defaultFontFamily: FONT, monospaceFamily: FONT };
  const png = new Resvg(svg, { font }).render().asPng();
  writeFileSync(new URL(`${name}.png`, import.meta.url), png);
}

const MASTER = /● MASTER +VI_1 .* self /;

/** Every view, with something on it: a failover has been there. */
async function views() {
  const demo = openDemo(COLUMNS, ROWS);
  await demo.until(MASTER);
  await demo.press('', 6000);
  snap('instances', demo);
  await demo.press('D', 900);
  snap('plan-drill', demo);
  await demo.press('\x1b', 900);
  await demo.press('F', 900);
  snap('force-fault', demo);
  await demo.press('VI_1', 300);
  await demo.press('\x07', 2500);
  snap('failover', demo);
  await demo.press('9', 700);
  snap('findings', demo);
  await demo.press('1', 300);
  await demo.press('u', 900);
  await demo.press('y', 5000);
  for (const [key, name] of Object.entries({
    2: 'packets',
    3: 'trackers',
    4: 'events',
    5: 'peers',
    6: 'drill',
    7: 'detail',
    '?': 'help',
  })) {
    await demo.press(key, 700);
    snap(name, demo);
  }
  demo.end();
}

async function dashboard() {
  const demo = openDemo(WIDE, TALL);
  await demo.until(MASTER);
  await demo.press('', 6000);
  snap('dashboard', demo);
  demo.end();
}

/** From a quiet MASTER over the question to the other MASTER and back, at real speed. */
async function recording() {
  const demo = openDemo(COLUMNS, ROWS);
  await demo.until(MASTER);
  await demo.press('', 6000);
  const frames = [];
  const began = performance.now();
  const camera = setInterval(() => {
    const cells = demo.cells();
    const key = JSON.stringify(cells);
    if (frames.at(-1)?.key !== key) frames.push({ at: performance.now() - began, key, cells });
  }, 250);
  await demo.press('', 1000);
  await demo.press('F', 2000);
  for (const key of 'VI_1') await demo.press(key, 250);
  await demo.press('\x07', 4000);
  clearInterval(camera);
  write('recording', animation(frames, performance.now() - began));
  demo.end();
}

if (spawnSync('fc-list', ['-q', FONT]).status !== 0)
  throw new Error(`no font ${FONT}: the PNG files would have no text`);
await Promise.all([views(), dashboard()]);
await recording();
for (const file of readdirSync(new URL('.', import.meta.url)).filter((name) => /\.(svg|png)$/.test(name))) {
  console.log(`${file} ${statSync(new URL(file, import.meta.url)).size} bytes`);
}
process.exit(0);
