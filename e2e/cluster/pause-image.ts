import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { tar } from './tar.ts';

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
    { name: 'layer.tar', content: layer },
    { name: `${sha256(config)}.json`, content: config },
    { name: 'manifest.json', content: Buffer.from(JSON.stringify(manifest)) },
  ];
  writeFileSync(archive, tar(files));
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
