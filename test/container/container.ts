import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type Finished, finish, REPOSITORY } from '../run/project.ts';

export type Variant = 'full' | 'slim';

export interface Options {
  readonly image?: Variant;
  readonly environment?: Readonly<Record<string, string>>;
  /** Folder of this machine → where the container has it, writable. */
  readonly mounts?: Readonly<Record<string, string>>;
  /** Instead of the image's own, with the arguments as its arguments. */
  readonly entrypoint?: string;
  /** Further ones of `podman run` and `docker run`, such as `--memory=512m`. */
  readonly flags?: readonly string[];
}

/** A container tool that runs containers, and the images to run with it. */
export interface Engine {
  readonly tool: string;
  image(variant: Variant): string;
  /** As Kubernetes will: read-only root, nothing writable but /tmp and the mounts, no capability, a numeric user. */
  run(args: readonly string[], options?: Options): Promise<Finished>;
  /** The same without waiting, under a name for `signal` and `inspect`. */
  start(name: string, args: readonly string[], options?: Options): ReturnType<typeof spawn>;
  /** `docker …` or `podman …`; its output. */
  command(...args: string[]): string;
}

const works = (tool: string) => spawnSync(tool, ['info'], { stdio: 'ignore' }).status === 0;

/** Podman's own runtime does not start where raising limits is not allowed; runc does with these. */
function globals(tool: string): string[] {
  return tool === 'podman' && spawnSync('runc', ['--version']).status === 0 ? ['--runtime', 'runc'] : [];
}

/** The tool, or why there is none. */
export function findTool(): { tool: string } | { missing: string } {
  const tool = ['docker', 'podman'].find(works);
  return tool === undefined
    ? { missing: 'neither docker (with its engine running) nor podman works here' }
    : { tool };
}

/**
 * Builds both images, from the layers of the last build where nothing has changed. `PIPEGEN_IMAGE` and
 * `PIPEGEN_IMAGE_SLIM` name images that are there already; `BASE` is the base, made here where there is none.
 */
export function openEngine(tool: string): Engine {
  const given = { full: process.env.PIPEGEN_IMAGE, slim: process.env.PIPEGEN_IMAGE_SLIM };
  const images = new Map<Variant, string>();
  const image = (variant: Variant) => {
    const known = images.get(variant) ?? given[variant] ?? build(tool, variant);
    images.set(variant, known);
    return known;
  };
  const words = (args: readonly string[], options: Options, name?: string) => [
    ...globals(tool),
    ...['run', '--rm', '--network=host', '--read-only', '--cap-drop=all', '--user=65532:65532'],
    ...['--security-opt=no-new-privileges', '--tmpfs=/tmp:rw,mode=1777', '--init=false'],
    ...['--ulimit=nofile=20000:20000', '--ulimit=nproc=1000:1000'],
    ...(name === undefined ? [] : [`--name=${name}`]),
    ...Object.entries(options.environment ?? {}).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
    ...Object.entries(options.mounts ?? {}).flatMap(([from, to]) => ['--volume', `${from}:${to}`]),
    ...(options.entrypoint === undefined ? [] : [`--entrypoint=${options.entrypoint}`]),
    ...(options.flags ?? []),
    image(options.image ?? 'full'),
    ...args,
  ];
  const start = (args: readonly string[], options: Options, name?: string) =>
    spawn(tool, words(args, options, name), { stdio: ['ignore', 'pipe', 'pipe'] });
  return {
    tool,
    image,
    run: (args, options = {}) => finish(start(args, options)),
    start: (name, args, options = {}) => start(args, options, name),
    command: (...args) => execFileSync(tool, [...globals(tool), ...args], { encoding: 'utf8' }),
  };
}

function build(tool: string, variant: Variant): string {
  const tag = `localhost/pipegen-test:${variant}`;
  const environment = { ...process.env, CONTAINER_TOOL: tool, TARGET: variant, TAG: tag, BASE: baseImage() };
  const { status, stdout, stderr } = spawnSync(join(REPOSITORY, 'scripts/image.sh'), {
    env: environment,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0)
    throw new Error(`the image could not be built:\n${stdout.slice(-4000)}\n${stderr.slice(-4000)}`);
  return tag;
}

/** `BASE`, or where debootstrap is, one that is made without an image registry; empty: that of the Dockerfile. */
export function baseImage(): string {
  if (process.env.BASE !== undefined) return process.env.BASE;
  const ours = process.getuid?.() === 0 && spawnSync('debootstrap', ['--version']).status === 0;
  return ours ? execFileSync(join(REPOSITORY, 'scripts/base-image.sh'), { encoding: 'utf8' }).trim() : '';
}
