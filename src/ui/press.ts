// Who gets a key: an open dialog, else the prompt, else the command that has it in the view that is shown.
import { cleanText } from './clean.ts';
import { columnsKey } from './column-picker.ts';
import { runKey } from './commands.ts';
import { type Dialog, dialogKey } from './dialog.ts';
import { wizardKey } from './drill-wizard.ts';
import { promptKey, promptPaste } from './prompt.ts';
import { currentView, type ScreenState, type Step, stay, withToast } from './state.ts';
import { viewContext } from './views/context.ts';
import { bodyHeight } from './views/layout.ts';
import { scrollable } from './views/question.ts';

/** What a key does now. `now` is the local clock, µs. A character that could not be drawn steadily is no key. */
export function pressKey(state: ScreenState, pressed: string, now: number): Step {
  const key = cleanText(pressed);
  if (key === '') return stay(state);
  if (state.dialog !== undefined) return questionKey(state, state.dialog, key, now);
  return state.prompt === undefined ? runKey(state, key, now) : promptKey(state, state.prompt, key, now);
}

/** Where the reasons of a question do not fit, they are scrolled; answers and fields do not need these keys. */
const SCROLLS: Readonly<Record<string, number>> = { down: 1, up: -1, pagedown: 4, pageup: -4 };

function questionKey(state: ScreenState, dialog: Dialog, key: string, now: number): Step {
  const by = SCROLLS[key];
  if (by !== undefined && dialog.kind !== 'columns') {
    const context = viewContext(state, currentView(state), now);
    const most = scrollable(context, state.size.columns, bodyHeight(state));
    const scroll = Math.max(0, Math.min(most, (dialog.scroll ?? 0) + by));
    return stay({ ...state, dialog: { ...dialog, scroll } });
  }
  switch (dialog.kind) {
    case 'columns':
      return columnsKey(state, dialog, key, now);
    case 'wizard':
      return wizardKey(state, dialog, key, now);
    default:
      return dialogKey(state, dialog, key, now);
  }
}

/** Pasted text is text in a text field and nothing anywhere else. */
export function pasteText(state: ScreenState, text: string, now: number): ScreenState {
  if (state.dialog === undefined && state.prompt !== undefined) {
    return promptPaste(state, state.prompt, cleanText(text), now);
  }
  return withToast(state, now, 'Pasted text is ignored.');
}
