/** Rows as the pipeline loads them, hand-picked so that every number of the mart can be worked out by hand. */

const COLUMNS = {
  flight_date: 'date',
  flight_status: 'varchar',
  departure_airport: 'varchar',
  arrival_airport: 'varchar',
  airline_name: 'varchar',
  airline_iata: 'varchar',
  airline_icao: 'varchar',
  flight: 'varchar',
  flight_iata: 'varchar',
  flight_icao: 'varchar',
  flight_number: 'varchar',
  departure_iata: 'varchar',
  departure_icao: 'varchar',
  departure_timezone: 'varchar',
  departure_terminal: 'varchar',
  departure_gate: 'varchar',
  departure_delay_minutes: 'bigint',
  scheduled_departure_local: 'timestamp',
  estimated_departure_local: 'timestamp',
  actual_departure_local: 'timestamp',
  arrival_iata: 'varchar',
  arrival_icao: 'varchar',
  arrival_timezone: 'varchar',
  arrival_terminal: 'varchar',
  arrival_gate: 'varchar',
  arrival_baggage: 'varchar',
  arrival_delay_minutes: 'bigint',
  scheduled_arrival_local: 'timestamp',
  estimated_arrival_local: 'timestamp',
  actual_arrival_local: 'timestamp',
  codeshare_airline_name: 'varchar',
  codeshare_airline_iata: 'varchar',
  codeshare_flight_iata: 'varchar',
  codeshare_flight_number: 'varchar',
  aircraft_registration: 'varchar',
  aircraft_iata: 'varchar',
  _pipegen_partition: 'date',
  _pipegen_load_id: 'varchar',
  _pipegen_run_id: 'varchar',
  _pipegen_extracted_at: 'timestamp',
  _pipegen_loaded_at: 'timestamp',
  _pipegen_source_file: 'varchar',
  _pipegen_row_hash: 'varchar',
} as const;

export type Flight = { readonly [column in keyof typeof COLUMNS]?: string | number | undefined };

const LUFTHANSA = { airline_name: 'Lufthansa', airline_iata: 'LH', airline_icao: 'DLH' };
const ANA = { airline_name: 'ANA', airline_iata: 'NH', airline_icao: 'ANA' };
const TINY = { airline_name: 'Tiny Air', airline_icao: 'TNY' };

/** From Frankfurt, where clocks went from 02:00 to 03:00 in that night, to New York at UTC-4. */
function flight(airline: Flight, name: string, date: string, values: Flight): Flight {
  return {
    ...airline,
    flight: name,
    flight_iata: name,
    flight_date: date,
    departure_iata: 'FRA',
    departure_timezone: 'Europe/Berlin',
    scheduled_departure_local: `${date} 01:30:00`,
    arrival_iata: 'JFK',
    arrival_timezone: 'America/New_York',
    scheduled_arrival_local: `${date} 04:00:00`,
    _pipegen_partition: date,
    _pipegen_load_id: 'load',
    _pipegen_loaded_at: `${date} 12:00:00`,
    ...values,
  };
}

const DAY = '2026-03-29';

export const FLIGHTS: readonly Flight[] = [
  // No delay reported: 60 real minutes at departure (120 on the clock), 11 at arrival.
  flight(LUFTHANSA, 'LH100', DAY, {
    flight_status: 'landed',
    actual_departure_local: `${DAY} 03:30:00`,
    actual_arrival_local: `${DAY} 04:11:00`,
  }),
  // Exactly at the limit, and one minute beyond it.
  flight(LUFTHANSA, 'LH101', DAY, {
    flight_status: 'landed',
    departure_delay_minutes: 20,
    arrival_delay_minutes: 15,
  }),
  flight(LUFTHANSA, 'LH102', DAY, { flight_status: 'landed', arrival_delay_minutes: 16 }),
  // Nothing known about the arrival.
  flight(LUFTHANSA, 'LH103', DAY, { flight_status: 'landed', departure_delay_minutes: 0 }),
  // Early counts as 0.
  flight(LUFTHANSA, 'LH104', DAY, {
    flight_status: 'landed',
    departure_delay_minutes: 5,
    actual_arrival_local: `${DAY} 03:40:00`,
  }),
  // Forecasts and other ends: no part of the arrival delays, only the diverted one of the departure delays.
  flight(LUFTHANSA, 'LH105', DAY, { flight_status: 'cancelled', departure_delay_minutes: 90 }),
  flight(LUFTHANSA, 'LH106', DAY, {
    flight_status: 'diverted',
    departure_delay_minutes: 40,
    arrival_delay_minutes: 200,
  }),
  flight(LUFTHANSA, 'LH107', DAY, { flight_status: 'scheduled', departure_delay_minutes: 30 }),
  flight(LUFTHANSA, 'LH108', DAY, { flight_status: 'incident' }),
  flight(LUFTHANSA, 'LH109', DAY, {}),
  // Sold by Lufthansa, flown by ANA: twice in the data.
  flight(LUFTHANSA, 'LH9000', DAY, {
    flight_status: 'landed',
    arrival_delay_minutes: 500,
    codeshare_airline_name: 'ana',
    codeshare_airline_iata: 'nh',
    codeshare_flight_iata: 'nh9',
  }),
  // Neither zone is known, so the delay comes from the local times.
  flight(ANA, 'NH9', DAY, {
    flight_status: 'landed',
    departure_delay_minutes: 3,
    actual_arrival_local: `${DAY} 04:07:00`,
    departure_timezone: undefined,
    arrival_timezone: 'Mars/Olympus_Mons',
  }),
  // No IATA code, and no delay known at all.
  flight(TINY, 'TNY1', DAY, { flight_status: 'landed' }),
  flight(LUFTHANSA, 'LH100', '2026-03-28', { flight_status: 'landed', arrival_delay_minutes: 30 }),
  // The first day of the scorecard's 28, and the last one before it.
  flight(LUFTHANSA, 'LH100', '2026-03-02', { flight_status: 'landed', arrival_delay_minutes: 0 }),
  flight(LUFTHANSA, 'LH100', '2026-03-01', { flight_status: 'cancelled' }),
];

/** Statements that DuckDB and Snowflake both take: the schema, the table and its rows. */
export function rawFlights(flights: readonly Flight[]): string[] {
  const names = Object.keys(COLUMNS) as (keyof typeof COLUMNS)[];
  const definition = names.map((name) => `${name} ${COLUMNS[name]}`).join(', ');
  const rows = flights.map((row) => `(${names.map((name) => literal(row[name])).join(', ')})`);
  return [
    'create schema if not exists raw',
    `create or replace table raw.flights (${definition})`,
    `insert into raw.flights (${names.join(', ')}) values ${rows.join(',\n')}`,
  ];
}

function literal(value: string | number | undefined): string {
  if (value === undefined) return 'null';
  return typeof value === 'number' ? String(value) : `'${value}'`;
}
