export const FLIGHT_STATUSES = [
  'scheduled',
  'active',
  'landed',
  'cancelled',
  'incident',
  'diverted',
] as const;
export type FlightStatus = (typeof FLIGHT_STATUSES)[number];

/**
 * One element of `data`, its keys in the order in which the real API writes them.
 * Times are the airport's local time, labelled `+00:00`; only `live.updated` is UTC. Delays are minutes.
 */
export interface FlightRecord {
  flight_date: string;
  flight_status: FlightStatus;
  departure: Stop;
  arrival: ArrivalStop;
  airline: { name: string; iata: string | null; icao: string | null };
  flight: { number: string | null; iata: string | null; icao: string | null; codeshared: Codeshared | null };
  aircraft: Aircraft | null;
  live: Live | null;
}

export interface Place {
  airport: string | null;
  timezone: string | null;
  iata: string;
  icao: string;
  terminal: string | null;
  gate: string | null;
}

export interface Times {
  delay: number | null;
  scheduled: string;
  estimated: string;
  actual: string | null;
  estimated_runway: string | null;
  actual_runway: string | null;
}

export type Stop = Place & Times;
export type ArrivalStop = Stop & { baggage: string | null };

/** The operator of a flight that another airline sells; all of it in lower case. */
export interface Codeshared {
  airline_name: string;
  airline_iata: string;
  airline_icao: string;
  flight_number: string;
  flight_iata: string;
  flight_icao: string;
}

export interface Aircraft {
  registration: string;
  iata: string;
  icao: string;
  icao24: string;
}

export interface Live {
  updated: string;
  latitude: number;
  longitude: number;
  altitude: number;
  direction: number;
  speed_horizontal: number;
  speed_vertical: number;
  is_ground: boolean;
}
