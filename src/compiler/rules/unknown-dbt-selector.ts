import { selections } from '../dbt/project/selector.ts';
import { tablesOf } from '../dbt/tables.ts';
import { pipelinesOf, type Rule, suggest } from './rule.ts';

export const unknownDbtSelector: Rule = {
  name: 'unknown-dbt-selector',
  severity: 'error',
  category: 'correctness',
  why: 'dbt warns of a selector that matches nothing, builds nothing and ends well. The marts stay as old as they are, behind a green run. Names, folders, `tag:`, `path:`, `file:` and `source:` are looked up in the files of the project; what only dbt knows is left to it.',
  bad: 'pipelines: { reports: { description: Reports, dbt: { project: reports, select: ["tag:dialy"] } } }',
  good: 'pipelines: { reports: { description: Reports, dbt: { project: reports, select: ["tag:daily", "+summary", "path:models/marts"] } } }',
  check(spec, report) {
    const tables = tablesOf(spec);
    for (const { pipeline } of pipelinesOf(spec)) {
      const { dbt } = pipeline.settings;
      if (dbt === undefined || !('project' in dbt)) continue;
      const project = spec.dbtProjects?.get(dbt.project);
      if (project === undefined) continue;
      for (const [index, select] of dbt.select.entries()) {
        for (const { part, known, found } of selections(select, project, tables)) {
          if (found) continue;
          report({
            message: `"${part}" selects nothing in the dbt project ${dbt.project}`,
            layers: pipeline.layers,
            path: ['dbt', 'select', index],
            help: suggest(part.replace(/^.*:|\+/g, ''), known),
          });
        }
      }
    }
  },
};
