import { existsSync, mkdirSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { atPath } from '../../compiler/output/output-error.ts';
import { replaceFile } from '../../compiler/output/replace-file.ts';

/**
 * Writes a file that the command line names: whole or not at all, through a link, with the folders above it. What is
 * no file, such as a pipe, is written as it stands.
 * @param file relative to the working directory
 * @throws OutputError when the disk refuses
 */
export function putFile(file: string, content: string): void {
  const path = resolve(file);
  atPath(path, () => {
    if (!existsSync(path)) {
      mkdirSync(dirname(path), { recursive: true });
      replaceFile(path, content);
    } else if (statSync(path).isFile()) replaceFile(realpathSync(path), content);
    else writeFileSync(path, content);
  });
}
