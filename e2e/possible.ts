import { findTool } from '../test/container/container.ts';
import { whyNoCluster } from './cluster.ts';

/** Why these tests can't be run here at once; undefined where they can. */
export async function whyImpossible(): Promise<string | undefined> {
  const tool = findTool();
  const isGiven = (process.env.PIPEGEN_E2E_ARCHIVE ?? process.env.PIPEGEN_E2E_IMAGE) !== undefined;
  const noImage = 'missing' in tool && !isGiven ? `the image can’t be built: ${tool.missing}` : undefined;
  const reasons = [await whyNoCluster(), noImage].filter((reason) => reason !== undefined);
  return reasons.length === 0 ? undefined : reasons.join('; ');
}
