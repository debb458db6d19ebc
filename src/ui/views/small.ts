// Below 60x16: one plain list, reasons of faults, and how to quit. Nothing else fits in a readable way.
import type { InstanceSnapshot } from '../../engine/snapshot.ts';
import { duration } from '../format.ts';
import { chosenInstance } from '../state.ts';
import { type Line, line } from '../text.ts';
import { advertAge, type PaneView, stateSpan, type ViewContext, windowStart } from './context.ts';
import { masterSpan, prioritySpan } from './instances.ts';
import { watchedSmall } from './watched.ts';

export const smallView: PaneView = (context, _width, height) => {
  const { snapshot } = context.model;
  if (snapshot === undefined) return [line('waiting for the engine ...')];
  const selected = chosenInstance({ ...context.state, ...context.model });
  const draw = context.model.watch === undefined ? instanceLines : watchedSmall;
  const rows = snapshot.instances.flatMap((instance): Line[] => draw(context, instance === selected, instance));
  const at = selected === undefined ? 0 : snapshot.instances.indexOf(selected) * 2;
  const start = windowStart(rows.length, height, at);
  return rows.slice(start, start + height);
};

function instanceLines(context: ViewContext, chosen: boolean, instance: InstanceSnapshot): Line[] {
  const { glyphs, now } = context;
  const mark = chosen ? glyphs.cursor : ' ';
  const first = line(mark, stateSpan(instance.state, glyphs), ` ${instance.name} `, prioritySpan(instance, context));
  if (instance.state === 'FAULT') {
    return [first, line('   ', ['critical', instance.faults.join('; ') || instance.cause])];
  }
  const age = advertAge(instance, now);
  const master = masterSpan(instance, now);
  return [first, line('   ', master, age === undefined ? '' : `  ${duration(age)}`)];
}
