// A finding as an operator reads it: position and message, the source line, a caret under the spot, a hint.
import { stripControl } from '../wire/text.ts';
import type { Diagnostic } from './diagnostic.ts';

/** Longer source lines are shown through a window of this many characters around the spot. */
const WINDOW = 100;
/** So much of the line on either side of the spot is looked at. */
const REACH = 500;
/** Characters kept before the spot when the line does not fit. */
const LEAD = 30;

/** Lines without line ends: `file:line:column: severity: message`, the source line, the caret line, the hint. */
export function renderDiagnostic(diagnostic: Diagnostic): readonly string[] {
  const { file, line, column, severity, message, hint } = diagnostic;
  const head = `${stripControl(file)}:${line}:${column}: ${severity}: ${stripControl(message)}`;
  const { source, caret } = excerpt(diagnostic);
  return [head, `    ${source}`, `    ${caret}`, ...(hint === undefined ? [] : [`    hint: ${stripControl(hint)}`])];
}

/** Cleaned piece by piece, so that the caret stays under its spot: a tab counts as one blank in both lines. */
function excerpt({ lineText, column, length = 1 }: Diagnostic): { source: string; caret: string } {
  const from = column - 1;
  const to = from + Math.min(length, REACH);
  const before = [...stripControl(lineText.slice(Math.max(0, from - REACH), from))];
  const spot = [...stripControl(lineText.slice(from, to))];
  const after = [...stripControl(lineText.slice(to, to + REACH))];
  const fits = before.length + spot.length + after.length <= WINDOW;
  const lead = fits || before.length <= LEAD ? before : [...'...', ...before.slice(-LEAD)];
  const room = Math.max(1, WINDOW - lead.length);
  const marked = spot.slice(0, room);
  const tail = [...spot.slice(room), ...after];
  const left = fits ? tail.length : Math.max(0, room - marked.length);
  const rest = tail.length > left ? [...tail.slice(0, left), ...'...'] : tail;
  const source = [...lead, ...marked, ...rest].join('').trimEnd();
  return { source, caret: `${' '.repeat(lead.length)}${'^'.repeat(Math.max(1, marked.length))}` };
}
