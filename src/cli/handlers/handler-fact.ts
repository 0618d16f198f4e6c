import { join, relative } from 'node:path';
import type { Node, Symbol as Parameter, Signature, Type } from 'ts-morph';
import type { HandlerFact, HandlerQuestion, Span } from '../../compiler/handlers/handler-facts.ts';
import type { Morph, Program } from './morph.ts';
import { returnedBy } from './returned.ts';
import { returnFacts } from './returns.ts';
import { unresolvedType } from './unresolved-type.ts';
import { typeText } from './value-fact.ts';

/** What TypeScript says of the export that a question names. */
export function handlerFact(program: Program, home: string, question: HandlerQuestion): HandlerFact {
  const { morph } = program;
  const { Node } = morph;
  const spanOf = (node: Node): Span | undefined => {
    const file = relative(home, node.getSourceFile().getFilePath()).replaceAll('\\', '/');
    const own = !file.startsWith('..') && !file.includes('node_modules/') && !(file in question.generated);
    return own ? { file, start: node.getStart(), end: node.getEnd() } : undefined;
  };
  const found = exportOf(program, home, question);
  if (found === undefined) {
    const names = program.project
      .getSourceFileOrThrow(join(home, question.file))
      .getExportedDeclarations()
      .keys();
    return { kind: 'absent', exports: [...names] };
  }
  const named = Node.hasName(found) ? found.getNameNode() : found;
  const at = spanOf(named) ?? { file: question.file, start: 0, end: 0 };
  const type = found.getType();
  const [signature, ...overloads] = type.getCallSignatures();
  if (signature === undefined) {
    const told = !type.isAny() && !type.isUnknown() && !Node.isInterfaceDeclaration(found);
    return told ? { kind: 'value', at, type: typeText(type) } : open(at);
  }
  // Types of JavaScript are guesses: an object gets fields there that nobody declared.
  if (!/\.m?ts$/.test(question.file)) return open(at);
  const parameters = signature.getParameters();
  const written = functionOf(found);
  const unresolved = unresolvedType(program, written, spanOf);
  const base = {
    kind: 'function' as const,
    at,
    required: overloads.length > 0 ? 0 : parameters.filter((one) => isRequired(morph, one)).length,
    lacking: [],
    unresolved,
    returns: [],
  };
  const returned = signature.getReturnType();
  const context = program.wanted(question.role === 'source' ? 'sourceContext' : 'transformContext');
  const parameter = parameters[question.role === 'source' ? 0 : 1];
  const refuses =
    overloads.length > 0 ? undefined : refusedContext(parameter, found, context, question.role, spanOf, at);
  if (question.role === 'source') return { ...base, refuses, noSource: noSource(program, returned) };
  const places = returnedBy(morph, written) ?? [{ node: named, type: returned, item: false }];
  return {
    ...base,
    refuses,
    lacking: lackingFields(program, home, question, parameters[0], found).map((field) => ({
      field,
      at: placeOf(parameters[0], spanOf) ?? at,
    })),
    returns: places.flatMap((place) => returnFacts(morph, place, spanOf, at)),
  };

  /** The function that a `const` holds, without what stands around it. */
  function functionOf(node: Node): Node {
    if (Node.isVariableDeclaration(node)) return functionOf(node.getInitializer() ?? node.getNameNode());
    const wrapped =
      Node.isParenthesizedExpression(node) || Node.isSatisfiesExpression(node) || Node.isAsExpression(node);
    return wrapped ? functionOf(node.getExpression()) : node;
  }
}

function open(at: Span): HandlerFact {
  return { kind: 'function', at, required: 0, lacking: [], returns: [] };
}

function exportOf(
  { project }: Program,
  home: string,
  { file, exported }: { readonly file: string; readonly exported: string },
): Node | undefined {
  return project.getSourceFileOrThrow(join(home, file)).getExportedDeclarations().get(exported)?.at(-1);
}

function isRequired({ Node }: Morph, parameter: Parameter): boolean {
  const declared = parameter.getValueDeclaration();
  return !Node.isParameterDeclaration(declared) || !declared.isOptional();
}

function placeOf(
  parameter: Parameter | undefined,
  spanOf: (node: Node) => Span | undefined,
): Span | undefined {
  const declared = parameter?.getValueDeclaration();
  return declared === undefined ? undefined : spanOf(declared);
}

function refusedContext(
  parameter: Parameter | undefined,
  handler: Node,
  context: Type,
  role: HandlerQuestion['role'],
  spanOf: (node: Node) => Span | undefined,
  around: Span,
) {
  if (parameter === undefined) return undefined;
  const type = parameter.getTypeAtLocation(handler);
  if (context.isAssignableTo(type)) return undefined;
  const wanted = role === 'source' ? 'SourceContext' : 'TransformContext';
  return {
    parameter: parameter.getName(),
    type: typeText(type),
    wanted,
    at: placeOf(parameter, spanOf) ?? around,
  };
}

function noSource({ wanted }: Program, returned: Type) {
  if (returned.isAssignableTo(wanted('batches'))) return undefined;
  return { type: typeText(returned), item: returned.isAssignableTo(wanted('anyIterable')) };
}

/** What the parameter must have and no record of the source handler has: names alone, values travel as JSON. */
function lackingFields(
  program: Program,
  home: string,
  { recordsOf }: HandlerQuestion,
  parameter: Parameter | undefined,
  handler: Node,
): string[] {
  if (recordsOf === undefined || parameter === undefined) return [];
  const source = exportOf(program, home, recordsOf);
  const signature: Signature | undefined = source?.getType().getCallSignatures()[0];
  const batch = signature?.getReturnType().getTypeArguments()[0];
  const batches = batch === undefined ? [] : batch.isUnion() ? batch.getUnionTypes() : [batch];
  const records = batches.map((one) =>
    one.getProperty('records')?.getTypeAtLocation(handler).getArrayElementType(),
  );
  const known = new Set<string>();
  for (const record of records) {
    if (record === undefined || !isClosed(record)) return [];
    for (const one of record.getProperties()) known.add(one.getName());
  }
  const wanted = parameter.getTypeAtLocation(handler);
  if (records.length === 0 || !isClosed(wanted)) return [];
  return wanted
    .getProperties()
    .filter((one) => !one.isOptional() && !known.has(one.getName()))
    .map((one) => one.getName());
}

/** An object whose fields are all told. */
function isClosed(type: Type): boolean {
  return type.isObject() && type.getStringIndexType() === undefined && type.getProperties().length > 0;
}
