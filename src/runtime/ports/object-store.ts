import type { Readable } from 'node:stream';

export interface StoredObject {
  /** Relative to the store's root or prefix, `/` between segments. */
  name: string;
  size: number;
  updated: Date;
}

/** Bytes in memory, or a local file that is streamed. */
export type Content = { bytes: Uint8Array } | { file: string };

/**
 * Where pages, parts and receipts live. Names never leave the root: a name with `..` or an absolute one is refused.
 * Fails with `StepError`: temporary for the network, a lock or a full disk; configuration for a missing right.
 */
export interface ObjectStore {
  /** Where it is, for people: a folder or `gs://bucket/prefix`. */
  readonly location: string;
  /**
   * Writes the object unless it is there; visible only when it is whole and durable. Already there with the same
   * size and SHA-256 is success (`created: false`); with other content it fails as a defect.
   */
  putIfAbsent(name: string, content: Content, sha256: string): Promise<{ created: boolean; size: number }>;
  /** Writes or replaces atomically; for receipts only. */
  overwrite(name: string, bytes: Uint8Array): Promise<void>;
  /** The whole object, or undefined where there is none. */
  read(name: string): Promise<Uint8Array | undefined>;
  open(name: string): Promise<Readable>;
  /** A local path with the object's bytes: the object itself where it is a file, else a copy inside `folder`. */
  localPath(name: string, folder: string): Promise<string>;
  /** Every object whose name starts with `prefix`, by name. */
  list(prefix: string): AsyncIterable<StoredObject>;
  remove(name: string): Promise<void>;
}
