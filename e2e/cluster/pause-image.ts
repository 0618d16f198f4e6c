import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

/** Writes an archive, as `docker save` does, of an image that holds one program and nothing else. */
export function writePauseImage(archive: string, program: string, name: string): void {
  const layer = tar([{ name: 'pause', mode: 0o755, content: readFileSync(program) }]);
  const config = Buffer.from(
    JSON.stringify({
      architecture: process.arch === 'x64' ? 'amd64' : process.arch,
      os: 'linux',
      config: { Entrypoint: ['/pause'], User: '65532:65532' },
      rootfs: { type: 'layers', diff_ids: [`sha256:${sha256(layer)}`] },
    }),
  );
  const manifest = [{ Config: `${sha256(config)}.json`, RepoTags: [name], Layers: ['layer.tar'] }];
  const files = [
    { name: 'layer.tar', mode: 0o644, content: layer },
    { name: `${sha256(config)}.json`, mode: 0o644, content: config },
    { name: 'manifest.json', mode: 0o644, content: Buffer.from(JSON.stringify(manifest)) },
  ];
  writeFileSync(archive, tar(files));
}

const BLOCK = 512;

/** POSIX.1-1988: a header of 512 bytes, then the content filled up to a multiple of them; two empty blocks end it. */
function tar(files: readonly { name: string; mode: number; content: Buffer }[]): Buffer {
  const parts = files.flatMap(({ name, mode, content }) => {
    const header = Buffer.alloc(BLOCK);
    const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, '0')}\0`;
    header.write(name, 0);
    header.write(octal(mode, 7), 100);
    header.write(octal(0, 7), 108);
    header.write(octal(0, 7), 116);
    header.write(octal(content.length, 11), 124);
    header.write(octal(0, 11), 136);
    header.write('        0', 148);
    header.write('ustar\x0000', 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return [header, content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)];
  });
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]);
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
