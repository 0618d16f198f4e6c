import type { Readable } from 'node:stream';

export interface StoredObject {
  /** Relative to the store's root or prefix, `/` between segments. */
  name: string;
  /** Bytes. */
  size: number;
  updated: Date;
  /** Another one as soon as the object is written or renewed; means nothing but that. */
  version: string;
}

/** What a writer that was killed has left: no object, and seen by nobody else. */
export interface Unfinished {
  name: string;
  /** Bytes. */
  size: number;
  updated: Date;
  discard(): Promise<void>;
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
   * content is success (`created: false`) and renews it: its date and version are then of now, so that whoever
   * clears up sees that it is in use. With other content it fails as a defect.
   * @param sha256 of the content, hexadecimal; other bytes are refused before anything is visible
   */
  putIfAbsent(name: string, content: Content, sha256: string): Promise<{ created: boolean; size: number }>;
  /** Writes or replaces atomically; for receipts and notes, never for data. Also works once the step has been told to stop. */
  overwrite(name: string, bytes: Uint8Array): Promise<void>;
  /** The whole object, or undefined where there is none. */
  read(name: string): Promise<Uint8Array | undefined>;
  /** The bytes as they come; the stream fails at its end where they are not what was written. */
  open(name: string): Promise<Readable>;
  /** A local path with the object's bytes: the object itself where it is a file, else a copy inside `folder`. */
  localPath(name: string, folder: string): Promise<string>;
  /** Every object whose name starts with `prefix`, by name. */
  list(prefix: string): AsyncIterable<StoredObject>;
  /** Missing is fine. */
  remove(name: string): Promise<void>;
  /** Removes what `list` gave; false, and nothing is removed, where it has been written or renewed since. */
  removeUnchanged(object: StoredObject): Promise<boolean>;
  /** What killed writers have left, if this store keeps such things. */
  unfinished(): AsyncIterable<Unfinished>;
}
