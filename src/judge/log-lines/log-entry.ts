// What is known of one line of a router's log.

export type LogLevel = 'info' | 'warning' | 'error';

export interface LogEntry {
  /** How bad it is for the virtual router, whatever priority it was logged with (keepalived: nearly always the same). */
  readonly level: LogLevel;
  /**
   * Texts as printf has them, placeholders and all, old and new wordings; without the name of the instance in front. What
   * follows the text in a log does not matter.
   */
  readonly logs: readonly string[];
  /** What has happened. */
  readonly means: string;
  /** Where to look next, or that there is nothing to do. */
  readonly look: string;
  /** The page that tells more: `D01`. */
  readonly finding?: string;
}

/** A row of the tables. */
export type LogRow = readonly [
  level: LogLevel,
  logs: string | readonly string[],
  means: string,
  look: string,
  finding?: string,
];

/** A row of a table with names. */
export function logEntry([level, logs, means, look, finding]: LogRow): LogEntry {
  return { level, logs: [logs].flat(), means, look, ...(finding !== undefined && { finding }) };
}
