import { pipelinesOf, type Rule, suggest } from './rule.ts';

export const unknownTimezone: Rule = {
  name: 'unknown-timezone',
  severity: 'error',
  category: 'correctness',
  certain: true,
  why: 'Partitions are calendar days of the schedule’s time zone. A name that is not in the IANA list stops the DAG file at import; an offset such as +01:00 is wrong for half of the year.',
  bad: 'pipelines: { flights: { schedule: { timezone: Europe/Berlim } } }',
  good: 'pipelines: { flights: { schedule: { timezone: Europe/Berlin } } }',
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      const timezone = pipeline.settings.schedule?.timezone;
      if (timezone === undefined || isTimezone(timezone)) continue;
      report({
        message: `"${timezone}" is not an IANA time zone`,
        layers: pipeline.layers,
        path: ['schedule', 'timezone'],
        help: nearestZone(timezone),
      });
    }
  },
};

const known = new Set<string>();

// Asking costs, and the zones of a thousand pipelines are few.
function isTimezone(name: string): boolean {
  if (known.has(name)) return true;
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    known.add(name);
    return true;
  } catch {
    return false;
  }
}

function nearestZone(name: string): string {
  const help = suggest(name, Intl.supportedValuesOf('timeZone'));
  return help?.startsWith('did you mean') ? help : 'a name such as UTC, Europe/Berlin or Asia/Tokyo';
}
