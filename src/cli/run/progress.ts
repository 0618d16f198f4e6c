import { styleText } from 'node:util';
import { wantsColor } from '../print.ts';
import type { StepOutcome } from './result.ts';
import type { LogEvent } from './start-step.ts';

/** What a person sees while it runs, on stderr: one living line in a terminal, plain lines elsewhere. */
export interface Progress {
  partition(partition: string, note: string | undefined): void;
  event(step: string, event: LogEvent): void;
  done(outcome: StepOutcome): void;
}

export function createProgress(stream: NodeJS.WriteStream, quiet: boolean): Progress {
  if (quiet) return { partition: () => undefined, event: () => undefined, done: () => undefined };
  const live = stream.isTTY === true;
  const color = wantsColor(stream);
  const paint = (style: Parameters<typeof styleText>[0], text: string) =>
    color ? styleText(style, text, { validateStream: false }) : text;
  const clear = () => (live ? '\r\u001b[K' : '');
  return {
    partition: (partition, note) =>
      void stream.write(`${paint('bold', partition)}${note === undefined ? '' : `  (${note})`}\n`),
    event: (step, { level, event, msg }) => {
      if (msg === undefined || event === 'step_failed' || event === 'partition_done') return;
      if (level === 'warn' || level === 'error')
        stream.write(`${clear()}  ${paint('yellow', step)}  ${msg}\n`);
      else if (live)
        stream.write(`${clear()}  ${step}  ${msg.slice(0, Math.max(20, (stream.columns ?? 80) - 14))}`);
      // What dbt says of each of its nodes would bury the rest; the summary has the counts.
      else if (event !== 'dbt') stream.write(`  ${step}  ${msg}\n`);
    },
    done: ({ step, status, seconds, message, exit }) => {
      const mark = {
        done: paint('green', '✓'),
        skipped: '–',
        kept: '=',
        not_run: ' ',
        failed: paint('red', '✗'),
      }[status];
      const end =
        status === 'failed' ? `  (exit ${exit})` : status === 'kept' ? '' : `  ${seconds.toFixed(1)} s`;
      stream.write(`${clear()}${mark} ${step.padEnd(7)} ${message}${end}\n`);
    },
  };
}
