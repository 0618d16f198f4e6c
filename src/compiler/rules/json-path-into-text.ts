import { pipelinesOf, type Rule } from './rule.ts';

/** What paging reads out of a JSON document. */
const PATHS: readonly string[] = ['total', 'total_pages', 'has_more', 'next'];

export const jsonPathIntoText: Rule = {
  name: 'json-path-into-text',
  severity: 'error',
  category: 'correctness',
  certain: true,
  why: 'CSV and JSON Lines are lists of records and nothing else: there is no place in them for a total, a next cursor or a path to the records.',
  bad: 'pipelines: { flights: { extract: { format: { kind: json_lines } } } }',
  good: `
pipelines:
  flights:
    extract: { format: { kind: json_lines }, paginate: { total: null } }`,
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      const { extract } = pipeline.settings;
      if (extract === undefined || extract.format.kind === 'json') continue;
      const paging = extract.paginate as Readonly<Record<string, unknown>>;
      const paths = [
        ...(extract.records === '' ? [] : [['records']]),
        ...PATHS.filter((key) => paging[key] !== undefined).map((key) => ['paginate', key]),
      ];
      for (const path of paths) {
        report({
          message: `${path.join('.')} is a path into JSON, and the answers are ${extract.format.kind === 'csv' ? 'CSV' : 'JSON Lines'}`,
          layers: pipeline.layers,
          path: ['extract', ...path],
          help: 'remove it; a cursor or link in a header can be followed, by next_header or kind: link',
        });
      }
    }
  },
};
