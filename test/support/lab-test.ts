// `labTest`: a concurrent test with a lab of its own, which is removed at its end and tells its story when it fails.
import { it, vi } from 'vitest';
import { createLab, type Lab, type LabOptions } from './lab.ts';
import { type RouterKind, type RouterProcess, startRouter } from './router-process.ts';

/** Labs wait more than they work. */
vi.setConfig({ maxConcurrency: 10 });

export interface Bench {
  readonly lab: Lab;
  /** Starts a router on a host. */
  start(kind: RouterKind, host: number, config: string, ...extra: string[]): RouterProcess;
}

/** One test in namespaces of its own; tests of a file run side by side. */
export function labTest(title: string, body: (bench: Bench) => Promise<void>, options: LabOptions = {}): void {
  it.concurrent(title, async ({ onTestFinished }) => {
    const lab = await createLab(options);
    onTestFinished(() => lab.close());
    const routers: RouterProcess[] = [];
    const start: Bench['start'] = (kind, host, config, ...extra) => {
      const router = startRouter(lab, kind, host, config, ...extra);
      routers.push(router);
      return router;
    };
    try {
      await body({ lab, start });
    } catch (error) {
      throw withStory(error, lab, routers);
    }
  });
}

function withStory(error: unknown, lab: Lab, routers: readonly RouterProcess[]): unknown {
  if (!(error instanceof Error)) return error;
  const logs = routers.map(({ kind, host, log }) => {
    const lines = log().split('\n');
    const told = lines.filter((line) => !/Sending(\/queueing)? (gratuitous|unsolicited)/i.test(line));
    return `--- host ${host.number}, ${kind}:\n${told.slice(-30).join('\n')}`;
  });
  error.message += `\n--- wire:\n${lab.wire.story()}\n${logs.join('\n')}`;
  return error;
}
