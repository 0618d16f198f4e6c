import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AIRFLOW_VERSIONS } from '../../src/spec/environment.ts';
import { type InspectedDag, inspect } from '../airflow/airflow.ts';
import { compileText } from '../compiler/diff/project.ts';
import { type ApiServer, builtPrograms, startApiServer } from './api-server.ts';

const bin = builtPrograms();
const title = 'a real API server';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const caseText = (name: string) =>
  readFileSync(join(ROOT, 'test/compiler/kubernetes', name, 'pipelines.yaml'), 'utf8');

const AIRFLOW = 'system:serviceaccount:airflow:airflow-worker';

interface Pod {
  spec: { containers: { securityContext?: object }[]; securityContext?: object; initContainers?: object[] };
}

describe.skipIf(bin === undefined)(
  bin === undefined ? `${title}: its programs are not built, \`make e2e\` builds them` : title,
  () => {
    let server: ApiServer;
    let folder = '';

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'pipegen-manifests-'));
      server = await startApiServer(bin ?? '');
    });
    afterAll(async () => {
      await server?.[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    });

    /** Writes what a build makes below `<folder>/<name>/`. */
    const build = (name: string, text: string) => {
      for (const { path, content } of compileText(text).files) {
        mkdirSync(dirname(join(folder, name, path)), { recursive: true });
        writeFileSync(join(folder, name, path), content);
      }
    };
    const manifests = (name: string, environment: string) => join(folder, name, environment, 'kubernetes');
    const apply = (name: string, environment: string) =>
      server.kubectl(['apply', '--filename', manifests(name, environment)]);
    const outcomes = (output: string) =>
      new Set(
        output
          .trim()
          .split('\n')
          .map((line) => line.split(' ').at(-1)),
      );

    test.each([
      ['own', 'production'],
      ['google', 'production'],
      ['bare', 'production'],
      ['elsewhere', 'amazon'],
    ])(
      'takes the files of %s as a whole, and finds nothing to change the second time',
      async (name, environment) => {
        build(name, name === 'own' ? readFileSync(join(ROOT, 'pipelines.yaml'), 'utf8') : caseText(name));
        const first = await apply(name, environment);
        expect(first).toMatchObject({ exit: 0, complaint: '' });
        expect(first.output).toContain('created');
        const second = await apply(name, environment);
        expect(second).toMatchObject({ exit: 0, complaint: '' });
        expect([...outcomes(second.output)]).toEqual(['unchanged']);
        const read = await server.kubectl(['diff', '--filename', manifests(name, environment)]);
        expect(read).toMatchObject({ exit: 0, output: '' });
      },
    );

    test('takes two environments of one namespace, and neither changes what the other made', async () => {
      build('shared', caseText('shared'));
      for (const environment of ['production', 'production_2_11']) {
        expect(await apply('shared', environment)).toMatchObject({ exit: 0, complaint: '' });
      }
      for (const environment of ['production', 'production_2_11']) {
        expect([...outcomes((await apply('shared', environment)).output)]).toEqual(['unchanged']);
      }
    });

    test('lets Airflow’s service account do what the operator needs in this namespace, and nothing else', async () => {
      const asked = async (
        questions: readonly (readonly [verb: string, resource: string, namespace: string])[],
      ) => {
        const reviews = questions.map(([verb, what, namespace]) => {
          const [path = '', group = ''] = what.split('.', 2);
          const [resource, subresource] = path.split('/');
          const resourceAttributes = { verb, resource, subresource, namespace, group };
          return {
            apiVersion: 'authorization.k8s.io/v1',
            kind: 'SubjectAccessReview',
            spec: { user: AIRFLOW, groups: ['system:serviceaccounts'], resourceAttributes },
          };
        });
        const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: reviews });
        const print = '--output=jsonpath={.status.allowed}{"\\n"}';
        const { output, complaint } = await server.kubectl(['create', '--filename=-', print], list);
        expect(complaint).toBe('');
        const answers = output.trim().split('\n');
        expect(answers).toHaveLength(questions.length);
        return questions.map((question, index) => [...question, answers[index] === 'true']);
      };
      const here = 'data-google';
      const needed = [
        ...['create', 'get', 'list', 'patch', 'delete'].map((verb) => [verb, 'pods', here] as const),
        ['get', 'pods/log', here] as const,
        ['list', 'events', here] as const,
      ];
      expect(await asked(needed)).toEqual(needed.map((one) => [...one, true]));
      const refused = [
        ...['get', 'list', 'create', 'delete'].map((verb) => [verb, 'secrets', here] as const),
        ...['get', 'create'].map((verb) => [verb, 'pods/exec', here] as const),
        ...['update', 'deletecollection'].map((verb) => [verb, 'pods', here] as const),
        ['create', 'pods/attach', here] as const,
        ['create', 'serviceaccounts/token', here] as const,
        ['create', 'rolebindings.rbac.authorization.k8s.io', here] as const,
        ['delete', 'networkpolicies.networking.k8s.io', here] as const,
        ['update', 'resourcequotas', here] as const,
        ['patch', 'namespaces', here] as const,
        ...['airflow', 'default', 'kube-system', 'data'].map((other) => ['create', 'pods', other] as const),
      ];
      expect(await asked(refused)).toEqual(refused.map((one) => [...one, false]));
    });

    describe.each(AIRFLOW_VERSIONS)('with the pods of Airflow %s', (version) => {
      let dags: Readonly<Record<string, InspectedDag>> = {};

      beforeAll(async () => {
        const name = `google-${version}`;
        build(name, caseText('google').replace('airflow: "3.3"', `airflow: "${version}"`));
        const inspected = await inspect(version, join(folder, name, 'production/dags'), { pods: true });
        expect(inspected.import_errors).toEqual({});
        dags = inspected.dags;
      });

      const create = (pod: unknown) =>
        server.kubectl(['create', `--as=${AIRFLOW}`, '--filename=-', '--output=name'], JSON.stringify(pod));

      test('admits each pod of a DAG, made by Airflow’s service account', async () => {
        const pods = Object.entries(dags.orders?.pods ?? {});
        expect(pods.map(([task]) => task).sort()).toEqual(['check', 'extract', 'load', 'upload']);
        for (const [, pod] of pods) {
          expect(await create(pod)).toMatchObject({ exit: 0, complaint: '' });
        }
        const accounts = await server.kubectl([
          ...['get', 'pods', '--namespace=data-google', '--output'],
          'jsonpath={range .items[*]}{.spec.serviceAccountName} {.spec.volumes[*].name}{"\\n"}{end}',
        ]);
        // No token of the API server is in them.
        expect(new Set(accounts.output.trim().split('\n'))).toEqual(new Set(['reader tmp', 'loader tmp']));
      });

      test.each([
        ['without a security context', (pod: Pod) => delete pod.spec.securityContext],
        ['whose container may gain rights', (pod: Pod) => delete pod.spec.containers[0]?.securityContext],
        [
          'with the disk of the node',
          (pod: Pod) => Object.assign(pod.spec, { volumes: [{ name: 'tmp', hostPath: { path: '/' } }] }),
        ],
        ['in the network of the node', (pod: Pod) => Object.assign(pod.spec, { hostNetwork: true })],
      ])('refuses one %s', async (_, change) => {
        const pod = structuredClone(dags.orders?.pods.extract) as Pod;
        change(pod);
        const { exit, complaint } = await create(pod);
        expect(exit).toBe(1);
        expect(complaint).toContain('violates PodSecurity "restricted:v1.33"');
      });
    });

    test('refuses a pod beyond the quota', async () => {
      // One pipeline, one run at a time, in 2.11 no backfill besides: one pod.
      const { dags } = await inspect('2.11', join(folder, 'bare/production/dags'), { pods: true });
      const { extract, upload } = dags.orders?.pods ?? {};
      const create = (pod: unknown) => server.kubectl(['create', '--filename=-'], JSON.stringify(pod));
      expect(await create(extract)).toMatchObject({ exit: 0, complaint: '' });
      const { exit, complaint } = await create(upload);
      expect(exit).toBe(1);
      expect(complaint).toContain('exceeded quota: pipegen');
    });
  },
);
