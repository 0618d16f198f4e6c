import { textsThatRun } from '../texts.ts';
import { pipelinesOf, type Rule } from './rule.ts';

export const jinjaInText: Rule = {
  name: 'jinja-in-text',
  severity: 'warning',
  category: 'correctness',
  why: 'Airflow renders no text of the spec: what looks like Jinja reaches the API, the database or dbt as it is written, and most of them take it for a value.',
  bad: 'pipelines: { flights: { extract: { query: { flight_date: "{{ ds }}" } } } }',
  good: 'pipelines: { flights: { extract: { query: { flight_date: "${partition}" } } } }',
  check(spec, report) {
    for (const { environment, pipeline } of pipelinesOf(spec)) {
      for (const { layers, path, text } of textsThatRun(environment, pipeline)) {
        const [found] = /\{\{.*?\}\}|\{%.*?%\}/s.exec(text) ?? [];
        if (found === undefined) continue;
        report({
          message: `${found} is sent as it stands: nothing renders Jinja here`,
          layers,
          path,
          help: `write \${partition} for the day, \${variables.NAME} for what differs between environments`,
        });
      }
    }
  },
};
