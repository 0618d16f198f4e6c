import type { KubernetesLauncher } from '../../spec/environment.ts';
import { type ManifestFile, object } from './manifest.ts';

const ROLE = 'pipegen-airflow';

/**
 * What KubernetesPodOperator asks the API server for, by the provider's `pod_manager.py` and `operators/pod.py`
 * (10.25.0) with the settings of the DAG files. No `pods/exec`: that is for XCom and Istio's sidecar, which are off.
 * No `watch`: it asks again and again instead.
 */
const RULES = [
  { apiGroups: [''], resources: ['pods'], verbs: ['create', 'delete', 'get', 'list', 'patch'] },
  { apiGroups: [''], resources: ['pods/log'], verbs: ['get'] },
  { apiGroups: [''], resources: ['events'], verbs: ['list'] },
];

/** What Airflow may do in the namespace of the pods, and who it is. */
export function airflowAccessFile({ namespace, airflow }: KubernetesLauncher): ManifestFile {
  const role = object(['rbac.authorization.k8s.io/v1', 'Role'], { name: ROLE, namespace }, { rules: RULES });
  const makes = 'what Airflow may do here: start pods, look at them, remove them';
  const reach = 'Who may start pods here may read the secrets of this namespace through a pod.';
  if (airflow === undefined) {
    const bind = `kubectl create rolebinding ${ROLE} --namespace ${namespace} --role ${ROLE} --serviceaccount NAMESPACE:ACCOUNT`;
    return {
      name: 'airflow-access',
      makes,
      notes: [
        reach,
        'The spec does not say what Airflow runs as. Say it by launcher.airflow, or bind it by hand:',
        `  ${bind}`,
      ],
      objects: [role],
    };
  }
  // A name for each subject: environments that share the namespace then bind their own and no other's.
  const name = `${ROLE}-${airflow.namespace}-${airflow.service_account}`;
  const binding = {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: ROLE },
    subjects: [{ kind: 'ServiceAccount', name: airflow.service_account, namespace: airflow.namespace }],
  };
  return {
    name: 'airflow-access',
    makes,
    notes: [reach],
    objects: [role, object(['rbac.authorization.k8s.io/v1', 'RoleBinding'], { name, namespace }, binding)],
  };
}
