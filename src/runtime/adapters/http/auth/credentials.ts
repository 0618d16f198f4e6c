/** Proves who asks. */
export interface Credentials {
  /** What goes with a request, put there last, so that nothing before it can print it. */
  sign(url: URL, signal: AbortSignal, onRequest: () => void): Promise<Signed>;
  /** After a 401: whether another try may do better, since it will sign anew. */
  renew(signed: Signed): boolean;
}

export interface Signed {
  url: URL;
  headers: Readonly<Record<string, string>>;
}

export const NO_CREDENTIALS: Credentials = fixed((url) => ({ url, headers: {} }));

/** The same for every request. */
export function fixed(sign: (url: URL) => Signed): Credentials {
  return { sign: async (url) => sign(url), renew: () => false };
}
