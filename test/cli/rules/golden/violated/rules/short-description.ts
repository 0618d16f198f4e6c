import type { Rule } from 'pipegen/rules';

class ShortDescription implements Rule {
  readonly name = 'acme-short-description';
  readonly severity = 'warning';
  readonly category = 'practice';
  readonly why = 'A word says nothing at night.';
  readonly bad = 'pipelines: { flights: { description: F } }';
  readonly good = 'pipelines: { flights: { description: Flights of the day } }';
  readonly #least = 10;

  check(spec: Parameters<Rule['check']>[0], report: Parameters<Rule['check']>[1]): void {
    for (const { pipelines } of spec.environments) {
      for (const { settings, layers } of pipelines) {
        if (settings.description.length >= this.#least) continue;
        report({ message: `"${settings.description}" is short`, layers, path: ['description'] });
      }
    }
  }
}

export default new ShortDescription();
