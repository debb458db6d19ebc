// What is behind one row of the instance table: short in the main view, whole in a view of its own.
import { selectedInstance } from '../state.ts';
import { line } from '../text.ts';
import { type PaneView, rule } from './context.ts';
import {
  addressesLine,
  addressLines,
  causeLine,
  countersLine,
  effectiveLine,
  faultLines,
  historyLines,
  identityLine,
  overrideLines,
  peerLines,
  peersSummary,
  rejectLines,
  takeoverLines,
  timersLine,
  trackerLines,
  wireLine,
} from './instance-lines.ts';

/** Main view: the most telling lines, as many as there is room for. */
export const detailPane: PaneView = (context, width, height) => {
  const instance = selectedInstance(context.state);
  const { snapshot } = context.state;
  if (instance === undefined || snapshot === undefined) return [];
  const lines = [
    causeLine(context, snapshot, instance),
    ...overrideLines(context, instance),
    ...faultLines(instance, width),
    timersLine(context, instance),
    addressesLine(context, instance, width),
    peersSummary(context, instance),
    effectiveLine(context, instance),
    countersLine(instance),
  ];
  return [rule(context, width, instance.name, { right: 'Enter: detail' }), ...lines].slice(0, height);
};

/** A view of its own: everything. */
export const instanceView: PaneView = (context, width, height) => {
  const instance = selectedInstance(context.state);
  const { snapshot } = context.state;
  if (instance === undefined || snapshot === undefined) return [line('  the instance is gone; Esc goes back')];
  const section = (title: string) => rule(context, width, title);
  const lines = [
    rule(context, width, `Instance ${instance.name}`, { right: 'Esc back   [ ] other instances' }),
    causeLine(context, snapshot, instance),
    ...overrideLines(context, instance),
    ...faultLines(instance, width),
    identityLine(instance),
    timersLine(context, instance),
    effectiveLine(context, instance),
    wireLine(instance),
    countersLine(instance),
    section(`Addresses ${instance.addresses.length}`),
    ...addressLines(context, instance, width),
    section(`Trackers ${instance.trackers.length}`),
    ...trackerLines(context, instance),
    section(`Peers heard ${instance.peers.length}`),
    ...peerLines(context, instance, 8),
    ...rejectLines(instance, width),
    section('If this router goes'),
    ...takeoverLines(context, snapshot, instance),
    section('Last state changes'),
    ...historyLines(context, snapshot, instance),
  ];
  return lines.slice(0, height);
};
