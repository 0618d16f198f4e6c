export interface RequestRecord {
  /** When it arrived, ISO 8601 in UTC. */
  time: string;
  path: string;
  /** The last value of each parameter; of access_key only that it was there. */
  query: Record<string, string>;
  /** Null until it is answered, and for good when the connection was reset instead. */
  status: number | null;
  /** Kinds of the faults that it met. */
  faults: string[];
}

const KEPT_REQUESTS = 100_000;

/** Adds a request to the list, and drops the oldest beyond 100,000. */
export function record(
  requests: RequestRecord[],
  path: string,
  parameters: Record<string, string>,
): RequestRecord {
  const query = 'access_key' in parameters ? { ...parameters, access_key: '***' } : { ...parameters };
  const entry: RequestRecord = { time: new Date().toISOString(), path, query, status: null, faults: [] };
  requests.push(entry);
  if (requests.length > KEPT_REQUESTS) requests.shift();
  return entry;
}
