import type { Finding } from '../finding.ts';
import type { Mention } from './find-handlers.ts';
import type { HandlerFact, Span } from './handler-facts.ts';

export interface SignatureProblem {
  readonly severity: Finding['severity'];
  readonly message: string;
  readonly help: string;
  readonly at: Span;
  readonly label: string;
}

/** How each kind of handler is called, and how many parameters that fills. */
const CALLS = {
  source: { parameters: 1, form: 'async function* name(context: SourceContext) { yield { records }; }' },
  transform: {
    parameters: 2,
    form: 'function name(record: TheRecord, context: TransformContext) { return row; }',
  },
} as const;

/** Whether an export can be called as pipegen calls it, and gives back what is taken. */
export function signatureProblems(
  { role, reference }: Pick<Mention, 'role' | 'reference'>,
  fact: Exclude<HandlerFact, { kind: 'absent' }>,
): SignatureProblem[] {
  const { parameters, form } = CALLS[role];
  const help = `write a ${role} as "${form}"`;
  const base = { severity: 'error' as const, help, at: fact.at };
  if (fact.kind === 'value') {
    return [
      {
        ...base,
        message: `${reference} is no function, and a ${role} is one`,
        label: `this is ${fact.type}`,
      },
    ];
  }
  const problems: SignatureProblem[] = [];
  if (fact.required > parameters) {
    const called = role === 'source' ? 'its context alone' : 'the record and its context';
    const label = `${fact.required} parameters are required`;
    problems.push({ ...base, message: `${reference} is called with ${called}`, label });
  }
  if (fact.refuses !== undefined) {
    const { parameter, type, wanted, at } = fact.refuses;
    const message = `${reference} gets a ${wanted} as "${parameter}", which does not take one`;
    const repair = `write ${parameter}: ${wanted}, with the type from 'pipegen/handlers'`;
    problems.push({ ...base, message, help: repair, at, label: `this is ${type}` });
  }
  for (const { field, at } of fact.lacking) {
    // A type may say less than the records hold, so that this is no error.
    const message = `${reference} takes records with "${field}", of which its source’s type knows nothing`;
    const help = `declare "${field}" in the source, or make it optional here`;
    problems.push({ severity: 'warning', message, help, at, label: `"${field}" is required here` });
  }
  if (fact.noSource !== undefined) {
    const message = fact.noSource.item
      ? `${reference} yields what is no batch of records`
      : `${reference} is no async generator, and a source is one`;
    problems.push({ ...base, message, label: `it returns ${fact.noSource.type}` });
  }
  if (fact.unresolved !== undefined) {
    const { type, reason, at } = fact.unresolved;
    const message = `the types of ${reference} can’t be told: ${reason}`;
    const repair = `correct the import of ${type}; until then its columns are not compared`;
    problems.push({ severity: 'warning', message, help: repair, at, label: `${type} is not found` });
  }
  for (const one of fact.returns) {
    if (one.kind !== 'not_a_row') continue;
    const message = `${reference} returns ${one.type}, which is no row`;
    const repair =
      'return an object of columns, a list or generator of them, or null to leave the record out';
    problems.push({ ...base, message, help: repair, at: one.at, label: `this is ${one.type}` });
  }
  return problems;
}
