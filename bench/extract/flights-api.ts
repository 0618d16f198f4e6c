import { createServer } from 'node:http';
import { startStandIn } from '../../src/stand-in/server.ts';

/**
 * An API as fast as its client, so that the client is what is measured: one page of the stand-in's flights, in which
 * only the flight's number changes, eight digits, so that each record is another flight.
 *
 * Usage: node flights-api.ts RECORDS SLICES; prints its port. Ends with its stdin.
 */
const DAY = '2026-01-31';
const PAGE = 1000;
const DIGITS = 8;
const [records = 0, slices = 1] = process.argv.slice(2).map(Number);

async function samplePage(): Promise<Record<string, unknown>[]> {
  const standIn = await startStandIn({ today: '2026-02-05', flightsPerAirlineAndDay: 200, plan: 'business' });
  try {
    const query = new URLSearchParams({ access_key: standIn.key, flight_date: DAY, limit: `${PAGE}` });
    const answer = await fetch(`${standIn.url}/flights?${query}`);
    const { data } = (await answer.json()) as { data: Record<string, unknown>[] };
    return data;
  } finally {
    await standIn.close();
  }
}

/** The text of a whole page and where in it each record's number stands. */
function template(sample: readonly Record<string, unknown>[]) {
  const mark = '@'.repeat(DIGITS);
  const data = sample.map((record) => {
    const flight = record.flight as Record<string, unknown>;
    return { ...record, flight: { ...flight, number: mark, iata: `LH${mark}`, icao: `DLH${mark}` } };
  });
  const texts = data.map((record) => Buffer.from(JSON.stringify(record)));
  const places = texts.map((text) => {
    const found: number[] = [];
    for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + DIGITS)) found.push(at);
    return found;
  });
  return { texts, places };
}

const { texts, places } = template(await samplePage());

function page(slice: number, offset: number, limit: number, total: number): Buffer {
  const count = Math.max(0, Math.min(limit, PAGE, total - offset));
  const parts: Buffer[] = [
    Buffer.from(`{"pagination":${JSON.stringify({ limit, offset, count, total })},"data":[`),
  ];
  for (let index = 0; index < count; index += 1) {
    const text = Buffer.from(texts[index % texts.length] as Buffer);
    const number = String(slice * total + offset + index).padStart(DIGITS, '0');
    for (const at of places[index % places.length] as number[]) text.write(number, at, 'latin1');
    if (index > 0) parts.push(Buffer.from(','));
    parts.push(text);
  }
  parts.push(Buffer.from(']}'));
  return Buffer.concat(parts);
}

const server = createServer((request, response) => {
  const query = new URL(request.url ?? '/', 'http://localhost').searchParams;
  const of = (name: string) => Number(query.get(name) ?? 0);
  const body = page(of('slice'), of('offset'), of('limit') || PAGE, Math.floor(records / slices));
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`);
});
process.stdin.on('end', () => process.exit(0)).resume();
