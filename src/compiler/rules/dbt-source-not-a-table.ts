import { SOURCE } from '../dbt/sources.ts';
import { projectsIn, tablesOf } from '../dbt/tables.ts';
import { type Rule, suggest } from './rule.ts';

export const dbtSourceNotATable: Rule = {
  name: 'dbt-source-not-a-table',
  severity: 'error',
  category: 'correctness',
  why: 'A model that reads a table of the generated source which no pipeline loads ends dbt before it builds anything, of all models.',
  bad: `pipelines:
  flights: { load: { table: arrivals } }
  reports: { description: Reports, dbt: { project: reports, select: ["tag:daily"] } }`,
  good: `pipelines:
  reports: { description: Reports, dbt: { project: reports, select: ["tag:daily"] } }`,
  check(spec, report) {
    for (const [pipeline, project] of projectsIn(spec)) {
      // Packages and properties of the project may bring a source of this name.
      if (!project.readsGenerated || project.hasPackages || project.sources.has(SOURCE)) continue;
      const tables = tablesOf(spec);
      for (const { path, sources } of project.nodes) {
        for (const { source, table, line } of sources) {
          if (source !== SOURCE || tables.includes(table)) continue;
          report({
            message: `${project.folder}/${path}:${line} reads the table "${table}", which no pipeline loads`,
            layers: pipeline.layers,
            path: ['dbt', 'project'],
            help: suggest(table, tables),
          });
        }
      }
    }
  },
};
