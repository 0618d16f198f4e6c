import type { Rule } from './rule.ts';

export const nativePartitionsBeforeAirflow3: Rule = {
  name: 'native-partitions-before-airflow-3',
  severity: 'error',
  category: 'correctness',
  certain: true,
  why: 'Airflow 2.11 has no partitions: its DAGs hand a list of dates on, whatever an environment says. One that asks for native partitions would get something else than it says.',
  bad: 'environments: { production: { airflow: "2.11", partitions: native } }',
  good: 'environments: { production: { airflow: "2.11", partitions: dates } }',
  check(spec, report) {
    for (const { name, settings, layers } of spec.environments) {
      if (settings.airflow !== '2.11' || settings.partitions !== 'native') continue;
      report({
        message: `"${name}" is for Airflow 2.11, which has no partitions of its own`,
        layers,
        path: ['partitions'],
        help: 'write partitions: dates, or null where it comes from another environment',
      });
    }
  },
};
