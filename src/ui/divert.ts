// Keeps everything but the screen's own bytes off the terminal: what others print becomes a notice.
import type { WriteStream } from 'node:tty';

/**
 * Diverts writes to stdout and stderr (where they are terminals) and Node's warnings to `onLine`, one call per line.
 * Returns the undo. Text that `onLine` itself prints is dropped: it would come back for ever.
 */
export function divertOutput(streams: readonly WriteStream[], onLine: (text: string) => void): () => void {
  let inside = false;
  const line = (text: string): void => {
    if (inside || text.trim() === '') return;
    inside = true;
    try {
      onLine(text);
    } finally {
      inside = false;
    }
  };

  const undo = streams.filter((stream) => stream.isTTY).map((stream) => divertStream(stream, line));
  const listeners = process.listeners('warning');
  const onWarning = (warning: Error): void => line(`${warning.name}: ${warning.message}`);
  process.removeAllListeners('warning');
  process.on('warning', onWarning);

  return () => {
    for (const restore of undo) restore();
    process.off('warning', onWarning);
    for (const listener of listeners) process.on('warning', listener);
  };
}

function divertStream(stream: WriteStream, line: (text: string) => void): () => void {
  const original = stream.write;
  let rest = '';
  stream.write = ((chunk: string | Uint8Array, encoding?: unknown, callback?: unknown): boolean => {
    const lines = (rest + (typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString())).split('\n');
    rest = lines.pop() ?? '';
    for (const text of lines) line(text);
    const done = typeof encoding === 'function' ? encoding : callback;
    if (typeof done === 'function') queueMicrotask(() => done());
    return true;
  }) as typeof stream.write;
  return () => {
    stream.write = original;
    line(rest);
  };
}
