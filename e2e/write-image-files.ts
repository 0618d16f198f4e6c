/** node e2e/write-image-files.ts FOLDER: what an image of pipegen needs besides, to run the pods of these tests. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { imageFiles } from './image.ts';

const [folder] = process.argv.slice(2);
if (folder === undefined)
  throw new Error('name the folder to write to: node e2e/write-image-files.ts FOLDER');
for (const { name, content } of await imageFiles()) {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
