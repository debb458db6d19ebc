// What is wrong, worst first; below the list the evidence of the chosen finding, why it matters, what mends it.
import type { ListedFinding } from '../../session/watch-picture.ts';
import { duration } from '../format.ts';
import { type Model, showInstance, showView, stay, withUi } from '../state.ts';
import type { Column } from '../table.ts';
import { type Line, line, type Span, wrap } from '../text.ts';
import type { Style } from '../theme.ts';
import { clock, rule, type ViewContext } from './context.ts';
import type { View } from './view.ts';

const STYLES: Readonly<Record<ListedFinding['severity'], Style>> = {
  error: 'critical',
  warning: 'attention',
  info: 'dim',
};
const RANK: Readonly<Record<ListedFinding['severity'], number>> = { error: 0, warning: 1, info: 2 };

/** What is over is dim, whatever it was. */
const styled = ({ severity, resolved }: ListedFinding, text: string): Span => [
  resolved === undefined ? STYLES[severity] : 'dim',
  text,
];

function columns({ now, compact }: ViewContext): Column<ListedFinding>[] {
  const age = ({ resolved, firstSeen }: ListedFinding): string =>
    resolved === undefined ? duration(now - firstSeen) : 'over';
  return [
    {
      id: 'severity',
      title: 'SEVERITY',
      min: 8,
      cell: (f) => styled(f, f.severity),
      value: ({ severity }) => RANK[severity],
    },
    { id: 'id', title: 'ID', min: 3, cell: (f) => styled(f, f.id) },
    { id: 'sure', title: 'SURE', min: 6, drop: 5, cell: (f) => styled(f, f.confidence) },
    { id: 'for', title: 'FOR', min: 6, align: 'right', drop: 4, cell: (f) => styled(f, age(f)) },
    {
      id: 'about',
      title: 'ABOUT',
      min: 10,
      max: 28,
      ...(compact ? { drop: 6 } : {}),
      cell: (f) => styled(f, f.router),
    },
    { id: 'title', title: 'WHAT', min: 20, max: 400, cell: (f) => styled(f, f.title) },
  ];
}

function about(context: ViewContext, finding: ListedFinding | undefined, width: number, height: number): Line[] {
  if (finding === undefined) return [];
  const { id, router, address, vip, title, why, fixes, evidence, resolved, firstSeen } = finding;
  const { snapshot } = context.model;
  const at = (time: number): string => (snapshot === undefined ? '' : clock(snapshot, time, true));
  const subject = [router, address, vip].filter((word) => word !== undefined).join(' ');
  const since = resolved === undefined ? `since ${at(firstSeen)}` : `${at(firstSeen)} to ${at(resolved)}`;
  const lines = [
    ...wrap(title, width).map((text) => line(['strong', text])),
    ...labelled(
      'evidence',
      evidence.map((each) => evidenceText(each, at)),
      width,
    ),
    ...labelled('why', [why], width),
    ...labelled('fix', fixes, width),
    line(['dim', `${since}   kavtui explain ${id} tells more`]),
  ];
  return [rule(context, width, `${id} ${subject}`), ...lines].slice(0, height);
}

function evidenceText(evidence: ListedFinding['evidence'][number], at: (time: number) => string): string {
  const dated = (time: number | undefined): string => (time === undefined ? '' : `${at(time)} `);
  switch (evidence.kind) {
    case 'frame':
      return `${at(evidence.at)} ${evidence.text}`;
    case 'configuration':
      return `${evidence.file}:${evidence.line} ${evidence.text}`;
    case 'sysctl':
      return `${evidence.name} = ${evidence.value}`;
    case 'host':
      return `${dated(evidence.at)}${evidence.source}: ${evidence.text}`;
    case 'log':
      return `${dated(evidence.at)}${evidence.text}`;
  }
}

const LABEL = 10;

/** The label before the first line, the others under it. */
function labelled(label: string, texts: readonly string[], width: number): Line[] {
  const lines = texts.flatMap((text) => wrap(text, Math.max(10, width - LABEL)));
  return lines.map((text, i) => line(['dim', i === 0 ? label.padEnd(LABEL) : ' '.repeat(LABEL)], text));
}

/** A finding may also be about a script, this host, or a virtual router in which it has no part. */
const isInstance = ({ snapshot }: Pick<Model, 'snapshot'>, router: string): boolean =>
  snapshot?.instances.some(({ name }) => name === router) ?? false;

export const findingsView: View<ListedFinding> = {
  id: 'findings',
  title: 'Findings',
  short: 'Find',
  digit: '9',
  names: ['findings', 'find'],
  summary: ({ model }) => {
    const open = (model.findings ?? []).filter(({ resolved }) => resolved === undefined);
    const over = (model.findings?.length ?? 0) - open.length;
    return `${open.length}${over > 0 ? `, ${over} over` : ''}`;
  },
  list: {
    items: ({ model }) => model.findings ?? [],
    key: ({ key }) => key,
    columns,
    instance: ({ router }, { model }) => (isInstance(model, router) ? router : undefined),
    empty: ({ model }) =>
      model.watch === undefined
        ? 'nothing is wrong, as far as the wire and this router tell'
        : 'nothing is wrong, as far as the wire tells',
    paneHeading: 'none',
  },
  below: about,
  open(state, { router }) {
    if (isInstance(state, router)) return stay(showInstance(state, router));
    const script = router.replace(/^script /, '');
    const known = state.snapshot?.scripts.some(({ name }) => name === script) ?? false;
    return stay(known ? showView(withUi(state, 'trackers', { selected: script }), 'trackers') : state);
  },
};
