import type { Python } from '../python/python.ts';
import { template } from './template.ts';

// A type, not an interface: only a type fits the index signature of TemplateValues.
export type DagFile = {
  readonly documentation: Python;
  readonly imports: Python;
  /** `NAME = Asset(…)`, one each. */
  readonly assets: readonly Python[];
  /** `PARTITIONS = …` with its comment. */
  readonly partitions: Python;
  /** The value of `JOB`; none where no step gets it. */
  readonly job: readonly Python[];
  /** Functions and classes. */
  readonly definitions: readonly Python[];
  /** What the operators have in common; secrets. */
  readonly constants: readonly Python[];
  readonly dag: Python;
  /** `extract = Operator(…)`, indented by four from the second line on. */
  readonly tasks: readonly Python[];
  /** `@task(…)` above `publish`. */
  readonly decorator: Python;
  /** The body of `publish`, one statement each. */
  readonly publish: readonly Python[];
  /** `extract >> … >> publish(PARTITIONS)` */
  readonly order: Python;
};

/** Two empty lines around definitions, one elsewhere: as `ruff format` leaves it. */
export const dagFile = template<DagFile>(`{{documentation}}

{{imports}}

{{#each assets}}
{{this}}
{{/each}}

{{partitions}}
{{#each job}}

# What the steps do.
JOB = {{this}}
{{/each}}
{{#each definitions}}


{{this}}
{{/each}}


{{#each constants}}
{{this}}

{{/each}}
with {{dag}}:
{{#each tasks}}
    {{this}}
{{/each}}

    {{decorator}}
    def publish(partitions: str, *, outlet_events=None) -> None:
        """Tell the pipelines that come after this one which partitions are new."""
{{#each publish}}
        {{this}}
{{/each}}

    {{order}}
`);
