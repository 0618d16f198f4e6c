import { z } from 'zod';

/** `2026-01-31T06:15:00`: local time at the airport, without a zone; the zone stands beside it. */
export type LocalTime = string;

/** AviationStack documents the first six; another text is passed on as it is. */
export type FlightStatus =
  | 'scheduled'
  | 'active'
  | 'landed'
  | 'cancelled'
  | 'incident'
  | 'diverted'
  | (string & {});

/** One end of a flight. */
export interface Stop {
  airport: string | null;
  /** IANA name, such as `America/New_York`. */
  timezone: string | null;
  iata: string | null;
  icao: string | null;
  terminal: string | null;
  gate: string | null;
  delayMinutes: number | null;
  scheduledLocal: LocalTime | null;
  estimatedLocal: LocalTime | null;
  actualLocal: LocalTime | null;
  estimatedRunwayLocal: LocalTime | null;
  actualRunwayLocal: LocalTime | null;
}

export interface Airline {
  name: string | null;
  iata: string | null;
  icao: string | null;
}

/** The flight of the operating airline that this one is sold under another number for; codes in upper case. */
export interface Codeshare {
  airlineName: string | null;
  airlineIata: string | null;
  airlineIcao: string | null;
  flightNumber: string | null;
  flightIata: string | null;
  flightIcao: string | null;
}

export interface Aircraft {
  registration: string | null;
  iata: string | null;
  icao: string | null;
  icao24: string | null;
}

/** Position in the air. Units are the API's: degrees, metres, kilometres an hour. */
export interface Live {
  /** An instant in UTC, unlike the other times: recorded answers show it. */
  updated: string | null;
  latitude: number | null;
  longitude: number | null;
  altitude: number | null;
  direction: number | null;
  speedHorizontal: number | null;
  speedVertical: number | null;
  isGround: boolean | null;
}

export interface Flight {
  /** Calendar date, `2026-01-31`. */
  flightDate: string;
  flightStatus: FlightStatus | null;
  departure: Stop;
  arrival: Stop & { baggage: string | null };
  airline: Airline;
  flight: {
    number: string | null;
    iata: string | null;
    icao: string | null;
    /** Null when the airline flies itself. */
    codeshared: Codeshare | null;
  };
  aircraft: Aircraft | null;
  live: Live | null;
}

// Codes and gates are texts; a number would be the provider's slip and loses nothing as a text.
const text = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) => (value === null || value === undefined ? null : String(value)));
const number = z
  .number()
  .nullish()
  .transform((value) => value ?? null);
const code = text.transform((value) => value?.toUpperCase() ?? null);
// The API writes the word where it knows no airline: private flights.
const airlineName = text.transform((value) => (value === 'empty' ? null : value));
// Local time, but labelled +00:00 whatever the zone: the label is dropped before anybody believes it.
const localTime = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/, 'is not a time')
  .nullish()
  .transform((value) => value?.replace(/(Z|[+-]\d{2}:?\d{2})$/, '') ?? null);

const stop = z.object({
  airport: text,
  timezone: text,
  iata: text,
  icao: text,
  terminal: text,
  gate: text,
  baggage: text,
  delay: number,
  scheduled: localTime,
  estimated: localTime,
  actual: localTime,
  estimated_runway: localTime,
  actual_runway: localTime,
});

const codeshare = z
  .object({
    airline_name: text,
    airline_iata: code,
    airline_icao: code,
    flight_number: text,
    flight_iata: code,
    flight_icao: code,
  })
  .transform(
    (value): Codeshare => ({
      airlineName: value.airline_name,
      airlineIata: value.airline_iata,
      airlineIcao: value.airline_icao,
      flightNumber: value.flight_number,
      flightIata: value.flight_iata,
      flightIcao: value.flight_icao,
    }),
  );

const live = z
  .object({
    updated: text,
    latitude: number,
    longitude: number,
    altitude: number,
    direction: number,
    speed_horizontal: number,
    speed_vertical: number,
    is_ground: z.boolean().nullish(),
  })
  .transform(
    ({ speed_horizontal, speed_vertical, is_ground, ...same }): Live => ({
      ...same,
      speedHorizontal: speed_horizontal,
      speedVertical: speed_vertical,
      isGround: is_ground ?? null,
    }),
  );

/** A record as the API sends it, to a `Flight`. Fields that it does not know are let pass: the API may grow. */
export const flightRecord = z
  .object({
    flight_date: z.iso.date(),
    flight_status: text,
    departure: stop,
    arrival: stop,
    airline: z.object({ name: airlineName, iata: text, icao: text }),
    flight: z.object({ number: text, iata: text, icao: text, codeshared: codeshare.nullish() }),
    aircraft: z.object({ registration: text, iata: text, icao: text, icao24: text }).nullish(),
    live: live.nullish(),
  })
  .transform(
    (value): Flight => ({
      flightDate: value.flight_date,
      flightStatus: value.flight_status,
      departure: toStop(value.departure),
      arrival: { ...toStop(value.arrival), baggage: value.arrival.baggage },
      airline: value.airline,
      flight: { ...value.flight, codeshared: value.flight.codeshared ?? null },
      aircraft: value.aircraft ?? null,
      live: value.live ?? null,
    }),
  );

function toStop(value: z.output<typeof stop>): Stop {
  return {
    airport: value.airport,
    timezone: value.timezone,
    iata: value.iata,
    icao: value.icao,
    terminal: value.terminal,
    gate: value.gate,
    delayMinutes: value.delay,
    scheduledLocal: value.scheduled,
    estimatedLocal: value.estimated,
    actualLocal: value.actual,
    estimatedRunwayLocal: value.estimated_runway,
    actualRunwayLocal: value.actual_runway,
  };
}
