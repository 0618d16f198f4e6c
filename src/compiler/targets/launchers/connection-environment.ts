import { connectionVariable, fieldVariable } from '../../../spec/connection-variables.ts';
import type { TaskSecret } from '../../dag.ts';
import { atom, dictionary, type Expression, type Keywords, literal } from '../../python/expression.ts';
import { python } from '../../python/python.ts';

/**
 * `env_vars` of a pod whose secrets Airflow knows: it renders the connection as JSON when the task starts, so the
 * file holds none of it, and masks the password where it shows the rendered text.
 */
export function connectionEnvironment(secrets: readonly TaskSecret[]): Keywords {
  const entries = secrets.flatMap(({ variable, connection }): [string, Expression][] => {
    if (connection === undefined) return [];
    const { id, field } = connection;
    return [
      [connectionVariable(variable), literal(template(id))],
      ...(field === undefined ? [] : ([[fieldVariable(variable), literal(field)]] as [string, Expression][])),
    ];
  });
  if (entries.length === 0) return [];
  // The job stays last.
  return [['env_vars', dictionary([...entries, ['**', atom(python('POD["env_vars"]'))]])]];
}

/**
 * Kubernetes takes `$(NAME)` for another variable's value and `$$` for one dollar: there the dollar is written as
 * JSON's escape. Elsewhere it stays, because Airflow masks a password only as it is.
 */
function template(id: string): string {
  const [dollar, escaped] = ['$', '\\\\u0024'];
  const escapes = [`${dollar}${dollar}`, `${dollar}(`].map(
    (one) => ` | replace('${one}', '${one.replaceAll(dollar, () => escaped)}')`,
  );
  return `{{ conn['${id}'].as_json()${escapes.join('')} }}`;
}
