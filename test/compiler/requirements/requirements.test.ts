import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { emit } from '../../../src/compiler/emit.ts';
import {
  packagesOf,
  TESTED_AIRFLOW,
  TESTED_PROVIDERS,
} from '../../../src/compiler/requirements/providers.ts';
import { requirementsFile } from '../../../src/compiler/requirements/requirements.ts';
import { commands, word } from '../../../src/compiler/requirements/shell.ts';
import { AIRFLOW_VERSIONS } from '../../../src/spec/environment.ts';
import { compileText } from '../diff/project.ts';
import { definition, KUBERNETES } from '../emit/definitions.ts';

const EVERY_FIELD = readFileSync(new URL('../definition-hash/every-field.yaml', import.meta.url), 'utf8');

describe('requirements.md', () => {
  it.each(['laptop', 'pods', 'identity'])('of %s is the page that was reviewed', async (environment) => {
    const page = pageOf(EVERY_FIELD, environment);
    await expect(page).toMatchFileSnapshot(`golden/${environment}.md`);
  });

  it('says of each thing that is not needed that it is not', () => {
    const dag = definition({
      tasks: [{ step: 'dbt', timeoutSeconds: 60, secrets: [], definition: '0'.repeat(12) }],
      jobText: '{}',
    });
    const { content } = requirementsFile([dag], []);
    expect(content).toContain('They import no provider.');
    expect(content).toContain('## Connections\n\nNone.');
    expect(content).toContain('## Pools\n\nNone besides');
    expect(content).toContain('## Secrets\n\nNone of Kubernetes.');
    expect(content).toContain('here nothing is asked of it');
  });

  it('is the same for every order of the DAGs', () => {
    const dags = [definition({ dagId: 'a' }), definition({ dagId: 'b' }), definition({ dagId: 'c' })];
    expect(emit([...dags].reverse())).toEqual(emit(dags));
  });

  it('lets no name of a spec out of its place', () => {
    const name = "x'; `rm -rf`\n```\n# heading";
    const launcher = { ...KUBERNETES, namespace: name, service_account: name };
    const { content } = requirementsFile([definition({ launcher, specFile: 'a`b\n# c.yaml' })], []);
    expect(content).toContain('from a?b?# c.yaml.');
    const namespace = `'x'\\''; \`rm -rf\`\n\`\`\`\n# heading'`;
    const key = `  --from-literal=access_key="$AVIATIONSTACK_ACCESS_KEY"`;
    const secret = `kubectl create secret generic aviationstack --namespace ${namespace}`;
    expect(content).toContain(commands([`${secret} \\\n${key}`]));
    expect(content).toContain('````sh\nkubectl create secret');
  });
});

function pageOf(spec: string, environment: string): string | undefined {
  const { files } = compileText(spec);
  return files.find(({ path }) => path === `${environment}/requirements.md`)?.content;
}

describe('packages', () => {
  it('come from what the files import', () => {
    const imports = `from datetime import datetime

from airflow.providers.cncf.kubernetes.secret import Secret
from airflow.providers.slack.notifications.slack import SlackNotifier
from airflow.sdk import DAG
from example.notifications import Notifier
from kubernetes.client import models as k8s`;
    expect(packagesOf([imports, imports])).toEqual({
      providers: ['apache-airflow-providers-cncf-kubernetes', 'apache-airflow-providers-slack'],
      foreign: ['example.notifications'],
    });
  });

  test.each(AIRFLOW_VERSIONS)('are those that the tests install for Airflow %s', (version) => {
    const path = `../../../python/airflow-${version}/pyproject.toml`;
    const pinned = readFileSync(new URL(path, import.meta.url), 'utf8');
    expect(pinned).toContain(`"apache-airflow==${TESTED_AIRFLOW[version]}"`);
    const providers = [...pinned.matchAll(/"(apache-airflow-providers-[a-z-]+)==([^"]+)"/g)];
    expect(Object.fromEntries(providers.map(([, name, release]) => [name, release]))).toEqual(
      TESTED_PROVIDERS,
    );
  });
});

test.each([
  ['plain-1.2/x', 'plain-1.2/x'],
  ['two words', "'two words'"],
  ["it's", "'it'\\''s'"],
  ['$HOME', "'$HOME'"],
  ['', "''"],
])('the word %j reaches a command as %s', (text, expected) => expect(word(text)).toBe(expected));
