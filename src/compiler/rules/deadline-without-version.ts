import { targetOf } from '../targets/targets.ts';
import { pipelinesOf, type Rule } from './rule.ts';

export const deadlineWithoutVersion: Rule = {
  name: 'deadline-without-version',
  severity: 'warning',
  category: 'correctness',
  why: 'Airflow 2.11 has no deadlines: nobody is told there that a run is late. What both versions know is run_timeout, which ends the run and tells whom on_failure names.',
  bad: 'environments: { production: { airflow: "2.11" } }\npipelines: { flights: { alerts: { on_deadline: { after: 2h, tell: [{ slack: { connection: chat, channel: data } }] } } } }',
  good: 'pipelines: { flights: { alerts: { on_deadline: { after: 2h, tell: [{ slack: { connection: chat, channel: data } }] } } } }',
  check(spec, report) {
    for (const { environment, pipeline } of pipelinesOf(spec)) {
      const { airflow } = environment.settings;
      if (pipeline.settings.alerts.on_deadline === undefined) continue;
      if (targetOf({ airflow }).deadline !== undefined) continue;
      report({
        message: `Airflow ${airflow} has no deadlines: in "${environment.name}" nobody is told of a late run`,
        layers: pipeline.layers,
        path: ['alerts', 'on_deadline'],
        want: 'key',
        help: `let run_timeout end the run, which on_failure tells of; or say on_deadline: null in overrides of "${environment.name}"`,
      });
    }
  },
};
