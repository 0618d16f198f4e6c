import { textsIn } from '../spec/source.ts';
import { substitute } from '../spec/template.ts';
import { at } from './layers.ts';
import type { ResolvedEnvironment, ResolvedPipeline, ResolvedSpec } from './resolved.ts';
import type { Spot } from './rules/rule.ts';

/** A text that may be an address, its variables filled in, and where a person would change it. */
export interface Address extends Spot {
  readonly text: string;
}

/** What the source of a pipeline says of where it asks: base URL and token URL, or the options of a handler. */
export function addressesOfSource(
  spec: ResolvedSpec,
  { settings: { variables }, layers }: ResolvedEnvironment,
  { extractSource, settings: { extract } }: ResolvedPipeline,
): Address[] {
  if (extract === undefined || extractSource === undefined) return [];
  const section = ['sources', extract.source];
  const texts = textsIn(extractSource).filter(({ path: [first] }) => first !== 'headers');
  return texts.map(({ path, text: own }) => {
    const text = substitute(own, (name) => variables[name.replace(/^variables\./, '')]);
    // Where the address is a variable's, that is what must change.
    const written = String(at(spec.source.value, [...section, ...path]));
    const variable = /^\$\{\s*variables\.([a-z0-9_]+)/.exec(written)?.[1];
    return variable === undefined
      ? { text, layers: [section], path }
      : { text, layers, path: ['variables', variable] };
  });
}

/** Whether it is this machine itself, or this pod. */
export function isLoopback(hostname: string): boolean {
  return /^(127\.[0-9.]+|\[::1\]|(.*\.)?localhost)$/.test(hostname);
}
