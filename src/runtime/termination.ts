import { existsSync, writeFileSync } from 'node:fs';

/** Kubernetes reads the cause of a container's end from here; 4,096 bytes are kept. */
const TERMINATION_LOG = '/dev/termination-log';

/** The cause of a failure in one line, for who asks the cluster after the pod is gone. */
export function writeTerminationMessage(message: string): void {
  if (!existsSync(TERMINATION_LOG)) return;
  try {
    writeFileSync(TERMINATION_LOG, `${message.replace(/\s+/g, ' ').slice(0, 1000)}\n`);
  } catch {
    // The log has the same sentence; a container without the right to write it still ends with its exit code.
  }
}
