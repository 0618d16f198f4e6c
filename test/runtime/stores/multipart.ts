/** Metadata and content of an upload of one request (`uploadType=multipart`). */
export interface Multipart {
  metadata: Record<string, unknown>;
  content: Buffer;
}

const BREAK = Buffer.from('\r\n\r\n');

export function readMultipart(body: Buffer, contentType: string): Multipart {
  const boundary = /boundary=([^;]+)/.exec(contentType)?.[1] ?? '';
  const first = body.indexOf(BREAK) + BREAK.length;
  const second = body.indexOf(`\r\n--${boundary}`, first);
  const start = body.indexOf(BREAK, second) + BREAK.length;
  const end = body.lastIndexOf(`\r\n--${boundary}--`);
  return {
    metadata: JSON.parse(body.subarray(first, second).toString()) as Record<string, unknown>,
    content: body.subarray(start, end),
  };
}

export function writeMultipart({ metadata, content }: Multipart): { body: Buffer; contentType: string } {
  const boundary = 'of-the-front';
  const part = (type: string) => `--${boundary}\r\ncontent-type: ${type}\r\n\r\n`;
  const head = `${part('application/json')}${JSON.stringify(metadata)}\r\n${part('application/octet-stream')}`;
  return {
    body: Buffer.concat([Buffer.from(head), content, Buffer.from(`\r\n--${boundary}--\r\n`)]),
    contentType: `multipart/related; boundary=${boundary}`,
  };
}
