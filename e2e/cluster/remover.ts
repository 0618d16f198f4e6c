/**
 * Waits beside the process that has started a cluster, and removes the cluster when its standard input ends: on a
 * word, on a failed start, and also when that process is interrupted or killed.
 *
 * The word `logs` before that: the logs shall go too.
 */

import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { clusterFolder } from './folder.ts';
import { removeCluster } from './remove.ts';

const [folder = ''] = process.argv.slice(2);
let logs = 'keep';
createInterface(process.stdin)
  .on('line', (line) => {
    logs = line;
  })
  .on('close', async () => {
    await removeCluster(folder);
    if (logs === 'remove') rmSync(clusterFolder(folder).logs, { recursive: true, force: true });
  });
