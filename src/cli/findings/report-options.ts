import { type Command, InvalidArgumentError, Option } from 'commander';

export const FORMATS = ['pretty', 'concise', 'json', 'sarif', 'github'] as const;

export type Format = (typeof FORMATS)[number];

/** How findings are said, and how many warnings there may be. */
export interface ReportOptions {
  /** Of stdout. */
  readonly format: Format;
  /** Files beside it. */
  readonly output: readonly { readonly format: Format; readonly file: string }[];
  readonly maxWarnings?: number;
}

/** The options that `lint` and `build` share. */
export function addReportOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--format <format>', 'of the findings on stdout').choices(FORMATS).default('pretty'),
    )
    .addOption(
      new Option('--output <format=file>', 'write them to a file too; may stand several times')
        .argParser(parseOutput)
        .default([], 'none'),
    )
    .addOption(
      new Option('--max-warnings <count>', 'end with 1 when there are more').argParser((text) => {
        if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('A whole number is needed.');
        return Number(text);
      }),
    );
}

function parseOutput(text: string, before: ReportOptions['output']): ReportOptions['output'] {
  const [, name = '', file = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  const format = FORMATS.find((one) => one === name);
  if (format === undefined || file === '') {
    throw new InvalidArgumentError(
      `Write FORMAT=FILE, such as sarif=pipegen.sarif; formats are ${FORMATS.join(', ')}.`,
    );
  }
  if (file === '-') throw new InvalidArgumentError('A file is needed; what goes to stdout is for --format.');
  return [...before, { format, file }];
}
