/** The steps of a pipeline in the order in which they run; any suffix or subset is legal. */
export const STEPS = ['extract', 'upload', 'load', 'check', 'dbt'] as const;

export type Step = (typeof STEPS)[number];

export function isStep(text: string): text is Step {
  return (STEPS as readonly string[]).includes(text);
}
