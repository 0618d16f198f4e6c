/** `order_lines` and `Row`: `OrderLinesRow`. */
export function typeName(pipeline: string, end: string): string {
  const words = pipeline.split('_').filter((word) => word !== '');
  return words.map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`).join('') + end;
}
