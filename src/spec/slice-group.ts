/** The share of the slices that one container reads: the second of four. */
export interface SliceGroup {
  /** From 1. */
  readonly number: number;
  readonly of: number;
}

/** All of them, as a DAG maps its task over them: one for each of Airflow's map indexes, in their order. */
export function groupsOf(pods: number): SliceGroup[] {
  return Array.from({ length: pods }, (_, index) => ({ number: index + 1, of: pods }));
}

/** `2/4`: the argument of a container. */
export function groupText({ number, of }: SliceGroup): string {
  return `${number}/${of}`;
}

/** The reverse; undefined for what is none. */
export function parseGroup(text: string): SliceGroup | undefined {
  const [, number, of] = /^([1-9][0-9]{0,3})\/([1-9][0-9]{0,3})$/.exec(text) ?? [];
  const group = { number: Number(number), of: Number(of) };
  return group.number <= group.of ? group : undefined;
}

/**
 * Where the share of a group begins and ends in a list of `count`, as for `Array.slice`. The shares follow one another,
 * leave nothing out, and differ by one at most.
 */
export function boundsOf(count: number, { number, of }: SliceGroup): [from: number, to: number] {
  return [Math.floor(((number - 1) * count) / of), Math.floor((number * count) / of)];
}

/** How many of `count` are a group's; those of all groups sum up to `count`. */
export function shareOf(count: number, group: SliceGroup): number {
  const [from, to] = boundsOf(count, group);
  return to - from;
}
