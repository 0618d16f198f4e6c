import type { Rule } from './rule.ts';

export const missingAlertRoute: Rule = {
  name: 'missing-alert-route',
  severity: 'warning',
  category: 'practice',
  why: 'A run that fails and tells nobody is found out by who misses the data. Asked for where pods run the pipeline.',
  bad: 'defaults: { alerts: { on_failure: [] } }',
  good: 'pipelines: { flights: { alerts: { on_failure: [{ slack: { connection: slack_data, channel: "#data-alerts" } }] } } }',
  check(spec, report) {
    const silentWhole: string[] = [];
    for (const { name, settings, pipelines } of spec.environments) {
      if (settings.launcher.kind !== 'kubernetes') continue;
      const silent = pipelines.filter((one) => one.settings.alerts.on_failure.length === 0);
      // One finding says it where one repair would do.
      if (silent.length > 0 && silent.length === pipelines.length) {
        silentWhole.push(`"${name}"`);
        continue;
      }
      for (const pipeline of silent) {
        report({
          message: `nobody is told when "${pipeline.name}" fails`,
          layers: [['pipelines', pipeline.name]],
          path: [],
          want: 'key',
          help: HELP,
        });
      }
    }
    if (silentWhole.length === 0) return;
    report({
      message: `no pipeline of ${silentWhole.join(', ')} tells anybody of a failure`,
      layers: [['defaults'], ['pipelines']],
      path: [],
      want: 'key',
      help: HELP,
    });
  },
};

const HELP =
  'add alerts: { on_failure: [{ slack: { connection: ID, channel: "#NAME" } }] }, here or under defaults';
