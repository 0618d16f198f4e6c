import type {
  CheckDetails,
  CheckResult,
  DbtDetails,
  LoadDetails,
  Receipt,
  UploadDetails,
} from '../../runtime/receipt.ts';
import type { Step } from '../../spec/steps.ts';
import { plural } from '../print.ts';
import { table } from '../table.ts';
import type { RunResult } from './result.ts';

/** What a person wants to know at the end: rows at each station, what was set aside, checks, dbt, cost, place. */
export function summary(result: RunResult, receipts: readonly Receipt[]): string {
  const sections = [
    stations(result),
    quarantine(receipts),
    checks(receipts),
    dbt(receipts),
    [
      `requests   ${sum(result.partitions.flatMap(({ steps }) => steps.map(({ requests }) => requests)))}`,
      `files      ${result.store}`,
      `warehouse  ${result.warehouse}`,
    ],
    failure(result),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

const FINISHED = ['done', 'kept', 'skipped'];

function stations(result: RunResult): string[] {
  const found = result.partitions.map(({ partition, steps }) => {
    const of = (step: Step) => steps.find((one) => one.step === step && FINISHED.includes(one.status))?.rows;
    return { partition, extract: of('extract'), upload: of('upload'), load: of('load') };
  });
  const filled = found.filter(({ extract, upload }) => extract !== undefined || upload !== undefined);
  if (filled.length === 0) return [];
  // Only a transform makes more rows than there are records.
  const expanded = filled.some(({ upload }) => (upload?.expanded ?? 0) > 0);
  const head = [
    ...['partition', 'received', ...(expanded ? ['expanded'] : [])],
    ...['published', 'quarantined', 'duplicates', 'filtered', 'loaded'],
  ];
  const rows = filled.map(({ partition, extract, upload, load }) =>
    [
      partition,
      extract?.received,
      ...(expanded ? [upload === undefined ? undefined : (upload.expanded ?? 0)] : []),
      upload?.published,
      upload?.quarantined,
      upload?.duplicates,
      upload?.filtered,
      load?.loaded,
    ].map((cell) => (typeof cell === 'number' ? cell.toLocaleString('en') : (cell ?? ''))),
  );
  return table(head, rows);
}

function details<Details>(receipts: readonly Receipt[], step: Step): (Details & { partition: string })[] {
  return receipts.flatMap((receipt) =>
    receipt.step === step && receipt.details !== undefined
      ? [{ ...(receipt.details as Details), partition: receipt.partition }]
      : [],
  );
}

function quarantine(receipts: readonly Receipt[]): string[] {
  return details<UploadDetails>(receipts, 'upload').flatMap(({ partition, reasons, quarantine: file }) => {
    if (file === null) return [];
    const lines = reasons.map(
      ({ reason, column, rows }) =>
        `  ${plural(rows, 'row')}: ${reason}${column === null ? '' : ` in ${column}`}`,
    );
    return [`quarantine of ${partition}: ${file.name}`, ...lines];
  });
}

/** A line for each check, over all partitions; those that did not pass are named one by one. */
function checks(receipts: readonly Receipt[]): string[] {
  const all: (CheckResult & { partition: string })[] = [
    ...details<LoadDetails>(receipts, 'load'),
    ...details<CheckDetails>(receipts, 'check'),
  ].flatMap(({ checks: results, partition }) => results.map((one) => ({ ...one, partition })));
  if (all.length === 0) return [];
  const groups = Map.groupBy(all, ({ name, when }) => `${when} ${name}`);
  const rows = [...groups.values()].map((group) => {
    const measured = group.flatMap((one) => one.measured ?? []);
    const [first] = group;
    return [
      first?.name ?? '',
      first?.when === 'gate' ? 'before publishing' : 'after loading',
      `${group.filter(({ passed }) => passed).length} of ${group.length} passed`,
      measured.length === 0
        ? ''
        : [...new Set([Math.min(...measured), Math.max(...measured)])].map(rounded).join(' to '),
    ];
  });
  const open = all.filter(({ passed }) => !passed);
  return [
    ...table(['check', 'when', 'result', 'measured'], rows),
    ...open.map(
      ({ partition, name, severity, measured, expected, note }) =>
        `${severity === 'error' ? 'FAILED' : 'warning'}: ${name} of ${partition} measured ${measured === null ? 'nothing' : rounded(measured)}, expected ${expected}${note === undefined ? '' : `, ${note}`}`,
    ),
  ];
}

function rounded(number: number): string {
  return Number(number.toPrecision(4)).toLocaleString('en');
}

function dbt(receipts: readonly Receipt[]): string[] {
  return details<DbtDetails>(receipts, 'dbt').map(
    ({ partition, passed, warned, failed, skipped }) =>
      `dbt ${partition}: ${passed} passed, ${warned} warned, ${failed} failed, ${skipped} skipped`,
  );
}

function failure(result: RunResult): string[] {
  for (const { partition, steps } of result.partitions) {
    const step = steps.find(({ status }) => status === 'failed');
    if (step !== undefined) {
      return [
        `${step.step} of ${partition} failed (exit ${step.exit}): ${step.message}`,
        `The table is as it was unless the load is done above. Once the cause is mended, the same command goes on.`,
      ];
    }
  }
  return [];
}

function sum(numbers: readonly number[]): string {
  return numbers.reduce((all, one) => all + one, 0).toLocaleString('en');
}
