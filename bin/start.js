// Plain JavaScript without any import that an old Node could stumble over: it must live to say its one sentence.
import { existsSync } from 'node:fs';

/**
 * Runs `main` of src/<part>/main.ts in a checkout, by Node's type stripping, or of dist/<part>/main.js in the
 * published package, which has no src.
 */
export async function start(part) {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 22 || (major === 22 && minor < 18)) {
    console.error(
      `pipegen needs Node.js 22.18 or newer and was started with ${process.versions.node}: install a newer one, or start it by \`npx\` in a project that has the npm package "node".`,
    );
    process.exitCode = 2;
    return;
  }
  const source = new URL(`../src/${part}/main.ts`, import.meta.url);
  const built = new URL(`../dist/${part}/main.js`, import.meta.url);
  const { main } = await import(existsSync(source) ? source.href : built.href);
  process.exitCode = await main(process.argv.slice(2), process.env);
}
