import { ALERT_EVENTS, alertsOf } from '../spec/alerts.ts';
import { textsOfExtract } from '../spec/extract.ts';
import { textsIn } from '../spec/source.ts';
import type { Layers } from './layers.ts';
import type { ResolvedEnvironment, ResolvedPipeline } from './resolved.ts';
import type { Path } from './source-file.ts';

/** A text of the spec and where it was written. */
export interface WrittenText {
  readonly layers: Layers;
  readonly path: Path;
  readonly text: string;
}

/** The texts of a pipeline that ask its source: of the source itself and of the extract. */
export function textsOfRequests({ settings, extractSource, layers }: ResolvedPipeline): WrittenText[] {
  const { extract } = settings;
  if (extract === undefined || extractSource === undefined) return [];
  const source: Layers = [['sources', extract.source]];
  return [
    ...textsIn(extractSource).map((place) => ({ layers: source, ...place })),
    ...textsOfExtract(extract).map(({ path, text }) => ({ layers, path: ['extract', ...path], text })),
  ];
}

/** What an environment hands to its steps in plain text. */
export function textsOfEnvironment({ settings, layers }: ResolvedEnvironment): WrittenText[] {
  const { launcher, variables } = settings;
  const env = launcher.kind === 'kubernetes' ? launcher.env : {};
  return [
    ...under(['variables'], variables).map((one) => ({ layers, ...one })),
    ...under(['launcher', 'env'], env).map((one) => ({ layers, ...one })),
  ];
}

/** Every text that something reads when the pipeline runs, where a person might expect it to be rendered. */
export function textsThatRun(environment: ResolvedEnvironment, pipeline: ResolvedPipeline): WrittenText[] {
  const { settings, layers } = pipeline;
  const { dbt, checks, alerts } = settings;
  const cloud = dbt !== undefined && 'job_id' in dbt ? dbt : undefined;
  const texts = [
    ...under(['dbt', 'select'], dbt !== undefined && 'select' in dbt ? dbt.select : []),
    ...under(['dbt', 'commands'], cloud?.commands ?? []),
    ...under(['dbt', 'variables'], cloud?.variables ?? {}),
    ...checks.flatMap(({ where, sql }, index) => [
      ...under(['checks', index, 'where'], where),
      ...under(['checks', index, 'sql'], sql),
    ]),
    // A notifier of somebody else has template fields of its own.
    ...ALERT_EVENTS.flatMap((event) =>
      alertsOf(alerts, event).flatMap(({ slack, email }, index) => {
        const place = ['alerts', event, ...(event === 'on_deadline' ? ['tell'] : []), index];
        return [
          ...under([...place, 'slack', 'text'], slack?.text),
          ...under([...place, 'email', 'subject'], email?.subject),
        ];
      }),
    ),
  ];
  return [
    ...textsOfRequests(pipeline),
    ...textsOfEnvironment(environment),
    ...texts.map((one) => ({ layers, ...one })),
  ];
}

function under(path: Path, value: unknown): { path: Path; text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, one]) =>
    under([...path, Array.isArray(value) ? Number(key) : key], one),
  );
}
