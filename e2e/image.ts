import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { baseImage } from '../test/container/container.ts';
import { run } from './cluster/run.ts';
import { type ArchivedFile, tar } from './cluster/tar.ts';
import type { ClusterNode } from './cluster.ts';
import { createProject, ENVIRONMENTS, ROOT } from './project.ts';
import { authority } from './tls.ts';

export const REPOSITORY = 'localhost/pipegen-e2e';

/** What the image of the tests has besides the repository's own: what the steps of its project read. */
export async function imageFiles(): Promise<ArchivedFile[]> {
  using project = createProject();
  await project.pipegen('build');
  const sources = Object.values(ENVIRONMENTS)
    .flatMap((environment) => project.generated(environment))
    .filter(({ path }) => path.includes('/dbt/'))
    .map(({ path, content }) => ({ name: `app/generated/${path}`, content: Buffer.from(content) }));
  const certificate = readFileSync((await authority()).certificate);
  return [...sources, { name: 'app/authority.pem', content: certificate }];
}

/** Builds the repository's image, lays the files of the tests over it, and returns its digest in the node. */
export async function importImage(node: ClusterNode): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'pipegen-e2e-image-'));
  try {
    const given = process.env.PIPEGEN_E2E_ARCHIVE;
    const archive = given ?? join(folder, 'pipegen.tar');
    if (given === undefined) {
      const env = { ...process.env, BASE: baseImage(), ARCHIVE: archive, TAG: 'localhost/pipegen-test:full' };
      await run(join(ROOT, 'scripts/image.sh'), [], { env });
    }
    const [base] = Object.values(await node.importImage(archive));
    if (base === undefined) throw new Error(`there is no image with a name in ${archive}`);
    const layered = join(folder, 'e2e.tar');
    await writeLayered(node, base, await imageFiles(), layered);
    const digest = (await node.importImage(layered))[`${REPOSITORY}:latest`];
    if (digest === undefined) throw new Error(`${REPOSITORY} has not arrived in the node`);
    return digest;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Descriptor {
  mediaType: string;
  digest: string;
  size: number;
}

interface Manifest {
  schemaVersion: 2;
  mediaType: string;
  config: Descriptor;
  layers: Descriptor[];
}

/**
 * Writes an archive in the layout of the Open Container Initiative with what is new only: the layers below are in the
 * node already. So nothing that builds images is needed, and nothing large is written twice.
 */
async function writeLayered(
  node: ClusterNode,
  base: string,
  files: readonly ArchivedFile[],
  archive: string,
): Promise<void> {
  const manifest = JSON.parse(await node.blob(base)) as Manifest;
  const config = JSON.parse(await node.blob(manifest.config.digest));
  const layer = tar(files);
  config.rootfs.diff_ids.push(digestOf(layer));
  // It has an entry for each layer, and this one has none.
  delete config.history;
  const isOci = manifest.mediaType.includes('oci');
  const layerType = isOci
    ? 'application/vnd.oci.image.layer.v1.tar'
    : 'application/vnd.docker.image.rootfs.diff.tar';
  const configBytes = Buffer.from(JSON.stringify(config));
  const manifestBytes = Buffer.from(
    JSON.stringify({
      ...manifest,
      config: describe(manifest.config.mediaType, configBytes),
      layers: [...manifest.layers, describe(layerType, layer)],
    }),
  );
  const index = {
    schemaVersion: 2,
    manifests: [
      {
        ...describe(manifest.mediaType, manifestBytes),
        annotations: { 'io.containerd.image.name': `${REPOSITORY}:latest` },
      },
    ],
  };
  const blobs = [layer, configBytes, manifestBytes].map((content) => ({
    name: `blobs/sha256/${digestOf(content).slice('sha256:'.length)}`,
    content,
  }));
  const layout = { name: 'oci-layout', content: Buffer.from('{"imageLayoutVersion":"1.0.0"}') };
  const indexFile = { name: 'index.json', content: Buffer.from(JSON.stringify(index)) };
  writeFileSync(archive, tar([layout, indexFile, ...blobs]));
}

function describe(mediaType: string, content: Buffer): Descriptor {
  return { mediaType, digest: digestOf(content), size: content.length };
}

function digestOf(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
