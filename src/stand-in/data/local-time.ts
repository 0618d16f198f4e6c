const MINUTES_PER_DAY = 1_440;
const KEPT_OFFSETS = 10_000;

const formats = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, number | null>();

/** Minutes since 1970-01-01T00:00Z at the start of a calendar date. */
export function startOfDay(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / 60_000;
}

/** Wall-clock minutes of a place, from an instant; both counted since 1970-01-01T00:00. */
export function localFromUtc(zone: string, utc: number): number {
  return utc + offsetAt(zone, utc);
}

/** The instant of a wall-clock time; one that a clock change leaves out is moved by the change. */
export function utcFromLocal(zone: string, local: number): number {
  return local - offsetAt(zone, local - offsetAt(zone, local));
}

/** As the API writes every time: `2026-01-31T06:25:00+00:00`, whatever the zone. */
export function written(minutes: number): string {
  return `${new Date(minutes * 60_000).toISOString().slice(0, 19)}+00:00`;
}

/** Offset from UTC in minutes. On a day without a clock change, which is nearly every day, it is looked up once. */
function offsetAt(zone: string, utc: number): number {
  const day = Math.floor(utc / MINUTES_PER_DAY);
  const key = `${zone}|${day}`;
  let offset = offsets.get(key);
  if (offset === undefined) {
    const first = lookUp(zone, day * MINUTES_PER_DAY);
    offset = first === lookUp(zone, (day + 1) * MINUTES_PER_DAY) ? first : null;
    if (offsets.size >= KEPT_OFFSETS) offsets.clear();
    offsets.set(key, offset);
  }
  return offset ?? lookUp(zone, utc);
}

function lookUp(zone: string, utc: number): number {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
    formats.set(zone, format);
  }
  const name = format.formatToParts(utc * 60_000).find((part) => part.type === 'timeZoneName')?.value ?? '';
  const match = /^GMT(?:([+-])(\d{2}):(\d{2}))?$/.exec(name);
  if (match === null) throw new Error(`the offset ${name} of ${zone} is not in whole minutes`);
  const minutes = Number(match[2] ?? 0) * 60 + Number(match[3] ?? 0);
  return match[1] === '-' ? -minutes : minutes;
}
