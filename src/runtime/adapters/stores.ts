import { resolve } from 'node:path';
import type { Store } from '../../spec/store.ts';
import type { ObjectStore } from '../ports/object-store.ts';

/**
 * Loaded by kind, so that a step pays only for the driver that it uses. Relative roots start at `home`; what goes
 * over the network ends with the signal.
 */
export async function openStore(
  store: Store,
  home: string,
  signal: AbortSignal = new AbortController().signal,
): Promise<ObjectStore> {
  switch (store.kind) {
    case 'files': {
      const { createFilesStore } = await import('./files/files-store.ts');
      return createFilesStore(resolve(home, store.root));
    }
    case 'gcs': {
      const { createGcsStore } = await import('./gcs/gcs-store.ts');
      return createGcsStore(store, signal);
    }
  }
}
