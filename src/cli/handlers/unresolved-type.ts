import type { Node } from 'ts-morph';
import type { Span } from '../../compiler/handlers/handler-facts.ts';
import type { Program } from './morph.ts';

/**
 * A type of a function's signature that is imported from a file of the project and is not there. Types of packages
 * and of the platform are left alone: whether they are installed says nothing of the handler.
 */
export function unresolvedType(
  { morph: { Node } }: Program,
  handler: Node,
  spanOf: (node: Node) => Span | undefined,
): { type: string; reason: string; at: Span } | undefined {
  if (
    !Node.isFunctionDeclaration(handler) &&
    !Node.isFunctionExpression(handler) &&
    !Node.isArrowFunction(handler)
  )
    return undefined;
  const written = [handler.getReturnTypeNode(), ...handler.getParameters().map((one) => one.getTypeNode())];
  for (const node of written) {
    if (node === undefined) continue;
    const references = [node, ...node.getDescendants()].filter((one) => Node.isTypeReference(one));
    for (const reference of references) {
      const name = reference.getTypeName();
      const specifier = name
        .getSymbol()
        ?.getDeclarations()
        .find((one) => Node.isImportSpecifier(one));
      const at = spanOf(name);
      if (specifier === undefined || at === undefined) continue;
      const from = specifier.getImportDeclaration();
      if (!from.isModuleSpecifierRelative()) continue;
      const path = from.getModuleSpecifierValue();
      const file = from.getModuleSpecifierSourceFile();
      if (file === undefined) return { type: name.getText(), reason: `there is no file "${path}"`, at };
      if (!file.getExportedDeclarations().has(specifier.getName()))
        return { type: name.getText(), reason: `"${path}" exports no "${specifier.getName()}"`, at };
    }
  }
  return undefined;
}
