import type { Column } from '../../spec/column.ts';
import { nearest } from '../did-you-mean.ts';
import type { Finding } from '../finding.ts';
import { fitOf, missingIn, returnedAs } from './fit.ts';
import type { FieldFact, ReturnFact, Span } from './handler-facts.ts';

type Row = Extract<ReturnFact, { kind: 'row' }>;

/** What is wrong with a column, and where the handler says so. */
export interface ColumnProblem {
  readonly column: string;
  /** The key of the column that it contradicts; none where the column itself is missing. */
  readonly about?: 'type' | 'required';
  readonly severity: Finding['severity'];
  readonly message: string;
  readonly help: string;
  readonly at: Span;
  readonly label: string;
}

/**
 * Compares what a transform returns with the columns. A row without a column has null there, so that only a required
 * column must be in each row; a column that no row has is a mistake all the same, unless it has a default.
 *
 * @param handler as a message names it
 */
export function judgeRows(
  columns: Readonly<Record<string, Column>>,
  returns: readonly ReturnFact[],
  handler: string,
): ColumnProblem[] {
  const rows = returns.filter((one) => one.kind === 'row');
  return Object.entries(columns).flatMap(([name, column]) => {
    const nowhere = rows.every((row) => !Object.hasOwn(row.fields, name));
    return rows.flatMap((row, index): ColumnProblem[] => {
      const field = Object.hasOwn(row.fields, name) ? row.fields[name] : undefined;
      if (field !== undefined) return judgeField(name, column, field, handler);
      if (row.open || column.default !== undefined) return [];
      if (column.required || (nowhere && index === 0)) return [missing(name, row, columns, handler)];
      return [];
    });
  });
}

function missing(
  column: string,
  row: Row,
  columns: Readonly<Record<string, Column>>,
  handler: string,
): ColumnProblem {
  const strangers = Object.keys(row.fields).filter((field) => !Object.hasOwn(columns, field));
  const near = nearest(column, strangers);
  const required = columns[column]?.required === true;
  return {
    column,
    severity: 'error',
    message: `${handler} returns no "${column}"`,
    help:
      near === undefined
        ? `return it${required ? '' : ', or null where there is none'}, or remove the column`
        : `did you mean "${column}" where it returns "${near}"?`,
    at: (near === undefined ? undefined : row.fields[near]?.at) ?? row.at,
    label: near === undefined ? `this row has no "${column}"` : `no column is called "${near}"`,
  };
}

function judgeField(name: string, column: Column, field: FieldFact, handler: string): ColumnProblem[] {
  const base = { column: name, at: field.at };
  const fit = fitOf(column.type, withoutNulls(field, column.null_if));
  const absent = missingIn(field);
  const label = `this is ${field.type}`;
  if (fit === 'no') {
    const message = `${handler} returns ${field.type} for "${name}", which is ${column.type}`;
    return [
      {
        ...base,
        about: 'type',
        severity: 'error',
        message,
        label,
        help: `return ${returnedAs(column.type)}`,
      },
    ];
  }
  if (absent !== undefined && column.required) {
    const message = `${handler} may return ${absent} for "${name}", which is required`;
    const help = 'return null in place of such a row, throw BadData, or remove "required"';
    return [{ ...base, about: 'required', severity: 'error', message, label, help }];
  }
  if (fit === 'perhaps') {
    const message = `${handler} returns a text for "${name}", and one that is no ${column.type} sets its row aside`;
    return [
      {
        ...base,
        about: 'type',
        severity: 'warning',
        message,
        label,
        help: `return ${returnedAs(column.type)}`,
      },
    ];
  }
  return [];
}

/** Texts that are taken as null may stand for any value, and nobody knows of a text whether it is one of them. */
function withoutNulls(field: FieldFact, nulls: readonly string[]): FieldFact {
  if (nulls.length === 0) return field;
  return {
    ...field,
    kinds: field.kinds.filter((kind) => kind !== 'text'),
    literals: field.literals.filter((one) => !nulls.includes(String(one))),
  };
}
