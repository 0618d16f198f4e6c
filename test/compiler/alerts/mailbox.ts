import { createServer, type Server } from 'node:net';
import { listen } from './listen.ts';

/** A mail server that takes every mail and keeps it as it came. */
export async function mailbox(): Promise<{ server: Server; port: number; mails: string[] }> {
  const mails: string[] = [];
  const server = createServer((socket) => {
    let text = '';
    let inData = false;
    socket.setEncoding('utf8').write('220 here\r\n');
    socket.on('error', () => undefined);
    socket.on('data', (chunk: string) => {
      text += chunk;
      for (let end = at(); end >= 0; end = at()) {
        const part = text.slice(0, end);
        text = text.slice(end + (inData ? 5 : 2));
        if (inData) mails.push(part);
        const begins = !inData && /^data/i.test(part);
        inData = begins;
        socket.write(begins ? '354 go on\r\n' : /^quit/i.test(part) ? '221 bye\r\n' : '250 ok\r\n');
      }
    });
    const at = () => text.indexOf(inData ? '\r\n.\r\n' : '\r\n');
  });
  return { server, port: await listen(server), mails };
}
