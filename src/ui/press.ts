// Who gets a key: an open dialog, else the prompt, else the command that has it in the view that is shown.
import { cleanText } from './clean.ts';
import { runKey } from './commands.ts';
import { dialogKey } from './dialog.ts';
import { promptKey, promptPaste } from './prompt.ts';
import { type ScreenState, type Step, stay, withToast } from './state.ts';

/** What a key does now. `now` is the local clock, µs. A character that could not be drawn steadily is no key. */
export function pressKey(state: ScreenState, pressed: string, now: number): Step {
  const key = cleanText(pressed);
  if (key === '') return stay(state);
  if (state.dialog !== undefined) return dialogKey(state, state.dialog, key, now);
  return state.prompt === undefined ? runKey(state, key, now) : promptKey(state, state.prompt, key, now);
}

/** Pasted text is text in a text field and nothing anywhere else. */
export function pasteText(state: ScreenState, text: string, now: number): ScreenState {
  if (state.dialog === undefined && state.prompt !== undefined) {
    return promptPaste(state, state.prompt, cleanText(text), now);
  }
  return withToast(state, now, 'Pasted text is ignored.');
}
