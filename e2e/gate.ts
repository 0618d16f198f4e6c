import { request as ask, createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';

/** A request as a gate sees it. */
export interface Asked {
  readonly method: string;
  /** Path and query, decoded. */
  readonly url: string;
  readonly body: string;
}

/** Requests that wait at a gate; disposed of, it opens. */
export interface Held extends Disposable {
  /** Those that have come so far, in their order. */
  readonly asked: readonly Asked[];
  /** Lets them and all that follow pass; but not those whose sender is gone. */
  open(): void;
  /** Breaks their connections instead, whether or not their sender is known to be gone; lets all that follow pass. */
  drop(): void;
}

/** A server before another: it passes everything on, but for what it is told to hold. */
export interface Gate extends AsyncDisposable {
  readonly url: string;
  /** Holds the requests of a kind: whoever sent them waits for an answer, and what they ask for is not done. */
  hold(matches: (asked: Asked) => boolean): Held;
}

interface Holding {
  readonly matches: (asked: Asked) => boolean;
  readonly asked: Asked[];
  readonly opened: Promise<'pass' | 'drop'>;
}

/** @param host the address of this machine to listen on @param target `http://host:port` */
export async function openGate(host: string, target: string): Promise<Gate> {
  const holdings = new Set<Holding>();

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const asked: Asked = {
      method: incoming.method ?? '',
      url: decodeURIComponent(incoming.url ?? ''),
      body: body.toString('latin1'),
    };
    const holding = [...holdings].find(({ matches }) => matches(asked));
    if (holding !== undefined) {
      holding.asked.push(asked);
      const how = await holding.opened;
      // Where this process was busy, it has not yet heard who is gone.
      await turn();
      // Nothing happens behind the back of a sender that is gone.
      if (how === 'drop') incoming.socket.destroy();
      if (incoming.socket.destroyed) return;
    }
    const onward = ask(new URL(incoming.url ?? '/', target), {
      method: asked.method,
      headers: incoming.headers,
    });
    onward.on('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(outgoing);
    });
    onward.on('error', () => incoming.socket.destroy());
    onward.end(body);
  }

  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch(() => incoming.socket.destroy());
  });
  // Longer than a client keeps a connection: none must meet a closed one.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve) => void server.listen(0, host, resolve));
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    hold: (matches) => {
      const opened = Promise.withResolvers<'pass' | 'drop'>();
      const holding: Holding = { matches, asked: [], opened: opened.promise };
      holdings.add(holding);
      const end = (how: 'pass' | 'drop') => {
        holdings.delete(holding);
        opened.resolve(how);
      };
      const open = () => end('pass');
      return { asked: holding.asked, open, drop: () => end('drop'), [Symbol.dispose]: open };
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
