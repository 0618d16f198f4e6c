import type { Explanation } from './explanation.ts';

const common = { severity: 'error', category: 'correctness', certain: true } as const;

/** What only a build can find, which knows the image. The examples are laid over a sound spec. */
export const OF_BUILD: readonly Explanation[] = [
  {
    ...common,
    category: 'security',
    name: 'image-without-digest',
    why: 'A tag is moved, a digest is not: pods of one DAG would run whatever was pushed last, and nobody could say afterwards what that was. CI writes the digest into a file after it has pushed the image. `pipegen build` asks for it, `lint` does not, so that a spec can be judged before its image is there.',
    bad: 'environments: { production: { launcher: { image: { digest_file: not-written-yet.digest } } } }',
    good: 'environments: { production: { launcher: { image: { digest_file: image.digest } } } }',
  },
  {
    ...common,
    name: 'job-too-large',
    why: 'What a step must know reaches its container as one environment variable, and Linux takes 128 KiB for one.',
    bad: `pipelines: { flights: { extract: { slices: { airline: [${Array.from({ length: 12 }, (_, index) => `"${String(index).padEnd(9_000, 'x')}"`).join(', ')}] } } } }`,
    good: 'pipelines: { flights: { extract: { slices: { airline: [AA, LH, DL] } } } }',
  },
];
