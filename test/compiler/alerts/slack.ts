import { createServer, type Server } from 'node:http';
import { listen } from './listen.ts';

/** Slack's `chat.postMessage`, which takes every message and keeps what was posted. */
export async function slack(): Promise<{ server: Server; port: number; posts: Record<string, unknown>[] }> {
  const posts: Record<string, unknown>[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      posts.push({ url: request.url, ...JSON.parse(Buffer.concat(chunks).toString()) });
      response.setHeader('content-type', 'application/json').end('{"ok": true}');
    });
  });
  return { server, port: await listen(server), posts };
}
