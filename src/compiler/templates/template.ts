import Handlebars from 'handlebars';
import type { Python } from '../python/python.ts';

/** What a template may be given: printed Python, and lists of it. */
export type TemplateValues = Readonly<Record<string, Python | readonly Python[]>>;

/** Compiles a template that lays out and does nothing else: no escapes, no helpers, every name must be known. */
export function template<Values extends TemplateValues>(source: string): (values: Values) => string {
  return Handlebars.compile<Values>(source, {
    noEscape: true,
    strict: true,
    knownHelpersOnly: true,
  });
}
