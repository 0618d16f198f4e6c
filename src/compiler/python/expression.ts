import { boolean, number, string } from './literal.ts';
import { type Import, LINE_LENGTH, type Python, python } from './python.ts';

/** An expression before it is laid out, with what its names need to be imported. */
export type Expression = Atom | Group | Chain | Linked;

interface Atom {
  readonly kind: 'atom';
  readonly text: string;
  readonly imports: readonly Import[];
}

/** Items between brackets: a list, a dictionary, a call. */
interface Group {
  readonly kind: 'group';
  readonly open: string;
  readonly items: readonly Item[];
  readonly close: string;
  /** One item a line even where they would fit on one. */
  readonly tall: boolean;
  readonly imports: readonly Import[];
}

/** Operands joined by one operator, in parentheses where `parenthesised` or where they need several lines. */
interface Chain {
  readonly kind: 'chain';
  readonly operator: string;
  readonly operands: readonly Expression[];
  readonly parenthesised: boolean;
  readonly imports: readonly Import[];
}

/** A call, and the call of a method of what it returns. */
interface Linked {
  readonly kind: 'linked';
  readonly object: Expression;
  readonly method: Group;
  readonly imports: readonly Import[];
}

interface Item {
  /** What stands before the value: `"key": `, `name=`, `**` or nothing. */
  readonly prefix: string;
  readonly value: Expression;
}

export function atom(text: Python, imports: readonly Import[] = []): Expression {
  return { kind: 'atom', text, imports };
}

/** A name of this module. */
export function name(identifier: string): Expression {
  return atom(python(identifier));
}

/** A name from another module; a dotted path after it is part of `identifier`. */
export function imported(module: string, identifier: string, alias?: string): Expression {
  const [root = identifier, ...rest] = identifier.split('.');
  const text = [alias ?? root, ...rest].join('.');
  return atom(python(text), [{ module, name: root, ...(alias === undefined ? {} : { alias }) }]);
}

export const NONE: Expression = atom(python('None'));

export function literal(value: string | number | boolean): Expression {
  if (typeof value === 'string') return atom(string(value));
  return atom(typeof value === 'number' ? number(value) : boolean(value));
}

function group(open: string, items: readonly Item[], close: string, imports: readonly Import[] = []): Group {
  const all = [...imports, ...items.flatMap((item) => item.value.imports)];
  return { kind: 'group', open, items, close, tall: false, imports: all };
}

export function list(values: readonly Expression[]): Expression {
  return group('[', bare(values), ']');
}

/** In the order given; a value under the key `**` is spread. */
export function dictionary(entries: readonly (readonly [string, Expression])[]): Expression {
  return group(
    '{',
    entries.map(([key, value]) => ({ prefix: key === '**' ? key : `${string(key)}: `, value })),
    '}',
  );
}

export type Keywords = readonly (readonly [string, Expression])[];

/** A call; `**` as a keyword spreads its value. */
export function call(
  callee: Expression,
  positional: readonly Expression[],
  keywords: Keywords = [],
): Expression {
  const named = keywords.map(([key, value]) => ({ prefix: key === '**' ? '**' : `${key}=`, value }));
  return group(`${flat(callee)}(`, [...bare(positional), ...named], ')', callee.imports);
}

/** An attribute of something that has a name. */
export function attribute(object: Expression, identifier: string): Expression {
  return atom(python(`${flat(object)}.${identifier}`), object.imports);
}

/** `object.method(…)`, where `object` is a call that takes several lines. */
export function methodCall(object: Expression, method: string, keywords: Keywords): Expression {
  const items = keywords.map(([key, value]) => ({ prefix: `${key}=`, value }));
  const called = { ...group(`.${method}(`, items, ')'), tall: true };
  return { kind: 'linked', object, method: called, imports: [...object.imports, ...called.imports] };
}

/** The same, one item a line: for what a reader compares line by line. */
export function tall(expression: Expression): Expression {
  return expression.kind === 'group' ? { ...expression, tall: true } : expression;
}

export function chain(operator: string, operands: readonly Expression[], parenthesised: boolean): Expression {
  const [first] = operands;
  if (first !== undefined && operands.length === 1) return first;
  return {
    kind: 'chain',
    operator,
    operands,
    parenthesised,
    imports: operands.flatMap((one) => one.imports),
  };
}

function bare(values: readonly Expression[]): Item[] {
  return values.map((value) => ({ prefix: '', value }));
}

function flat(expression: Expression): string {
  if (expression.kind === 'atom') return expression.text;
  if (expression.kind === 'group') {
    return (
      expression.open +
      expression.items.map((one) => one.prefix + flat(one.value)).join(', ') +
      expression.close
    );
  }
  if (expression.kind === 'linked') return flat(expression.object) + flat(expression.method);
  const joined = expression.operands.map(flat).join(` ${expression.operator} `);
  return expression.parenthesised ? `(${joined})` : joined;
}

function hasTall(expression: Expression): boolean {
  if (expression.kind === 'atom') return false;
  if (expression.kind === 'chain') return expression.operands.some(hasTall);
  if (expression.kind === 'linked') return true;
  return expression.tall || expression.items.some((item) => hasTall(item.value));
}

/** Whether the text ends within the line. What is not ASCII never does: its width is a matter of opinion. */
function fits(text: string, column: number, tail: number): boolean {
  return /^[ -~]*$/.test(text) && column + text.length + tail <= LINE_LENGTH;
}

/**
 * Lays an expression out as `ruff format` would: on one line if it fits, else one item a line with a comma after
 * the last.
 * @param indent spaces before the statement
 * @param column where the expression begins, in characters
 * @param tail characters that follow on the same line
 */
export function layout(expression: Expression, indent: number, column: number, tail = 0): Python {
  if (expression.kind === 'linked') {
    const object = layout(expression.object, indent, column);
    return python(object + layout(expression.method, indent, indent + 1, tail));
  }
  const onOneLine = flat(expression);
  if (expression.kind === 'atom') return python(onOneLine);
  const inner = ' '.repeat(indent + 4);
  const outer = ' '.repeat(indent);
  if (expression.kind === 'chain') {
    if (fits(onOneLine, column, tail)) return python(onOneLine);
    const operands = expression.operands.map(flat);
    const joined = operands.join(` ${expression.operator} `);
    const lines = fits(joined, indent + 4, 0) ? joined : operands.join(`\n${inner}${expression.operator} `);
    return python(`(\n${inner}${lines}\n${outer})`);
  }
  if (expression.items.length === 0 || (!hasTall(expression) && fits(onOneLine, column, tail))) {
    return python(onOneLine);
  }
  const items = expression.items.map(({ prefix, value }) => {
    return `${inner}${prefix}${layout(value, indent + 4, indent + 4 + prefix.length, 1)},\n`;
  });
  return python(`${expression.open}\n${items.join('')}${outer}${expression.close}`);
}
