import type { Content } from '../../ports/object-store.ts';
import type { Bucket } from './bucket.ts';
import type { Digest } from './digest.ts';

export interface Upload {
  readonly bucket: Bucket;
  /** Whole, with the prefix. */
  readonly name: string;
  readonly content: Content;
  readonly digest: Digest;
  /** Which generation it replaces; "0" means that there must be none. */
  readonly replaces: string;
}

/** What is stored with each object: as it is served, byte for byte, whoever asks. */
export function metadataOf({ name, digest }: Upload): Record<string, string> {
  return {
    name,
    contentType: 'application/octet-stream',
    // https://docs.cloud.google.com/storage/docs/transcoding
    cacheControl: 'no-transform',
    md5Hash: digest.md5,
  };
}
