/**
 * As what Node reads a file of the project: a module, also where its package.json does not say so, or where there is
 * none.
 *
 * @param url that Node found
 * @param root of the project's folder, as a URL that ends with `/`
 * @returns undefined for what is not the project's own, or no code
 */
export function moduleFormat(url: string, root: string): 'module' | 'module-typescript' | undefined {
  if (!url.startsWith(root) || url.includes('/node_modules/')) return undefined;
  const kind = /\.m?([jt])s(?:[?#]|$)/.exec(url)?.[1];
  return kind === undefined ? undefined : kind === 't' ? 'module-typescript' : 'module';
}
