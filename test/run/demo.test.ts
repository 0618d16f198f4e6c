import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createProject } from './project.ts';

describe('pipegen demo', () => {
  it('ends with the partners’ numbers and what to try next, and with the same numbers again', async () => {
    await using project = createProject({ dbt: true });
    // The demo shows the last three days; two runs around midnight would not show the same.
    const left = 86_400_000 - (Date.now() % 86_400_000);
    if (left < 240_000) await setTimeout(left);
    const first = await project.pipegen(['demo']);
    expect(first.exit, first.stderr).toBe(0);
    const numbers = first.stdout.slice(first.stdout.indexOf('How our partners performed'));
    expect(numbers.match(/^(ANA|American Airlines|Delta Air Lines|Lufthansa) .*%/gm)).toHaveLength(12);
    expect(numbers.match(/^ {2}npx pipegen /gm)).toHaveLength(3);
    const rows = await project.rows('raw.flights');
    const second = await project.pipegen(['demo']);
    expect(second.exit, second.stderr).toBe(0);
    expect(second.stdout.slice(second.stdout.indexOf('How our partners performed'))).toBe(numbers);
    expect(await project.rows('raw.flights')).toEqual(rows);
  });
});
