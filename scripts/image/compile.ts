// Loads every file of the bundled runtime in the folder given, so that Node keeps it compiled where
// NODE_COMPILE_CACHE says.
import { globSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = resolve(process.argv[2] ?? 'dist/image');
// Snowflake's driver would ask three clouds whether this machine is theirs.
process.env.SNOWFLAKE_DISABLE_PLATFORM_DETECTION = 'true';
for (const file of globSync('dist/**/*.js', { cwd: folder })) {
  await import(pathToFileURL(join(folder, file)).href);
}
process.exit();
