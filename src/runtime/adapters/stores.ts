import { resolve } from 'node:path';
import type { Store } from '../../spec/environment.ts';
import { configuration } from '../errors.ts';
import type { ObjectStore } from '../ports/object-store.ts';

/** Loaded by kind, so that a step pays only for the driver that it uses. Relative roots start at `home`. */
export async function openStore(store: Store, home: string): Promise<ObjectStore> {
  switch (store.kind) {
    case 'files': {
      const { createFilesStore } = await import('./files/files-store.ts');
      return createFilesStore(resolve(home, store.root));
    }
    case 'gcs':
      throw configuration(
        'this version of pipegen runs steps on the store "files" only; "gcs" is compiled into DAGs and not yet run',
      );
  }
}
