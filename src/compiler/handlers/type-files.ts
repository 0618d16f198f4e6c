import type { Column } from '../../spec/column.ts';
import { shapeOf, type TypeShape } from '../../spec/column-type.ts';
import type { GeneratedFile } from '../dag.ts';
import type { ResolvedPipeline, ResolvedSpec } from '../resolved.ts';
import { MARK } from '../targets/documentation.ts';
import { recordType } from './record-type.ts';
import { typeName } from './type-name.ts';

/** Where a build writes unless it is told otherwise. */
export const OUTPUT = 'generated';

/**
 * `types/<pipeline>.ts` of each pipeline with a handler: the row that its transform returns, or the record of which
 * its columns are made. The same for all environments, so that a handler can import it.
 */
export function typeFiles(spec: ResolvedSpec): GeneratedFile[] {
  const members = spec.environments.flatMap(({ pipelines }) => pipelines);
  return [...Map.groupBy(members, ({ name }) => name)]
    .flatMap(([name, pipelines]) => {
      const types = [rowType(name, pipelines), recordType(name, pipelines)].filter(
        (one) => one !== undefined,
      );
      if (types.length === 0) return [];
      const head = `// ${MARK} from ${spec.source.file.split(/[\\/]/).at(-1)}: pipeline ${name}. Do not edit.\n`;
      const imported = types.some((one) => /\bValue\b/.test(one))
        ? "import type { Value } from 'pipegen/handlers';\n"
        : '';
      return [{ path: `types/${name}.ts`, content: [head + imported, ...types].join('\n') }];
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function rowType(name: string, pipelines: readonly ResolvedPipeline[]): string | undefined {
  const sets = pipelines.flatMap(({ settings: { transform, columns } }) =>
    transform === undefined || columns === undefined ? [] : [columns],
  );
  if (sets.length === 0) return undefined;
  const names = [...new Set(sets.flatMap((set) => Object.keys(set)))].sort();
  const fields = names.map((column) => {
    const all = sets.map((set) => (Object.hasOwn(set, column) ? set[column] : undefined));
    const types = new Set(all.flatMap((one) => (one === undefined ? [] : unionOf(one))));
    const required = all.every((one) => one?.required === true);
    return required
      ? `  readonly ${column}: ${[...types].join(' | ')};`
      : `  readonly ${column}?: ${[...types, 'null', 'undefined'].join(' | ')};`;
  });
  return `/** A row as the transform of "${name}" returns it. */
export type ${typeName(name, 'Row')} = {
${fields.join('\n')}
};
`;
}

function unionOf({ type }: Column): string[] {
  return typesOf(shapeOf(type));
}

function typesOf(shape: TypeShape): string[] {
  switch (shape.kind) {
    case 'string':
    case 'boolean':
      return [shape.kind];
    case 'integer':
    case 'double':
      return ['number', 'bigint'];
    case 'bigint':
    case 'decimal':
      return ['number', 'bigint', 'string'];
    case 'date':
    case 'timestamp':
    case 'local_timestamp':
      return ['string', 'Date'];
    case 'time':
      return ['string'];
    case 'json':
      return ['Value'];
    case 'list': {
      // A Date in a list is the text of its instant, which is no date.
      const items = typesOf(shape.of).filter((one) => !(shape.of.kind === 'date' && one === 'Date'));
      return [`readonly (${[...items, 'null'].join(' | ')})[]`];
    }
  }
}
