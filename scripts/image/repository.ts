// Prints the image repository that the spec's Kubernetes environments name; fails where they name several.

import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

interface Spec {
  readonly environments?: Readonly<
    Record<string, { readonly launcher?: { readonly image?: { readonly repository?: string } } }>
  >;
}

const { environments = {} } = parse(readFileSync('pipelines.yaml', 'utf8'), { merge: true }) as Spec;
const named = Object.values(environments).flatMap(({ launcher }) => launcher?.image?.repository ?? []);
const [repository, ...others] = [...new Set(named)];
if (repository === undefined || others.length > 0) {
  console.error(
    repository === undefined
      ? 'image: no environment of pipelines.yaml names a repository: give one as REPOSITORY='
      : `image: pipelines.yaml names several repositories, ${named.join(' and ')}: choose one as REPOSITORY=`,
  );
  process.exit(1);
}
console.log(repository);
