import { parseAst } from 'vitest/node';

/** What stands in `${…}` of a text that is SQL. */
export interface Interpolation {
  /** As it is written. */
  readonly text: string;
  /** Inside quotes of the SQL, where nothing but a value would be. */
  readonly quoted: boolean;
  /** It can be traced, within its file, to what only makes SQL. */
  readonly traced: boolean;
}

/** Functions and fields that make SQL of what they are given: names quoted, texts quoted, types, placeholders. */
const MAKERS = new Set([
  ...[
    'identifier',
    'qualified',
    'literal',
    'literals',
    'filePath',
    'snowflakeIdentifier',
    'snowflakeLiteral',
  ],
  ...['snowflakeType', 'duckdbType', 'tableName', 'parameter', 'type', 'changeType', 'countDistinct'],
  ...['dateText', 'timestampText', 'now', 'own', 'as'],
]);

/** Beginnings of statements, and words that stand between two parts of one. */
const SQL =
  /(^|\(|\n)\s*(WITH|SELECT|INSERT INTO|DELETE FROM|UPDATE|MERGE INTO|CREATE|ALTER|DROP|COPY|PUT|SHOW|DESCRIBE|GRANT|USE|ATTACH|SET|CASE|CAST|TRY_CAST)\b|\b(SELECT|FROM|WHERE|VALUES|AND|OR|IS NULL|IS NOT NULL|THEN|AS|USING|JOIN|IN) ?(\(|$|\$)|\b(SELECT|WHERE|IS NOT NULL|ORDER BY|GROUP BY)\b/;

type Node = { type: string; start: number; end: number } & Record<string, unknown>;

/** The interpolations of all SQL in a file of TypeScript, in their order. */
export function interpolations(source: string): Interpolation[] {
  const program = parseAst(source, { lang: 'ts' }) as unknown as Node;
  const known = new Map<string, Node[]>();
  visit(program, (node) => {
    const { id, init, body } = node as { id?: Node; init?: Node; body?: Node };
    const value = node.type === 'VariableDeclarator' ? init : body;
    if (!/^(VariableDeclarator|FunctionDeclaration)$/.test(node.type) || id?.type !== 'Identifier' || !value)
      return;
    const name = String(id.name);
    known.set(name, [...(known.get(name) ?? []), value]);
  });
  const found: Interpolation[] = [];
  visit(program, (node) => {
    if (node.type !== 'TemplateLiteral') return;
    const texts = (node.quasis as { value: { cooked: string } }[]).map(({ value }) => value.cooked);
    if (!SQL.test(texts.join('$'))) return;
    for (const [index, expression] of (node.expressions as Node[]).entries()) {
      const before = texts.slice(0, index + 1).join('');
      found.push({
        text: source.slice(expression.start, expression.end).replace(/\s+/g, ' '),
        quoted: before.split("'").length % 2 === 0,
        traced: makesSql(expression, known, new Set()),
      });
    }
  });
  return found;
}

function makesSql(node: Node, known: Map<string, Node[]>, seen: Set<string>): boolean {
  const all = (nodes: readonly Node[]) => nodes.every((one) => makesSql(one, known, seen));
  const { callee, object, property, body } = node as Record<string, Node | undefined>;
  switch (node.type) {
    case 'Literal':
      return true;
    case 'TemplateLiteral':
      return all(node.expressions as Node[]);
    case 'ArrayExpression':
      return all(node.elements as Node[]);
    case 'SpreadElement':
      return all([node.argument as Node]);
    case 'ConditionalExpression':
      return all([node.consequent as Node, node.alternate as Node]);
    case 'ArrowFunctionExpression':
      return body !== undefined && makesSql(body, known, seen);
    case 'BlockStatement':
      return all(returned(node));
    case 'Identifier': {
      const name = String(node.name);
      if (MAKERS.has(name)) return true;
      const values = known.get(name);
      if (values === undefined || seen.has(name)) return false;
      return values.every((one) => makesSql(one, known, new Set([...seen, name])));
    }
    case 'MemberExpression':
      return property?.type === 'Identifier'
        ? MAKERS.has(String(property.name))
        : makesSql(object as Node, known, seen);
    case 'CallExpression': {
      const method = callee?.type === 'MemberExpression' ? String((callee.property as Node).name) : '';
      const on = callee?.object as Node;
      if (method === 'join') return makesSql(on, known, seen);
      if (method === 'map' || method === 'flatMap') return all((node.arguments as Node[]).slice(0, 1));
      return callee !== undefined && makesSql(callee, known, seen);
    }
    default:
      return false;
  }
}

/** What a function gives back, and none inside it. */
function returned(node: unknown): Node[] {
  if (Array.isArray(node)) return node.flatMap(returned);
  if (typeof node !== 'object' || node === null) return [];
  const { type, argument } = node as Partial<Node>;
  if (type === 'ReturnStatement') return argument ? [argument as Node] : [];
  return /Function/.test(String(type)) ? [] : Object.values(node).flatMap(returned);
}

function visit(node: unknown, see: (node: Node) => void): void {
  if (Array.isArray(node)) for (const one of node) visit(one, see);
  else if (typeof node === 'object' && node !== null) {
    if ('type' in node && 'start' in node) see(node as Node);
    for (const one of Object.values(node)) visit(one, see);
  }
}
