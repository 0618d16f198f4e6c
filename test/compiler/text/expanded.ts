interface Variable {
  readonly name: string;
  readonly value?: string | null;
}

/**
 * The variables as a container gets them. The kubelet replaces `$(NAME)` by the value of a variable further up, leaves
 * the reference to an unknown one alone and folds `$$` to `$`.
 * Source: `third_party/forked/golang/expansion/expand.go` in Kubernetes.
 */
export function expanded(variables: readonly Variable[]): Record<string, string> {
  const known: Record<string, string> = {};
  for (const { name, value } of variables) {
    known[name] = (value ?? '').replace(/\$\$|\$\(([^)]*)\)/g, (whole, reference?: string) => {
      if (reference === undefined) return '$';
      return Object.hasOwn(known, reference) ? (known[reference] ?? '') : whole;
    });
  }
  return known;
}
