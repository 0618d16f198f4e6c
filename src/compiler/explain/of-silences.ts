import type { Explanation } from './explanation.ts';

/** A spec to which a key can be added. */
const AROUND = `version: 1
sources: { api: { kind: http, base_url: "https://api.example.com" } }
environments:
  local:
    airflow: "3.3"
    launcher: { kind: process }
    store: { kind: files, root: lake }
    warehouse: { kind: duckdb, path: lake.duckdb, schema: raw }
pipelines:
  flights:
    extract: { source: api, path: /flights, query: { day: "\${partition}" } }
    columns: { flight: {} }
`;

const KEY = '    key: { columns: [flight] }\n';

/** What is found in the comments that silence rules. The examples are whole files. */
export const OF_SILENCES: readonly Explanation[] = [
  {
    name: 'silence-without-reason',
    severity: 'error',
    category: 'practice',
    certain: true,
    why: 'Who reads the spec in a year must be able to tell a decision from an oversight. A silence without a reason silences nothing.',
    bad: `${AROUND}    # pipegen-ignore nullable-key\n${KEY}`,
    good: `${AROUND}    # pipegen-ignore nullable-key: flights without a number are kept as they come\n${KEY}`,
  },
  {
    name: 'silence-of-unknown-name',
    severity: 'error',
    category: 'practice',
    certain: true,
    why: 'A silence names a rule that may be silenced. What would make a wrong DAG, or end every run, can’t be silenced: it must be repaired.',
    bad: `${AROUND}    # pipegen-ignore nulable-key: flights without a number are kept as they come\n${KEY}`,
    good: `${AROUND}    # pipegen-ignore nullable-key: flights without a number are kept as they come\n${KEY}`,
  },
  {
    name: 'silence-not-allowed',
    severity: 'error',
    category: 'practice',
    certain: true,
    why: 'The policy names rules that hold without an exception, so that who may change a pipeline can’t decide alone that one of them does not hold for it. The silence is not heard.',
    bad: `${AROUND}    # pipegen-ignore nullable-key: flights without a number are kept as they come\n${KEY}policy: { enforced: [nullable-key] }\n`,
    good: `${AROUND}    # pipegen-ignore nullable-key: flights without a number are kept as they come\n${KEY}policy: { enforced: [missing-owner] }\n`,
  },
  {
    name: 'unused-silence',
    severity: 'warning',
    category: 'practice',
    certain: true,
    why: 'What it once silenced is repaired or stands elsewhere. Left behind, it would one day silence something new that nobody has looked at.',
    bad: `${AROUND}    # pipegen-ignore nullable-key: every flight has a number\n    load: { table: flights }\n`,
    good: `${AROUND}    load: { table: flights }\n`,
  },
];
