import leven from 'leven';

/** The candidate that a person most likely meant; undefined when none is near. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: { word: string; distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = leven(word.toLowerCase(), candidate.toLowerCase());
    if (best === undefined || distance < best.distance) best = { word: candidate, distance };
  }
  // A third of the letters may be wrong; two, so that swapped ones count, from four letters on.
  const limit = Math.max(word.length < 4 ? 1 : 2, Math.floor(word.length / 3));
  return best !== undefined && best.distance <= limit ? best.word : undefined;
}

/** `did you mean "schedule"?`, or the list to choose from. */
export function suggest(word: string, candidates: Iterable<string>): string | undefined {
  const all = [...candidates];
  const near = nearest(word, all);
  if (near !== undefined) return `did you mean "${near}"?`;
  return all.length === 0 ? undefined : `one of ${all.join(', ')}`;
}
