// How the screen's worker is bundled: shared by the build and by the terminal tests, so that they try the same thing.
import { readFileSync } from 'node:fs';

/** Ink imports the React devtools in a branch that DEV=true would take; the import is hoisted, so it must resolve. */
const noDevtools = {
  name: 'no-react-devtools',
  setup(build) {
    build.onResolve({ filter: /^react-devtools-core$/ }, ({ path }) => ({ path, namespace: 'absent' }));
    build.onLoad({ filter: /.*/, namespace: 'absent' }, () => ({ contents: 'export default undefined;' }));
  },
};

/**
 * Ink takes every row of every frame apart into cells and puts it together again, which is most of what a frame costs.
 * Our rows are texts for a whole row each, already cut and styled: where a frame has nothing else, they are its lines.
 */
const wholeRows = {
  name: 'whole-rows',
  setup(build) {
    build.onLoad({ filter: /ink[\\/]build[\\/]output\.js$/ }, ({ path }) => {
      const [head, body, ...more] = readFileSync(path, 'utf8').split('    get() {\n');
      if (body === undefined || more.length > 0) throw new Error(`not the Ink that whole-rows was made for: ${path}`);
      return { contents: `${head}    get() {\n        ${FAST_PATH}\n${body}` };
    });
  },
};

const FAST_PATH = `
        const rows = Array(this.height).fill('');
        const whole = this.operations.every(({ type, x, y, text, transformers }) => {
            if (type !== 'write' || x !== 0 || rows[y] !== '' || text.includes('\\n')) return false;
            rows[y] = transformers.reduce((line, transform) => transform(line, 0), text).trimEnd();
            return true;
        });
        if (whole) return { output: rows.join('\\n'), height: this.height };`;

/** esbuild options; entry and output are the caller's. */
export const workerBundle = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  jsx: 'automatic',
  plugins: [noDevtools, wholeRows],
  define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' },
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
};
