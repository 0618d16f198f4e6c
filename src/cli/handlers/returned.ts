import type { Expression, Node, Type } from 'ts-morph';
import type { Morph } from './morph.ts';

/** What stands at a place where a function gives something back. */
export interface Returned {
  readonly node: Node;
  readonly type: Type;
  /** It is one of several: upload looks no deeper than one list or generator. */
  readonly item: boolean;
}

/**
 * Each expression that a function returns or yields, with its own type and not the one that the function claims. So
 * a finding points at the line that is wrong, and a loose return type hides nothing.
 *
 * @returns undefined where the export is no function that is written out, but made by a call
 */
export function returnedBy({ Node, SyntaxKind }: Morph, handler: Node): Returned[] | undefined {
  if (Node.isArrowFunction(handler)) {
    const body = handler.getBody();
    if (Node.isExpression(body)) return split(body, false);
  }
  if (!isFunction(handler) || handler.getBody() === undefined) return undefined;
  const generator = !Node.isArrowFunction(handler) && handler.isGenerator();
  const found: Returned[] = [];
  handler.forEachDescendant((node, traversal) => {
    if (isFunction(node) || Node.isClassDeclaration(node) || Node.isClassExpression(node)) traversal.skip();
    else if (Node.isReturnStatement(node) && !generator) {
      const expression = node.getExpression();
      if (expression !== undefined) found.push(...split(expression, false));
    } else if (Node.isYieldExpression(node)) {
      const expression = node.getExpression();
      const all = node.getFirstChildByKind(SyntaxKind.AsteriskToken) !== undefined;
      if (expression !== undefined) found.push(...split(expression, !all));
    }
  });
  return found;

  function isFunction(node: Node) {
    return (
      Node.isFunctionDeclaration(node) ||
      Node.isFunctionExpression(node) ||
      Node.isArrowFunction(node) ||
      Node.isMethodDeclaration(node)
    );
  }

  /** Both sides of `? :` and each element of a list that stands there are places of their own. */
  function split(node: Expression, item: boolean): Returned[] {
    if (
      Node.isParenthesizedExpression(node) ||
      Node.isSatisfiesExpression(node) ||
      Node.isAwaitExpression(node)
    ) {
      return split(node.getExpression(), item);
    }
    if (Node.isConditionalExpression(node)) {
      return [...split(node.getWhenTrue(), item), ...split(node.getWhenFalse(), item)];
    }
    if (Node.isArrayLiteralExpression(node) && !item) {
      return node
        .getElements()
        .flatMap((one) => (Node.isSpreadElement(one) ? split(one.getExpression(), false) : split(one, true)));
    }
    return [{ node, type: node.getType(), item }];
  }
}
