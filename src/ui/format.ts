// Numbers and times as short text of steady width.

const SECOND = 1_000_000;

/** Age or remaining time of `us` microseconds: `0.3s`, `42s`, `4m12s`, `3h05m`, `3d04h`. Never negative. */
export function duration(us: number): string {
  const seconds = Math.max(0, us / SECOND);
  if (seconds < 9.95) return `${seconds.toFixed(1)}s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}s`;
  const two = (n: number) => String(Math.floor(n)).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)}m${two(whole % 60)}s`;
  if (whole < 86_400) return `${Math.floor(whole / 3600)}h${two((whole % 3600) / 60)}m`;
  return `${Math.floor(whole / 86_400)}d${two((whole % 86_400) / 3600)}h`;
}

/** A countdown: `0:47`, `1:59`. Rounded up, so that it ends with 0:00. */
export function countdown(us: number): string {
  const seconds = Math.max(0, Math.ceil(us / SECOND));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** A protocol time with two decimals where they matter: `0.61 s`, `1 s`, `120 s`, `10 ms`. */
export function seconds(us: number): string {
  const value = us / SECOND;
  if (Number.isInteger(value)) return `${value} s`;
  if (value < 0.1) return `${Number((us / 1000).toPrecision(2))} ms`;
  return `${value.toFixed(2)} s`;
}

const UNITS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };

/** A length of time as a person types it, µs: `90`, `90s`, `5m`, `1h`, `1h30m`. Undefined: it is none, or zero. */
export function parseDuration(text: string): number | undefined {
  if (!/^(?:\d{1,5}[smhd]?)+$/.test(text)) return undefined;
  let total = 0;
  for (const [, number, unit] of text.matchAll(/(\d+)([smhd]?)/g)) total += Number(number) * UNITS[unit!]! * SECOND;
  return total > 0 ? total : undefined;
}

/** Advert interval for a narrow column: `1s`, `0.1s`, `10ms`. */
export function interval(us: number | undefined): string {
  if (us === undefined) return '-';
  return us < 100_000 ? `${us / 1000}ms` : `${us / SECOND}s`;
}

/** `12 004`; from a million on `1.2M`. */
export function count(value: number): string {
  if (value >= 1_000_000) return `${(value / 1_000_000).toFixed(1)}M`;
  return value >= 10_000 ? `${Math.floor(value / 1000)} ${String(value % 1000).padStart(3, '0')}` : String(value);
}

/** Local time of day of milliseconds since the epoch: `12:41:03`, or with `.114`. */
export function timeOfDay(wallMs: number, milliseconds = false): string {
  const date = new Date(wallMs);
  const two = (n: number) => String(n).padStart(2, '0');
  const text = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return milliseconds ? `${text}.${String(date.getMilliseconds()).padStart(3, '0')}` : text;
}

/** `1 address`, `2 addresses`. */
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
