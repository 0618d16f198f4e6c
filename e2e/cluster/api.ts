import { readFileSync } from 'node:fs';
import { request } from 'node:https';

/** How an administrator reaches the API server. */
export interface Api {
  /** `https://127.0.0.1:port` */
  readonly server: string;
  /** The file of the authority of its certificate, which is there once it listens. */
  readonly authority: string;
  readonly token: string;
}

/** What it answers to a path, undefined where it answers with an error or not at all: kubectl takes a second each time. */
export function ask({ server, authority, token }: Api, path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const nothing = () => resolve(undefined);
    let ca: string;
    try {
      ca = readFileSync(authority, 'utf8');
    } catch {
      return nothing();
    }
    const headers = { authorization: `Bearer ${token}` };
    const asked = request(server + path, { ca, headers, timeout: 10_000 }, (answer) => {
      let body = '';
      answer.setEncoding('utf8');
      answer.on('data', (text: string) => {
        body += text;
      });
      answer.once('end', () => (answer.statusCode === 200 ? resolve(body) : nothing()));
      answer.once('error', nothing);
    });
    asked.once('timeout', () => asked.destroy());
    asked.once('error', nothing);
    asked.end();
  });
}
