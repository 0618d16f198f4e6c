import { isMapping } from '../../layers.ts';

/** What the YAML files beside the models say of them. */
export interface Properties {
  /** Name of a model → tags. */
  readonly tags: ReadonlyMap<string, readonly string[]>;
  readonly openTags: boolean;
  readonly tested: ReadonlySet<string>;
  readonly sources: ReadonlyMap<string, ReadonlySet<string>>;
}

/** @param documents parsed property files; what is none of them is passed over */
export function readProperties(documents: readonly unknown[]): Properties {
  const tags = new Map<string, string[]>();
  const tested = new Set<string>();
  const sources = new Map<string, Set<string>>();
  let openTags = false;
  for (const document of documents) {
    if (!isMapping(document)) continue;
    for (const key of ['models', 'seeds', 'snapshots']) {
      for (const one of maps(document[key])) {
        const name = String(one.name);
        const own = [one.tags ?? [], isMapping(one.config) ? (one.config.tags ?? []) : []]
          .flat(2)
          .map(String);
        tags.set(name, [...(tags.get(name) ?? []), ...own]);
        openTags ||= own.some((tag) => tag.includes('{{'));
        if ([one, ...maps(one.columns)].some(hasTests) || maps(document.unit_tests).some(isOf(name))) {
          tested.add(name);
        }
      }
    }
    for (const source of maps(document.sources)) {
      const tables = maps(source.tables).map((table) => String(table.name));
      const name = String(source.name);
      sources.set(name, new Set([...(sources.get(name) ?? []), ...tables]));
    }
  }
  return { tags, openTags, tested, sources };
}

function hasTests(one: Readonly<Record<string, unknown>>): boolean {
  return [one.data_tests, one.tests].some((tests) => Array.isArray(tests) && tests.length > 0);
}

function isOf(name: string): (test: Readonly<Record<string, unknown>>) => boolean {
  return (test) => test.model === name;
}

function maps(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isMapping) : [];
}
