// What is behind one row of the instance table: short in the main view, whole in a view of its own.
import type { InstanceSnapshot, Snapshot } from '../../engine/snapshot.ts';
import { chosenInstance } from '../state.ts';
import { type Line, line } from '../text.ts';
import { rule, type ViewContext } from './context.ts';
import {
  addressesLine,
  addressLines,
  causeLine,
  causeLines,
  countersLines,
  deviceLines,
  effectiveLine,
  faultLines,
  historyLines,
  identityLine,
  overrideLines,
  peerLines,
  peersSummary,
  policyLines,
  rejectLines,
  takeoverLines,
  timersLines,
  trackerLines,
  whyLines,
  wireLine,
} from './instance-lines.ts';
import { localLines } from './local-router.ts';
import type { View } from './view.ts';
import { watchedDetail, watchedPreview } from './watched-detail.ts';

/** The most telling lines about an instance, as many as there is room for, under a rule with its name. */
export function previewLines(
  context: ViewContext,
  instance: InstanceSnapshot | undefined,
  width: number,
  height: number,
): Line[] {
  const { snapshot } = context.model;
  if (instance === undefined || snapshot === undefined) return [];
  if (context.model.watch !== undefined) return watchedPreview(context, instance.name, width, height);
  const lines = [
    causeLine(context, snapshot, instance),
    ...whyLines(context, snapshot, instance, false),
    ...overrideLines(context, instance),
    ...timersLines(context, instance, width).slice(0, 1),
    addressesLine(context, instance, width),
    peersSummary(context, instance),
    effectiveLine(context, instance),
    ...countersLines(instance, width).slice(0, 1),
  ];
  return [rule(context, width, instance.name, { right: 'Enter: detail' }), ...lines].slice(0, Math.max(0, height));
}

/** Everything about one instance. */
export const instanceView: View = {
  id: 'instance',
  title: 'Instance',
  short: 'Detail',
  digit: '7',
  names: ['detail', 'instance'],
  summary: ({ state, model }) => chosenInstance({ ...state, ...model })?.name ?? '',
  text: (context, width) => {
    const { snapshot } = context.model;
    const instance = chosenInstance({ ...context.state, ...context.model });
    if (snapshot === undefined) return [line(['dim', '  waiting for the first report of the engine ...'])];
    if (instance === undefined) {
      const text = context.model.watch ? '  no virtual router is heard' : '  no vrrp_instance is configured';
      return [line(['dim', text]), ...localLines(context, undefined, width)];
    }
    if (context.model.watch !== undefined) return watchedDetail(context, instance.name, width);
    return instanceLines(context, snapshot, instance, width);
  },
};

function instanceLines(context: ViewContext, snapshot: Snapshot, instance: InstanceSnapshot, width: number): Line[] {
  const section = (title: string) => rule(context, width, title);
  return [
    ...causeLines(context, snapshot, instance, width),
    ...whyLines(context, snapshot, instance, true),
    ...overrideLines(context, instance),
    ...faultLines(instance, width),
    identityLine(instance),
    ...deviceLines(context, instance),
    ...timersLines(context, instance, width),
    effectiveLine(context, instance),
    wireLine(instance),
    ...countersLines(instance, width),
    section(`Addresses ${instance.addresses.length}`),
    ...addressLines(context, instance, width),
    ...(instance.policy.length > 0 ? [section(`Routes and rules ${instance.policy.length}`)] : []),
    ...policyLines(context, instance),
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
}
