/** Starts a cluster, prints what it is by a line of JSON, and keeps it until standard input ends. */
import { once } from 'node:events';
import { startCluster } from '../cluster.ts';

await using cluster = await startCluster();
console.log(JSON.stringify({ kubeconfig: cluster.kubeconfig, kubectlPath: cluster.kubectlPath }));
process.stdin.resume();
await once(process.stdin, 'end');
cluster.forgetLogs();
