// What is wrong, as lines under a rule; nothing at all while nothing is.
import { findAlerts } from '../alerts.ts';
import { type Line, line } from '../text.ts';
import { rule, type ViewContext } from './context.ts';

/** At most `height` lines, the worst first. */
export function alertLines(context: ViewContext, width: number, height: number): Line[] {
  const { model, now, glyphs } = context;
  const alerts = findAlerts(model, now);
  if (alerts.length === 0 || height < 2) return [];
  const lines = alerts
    .slice(0, height - 1)
    .map(({ level, text }) => line([level, `${level === 'critical' ? glyphs.bad : '!'} ${text}`]));
  return [rule(context, width, `Alerts ${alerts.length}`), ...lines];
}
