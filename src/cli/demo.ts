// `kavtui demo`: a simulated cluster on the screen; without a terminal, one drill as lines.
import type { CommonOptions } from './options.ts';

export async function demo(_options: CommonOptions): Promise<void> {}
