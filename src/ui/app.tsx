// The Ink tree: one Text per line, already cut and styled. All thinking is done before React sees a frame.
import type { Readable, Writable } from 'node:stream';
import { Box, type Instance, render, Text } from 'ink';
import { memo, useSyncExternalStore } from 'react';
import type { Size } from './protocol.ts';
import type { Store } from './store.ts';

const Row = memo(({ text }: { readonly text: string }) => (
  <Box height={1} flexShrink={0}>
    <Text wrap="truncate">{text === '' ? ' ' : text}</Text>
  </Box>
));

function Frame({ frames }: { readonly frames: Store<readonly string[]> }) {
  const lines = useSyncExternalStore(frames.subscribe, frames.get);
  return (
    <Box flexDirection="column" height={lines.length} flexShrink={0}>
      {lines.map((text, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row of the screen has no other identity
        <Row key={i} text={text} />
      ))}
    </Box>
  );
}

/** A stream that looks like a terminal of the given size to Ink. */
export type ScreenOutput = Writable & Size & { isTTY: boolean };

/** Shows the frames on the alternate screen of `stdout`, full height, writing only what changed. */
export function mountApp(
  frames: Store<readonly string[]>,
  streams: { readonly stdout: ScreenOutput; readonly stdin: Readable; readonly stderr: Writable },
  maxFps = 30,
): Instance {
  return render(<Frame frames={frames} />, {
    stdout: streams.stdout as unknown as NodeJS.WriteStream,
    stdin: streams.stdin as unknown as NodeJS.ReadStream,
    stderr: streams.stderr as unknown as NodeJS.WriteStream,
    alternateScreen: true,
    incrementalRendering: true,
    interactive: true,
    maxFps,
    exitOnCtrlC: false,
    patchConsole: false,
  });
}

/** Bytes that draw all lines anew and leave the cursor where Ink expects it: behind the last line. */
export function repaintBytes(lines: readonly string[]): string {
  return `\x1b[0m\x1b[H${lines.map((text) => `\x1b[K${text}`).join('\r\n')}`;
}
