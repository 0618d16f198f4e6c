import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { createAgents } from '../../runtime/adapters/http/agents.ts';
import { temporary } from '../../runtime/errors.ts';
import { type Answer, ok, type Probe, unknown } from './probe.ts';

/**
 * Whether the server of a source answers at all. No request is sent: many plans count each.
 * @param urls base URLs by the name of their source
 */
export function sourceProbes(urls: ReadonlyMap<string, string>, environment: NodeJS.ProcessEnv): Probe[] {
  return [...urls].map(([name, url]) => {
    const what = `source ${name}`;
    return {
      what,
      repair: 'look at base_url, the firewall, the name server and the certificates that this machine trusts',
      look: async (signal): Promise<Answer[]> => {
        const { protocol, hostname, host, port } = new URL(url);
        const { https, proxied } = createAgents({ allowLinkLocal: false, environment });
        if (proxied)
          return [unknown(what, `${host} is asked through a proxy, and only a request would show more`)];
        const plain = protocol === 'http:';
        const target = {
          host: hostname.replace(/^\[|\]$/g, ''),
          port: Number(port || (plain ? 80 : 443)),
          signal,
        };
        const { lookup, secureContext } = https.options as Partial<Parameters<typeof connectTls>[0]> & object;
        const options = { ...target, ...(lookup === undefined ? {} : { lookup }) };
        await connected(host, () =>
          plain
            ? connectPlain(options)
            : connectTls({
                ...options,
                servername: /^[\d.]+$|:/.test(target.host) ? '' : target.host,
                ...(secureContext === undefined ? {} : { secureContext }),
              }),
        );
        const how = plain ? 'a connection was made' : 'a connection was made and its certificate is trusted';
        return [ok(what, `${host}: ${how}; no request was sent`)];
      },
    };
  });
}

function connected(host: string, open: () => Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = open();
    const done = () => {
      socket.destroy();
      resolve();
    };
    socket.once('encrypted' in socket ? 'secureConnect' : 'connect', done);
    socket.once('error', (error: NodeJS.ErrnoException) => {
      socket.destroy();
      reject(temporary(`no connection to ${host}: ${error.code ?? error.message}`, error));
    });
  });
}
