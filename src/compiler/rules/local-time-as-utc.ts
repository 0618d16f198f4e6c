import { pipelinesOf, type Rule } from './rule.ts';

export const localTimeAsUtc: Rule = {
  name: 'local-time-as-utc',
  severity: 'warning',
  category: 'correctness',
  why: 'A timestamp is an instant and stored as UTC. The clock time of a place, read as UTC, is hours away from what happened, differently in summer and winter; APIs that name the zone beside the time often write such clock times.',
  bad: 'pipelines: { flights: { columns: { departure: { from: departure.scheduled, type: timestamp }, zone: { from: departure.timezone } } } }',
  good: 'pipelines: { flights: { columns: { departure: { from: departure.scheduled, type: local_timestamp }, zone: { from: departure.timezone } } } }',
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      const columns = Object.entries(pipeline.settings.columns ?? {}).map(([name, column]) => ({
        name,
        type: column.type,
        paths: [column.from ?? name].flat(),
      }));
      const zones = columns.flatMap(({ paths }) => paths).filter((path) => ZONE.test(path));
      const places = new Set(zones.map((path) => path.replace(ZONE, '')));
      for (const { name, type, paths } of columns) {
        if (type !== 'timestamp') continue;
        const nested = paths.find((path) => /[./]/.test(path) && places.has(path.replace(LAST, '')));
        const local = LOCAL.test(name) || paths.some((path) => LOCAL.test(path));
        if (nested === undefined && !local) continue;
        report({
          message: local
            ? `"${name}" is called a local time and read as UTC`
            : `"${name}" stands beside a time zone in the source, and is read as UTC`,
          layers: pipeline.layers,
          path: ['columns', name, 'type'],
          help: 'write type: local_timestamp, keep the zone in a column of its own, and derive UTC from both in dbt',
        });
      }
    }
  },
};

/** The last step of a path, as a time zone is called. */
const ZONE = /(^|[./])(time_?zone|tz|zone_?id)$/i;
const LAST = /[./][^./]*$/;
const LOCAL = /(^|[._/])local([._/]|$)|_local_time$/i;
