import type { AirflowVersion } from '../../spec/environment.ts';
import { distinct } from './shell.ts';

/** The releases in which the generated files are imported and run by the tests of pipegen. */
export const TESTED_AIRFLOW: Readonly<Record<AirflowVersion, string>> = { '2.11': '2.11.0', '3.3': '3.3.2' };

/** The same versions for every Airflow. */
export const TESTED_PROVIDERS: Readonly<Record<string, string>> = {
  'apache-airflow-providers-cncf-kubernetes': '10.25.0',
  'apache-airflow-providers-dbt-cloud': '4.11.1',
  'apache-airflow-providers-slack': '9.11.1',
  'apache-airflow-providers-smtp': '3.2.0',
  'apache-airflow-providers-standard': '1.21.0',
};

export interface Packages {
  /** Names of provider packages that pipegen is tested with. */
  readonly providers: readonly string[];
  /** Modules that some other package brings; pipegen doesn't know which. */
  readonly foreign: readonly string[];
}

/** @param imports the import statements of the generated files */
export function packagesOf(imports: readonly string[]): Packages {
  const modules = distinct(
    imports.flatMap((text) => [...text.matchAll(/^from (\S+) import /gm)].map(([, module = '']) => module)),
  );
  const providers: string[] = [];
  const foreign: string[] = [];
  for (const module of modules) {
    if (isOfAirflow(module)) continue;
    const provider = Object.keys(TESTED_PROVIDERS).find((one) => isWithin(module, moduleOf(one)));
    if (provider === undefined) foreign.push(module);
    else providers.push(provider);
  }
  return { providers: distinct(providers), foreign };
}

function moduleOf(provider: string): string {
  return provider.replace('apache-', '').replaceAll('-', '.');
}

/** Airflow itself, Python, and the client that comes with the provider of Kubernetes. */
function isOfAirflow(module: string): boolean {
  if (isWithin(module, 'airflow')) return !isWithin(module, 'airflow.providers');
  return ['datetime', 'functools', 'zoneinfo', 'kubernetes'].some((one) => isWithin(module, one));
}

function isWithin(module: string, parent: string): boolean {
  return module === parent || module.startsWith(`${parent}.`);
}
