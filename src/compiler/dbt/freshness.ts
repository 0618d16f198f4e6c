import { CronExpressionParser } from 'cron-parser';
import type { ResolvedPipeline } from '../resolved.ts';

/** Minutes after the last load. */
export interface Freshness {
  readonly warnAfter: number;
  readonly errorAfter: number;
}

/** Any day will do, but it must be the same one in every build; this one is a Thursday, with a weekend close by. */
const FROM = Date.parse('2026-01-01T00:00:00Z');
const DAY = 86_400_000;
/** Days in which a cron has shown every gap: of one that knows weekdays only, and of any other. */
const WEEK = 9;
const YEAR = 400;
/** One that is due each minute has shown its gaps long before; each tick takes a millisecond. */
const TICKS = 1_200;

/**
 * How old the data of a pipeline may be: half a gap of its schedule late is a warning, two gaps an error. Undefined
 * where nobody knows when it should run: by hand, or after somebody else's asset.
 */
export function freshnessOf(
  pipeline: ResolvedPipeline,
  pipelines: ReadonlyMap<string, ResolvedPipeline>,
): Freshness | undefined {
  const gap = gapOf(pipeline, pipelines, new Set());
  return gap === undefined ? undefined : { warnAfter: Math.ceil(gap * 1.5), errorAfter: gap * 3 };
}

/** Minutes between two runs at most; of a pipeline that others start: theirs. */
function gapOf(
  { name, settings: { schedule } }: ResolvedPipeline,
  pipelines: ReadonlyMap<string, ResolvedPipeline>,
  seen: ReadonlySet<string>,
): number | undefined {
  if (schedule?.cron !== undefined) return longestGap(schedule.cron, schedule.timezone);
  const { all, any } = schedule?.after ?? {};
  const upstream = all ?? any;
  if (upstream === undefined || seen.has(name)) return undefined;
  const gaps = upstream.map((one) => {
    const found = pipelines.get(one);
    return found === undefined ? undefined : gapOf(found, pipelines, new Set([...seen, name]));
  });
  const known = gaps.filter((gap) => gap !== undefined);
  if (all !== undefined) return known.length === gaps.length ? Math.max(...known) : undefined;
  return known.length === 0 ? undefined : Math.min(...known);
}

const known = new Map<string, number | undefined>();

function longestGap(cron: string, timezone: string): number | undefined {
  const key = `${cron} ${timezone}`;
  if (!known.has(key)) known.set(key, measureGap(cron, timezone));
  return known.get(key);
}

function measureGap(cron: string, tz: string): number | undefined {
  const [, , dayOfMonth, month] = cron.trim().split(/\s+/);
  const end = FROM + (dayOfMonth === '*' && month === '*' ? WEEK : YEAR) * DAY;
  let longest: number | undefined;
  try {
    const ticks = CronExpressionParser.parse(cron, { tz, currentDate: new Date(FROM) });
    let before = ticks.next().getTime();
    for (let count = 0; count < TICKS && before < end; count++) {
      const next = ticks.next().getTime();
      longest = Math.max(longest ?? 0, (next - before) / 60_000);
      before = next;
    }
  } catch {
    // A cron that no date fits: it is never due.
  }
  return longest;
}
