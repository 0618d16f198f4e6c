import { type Airport, bearing } from './airports.ts';
import type { ArrivalStop, Codeshared, FlightRecord, Live, Place, Stop, Times } from './flight-record.ts';
import { localFromUtc, written } from './local-time.ts';
import type { Sight } from './outcome.ts';
import { between, pick, type Random, randomFrom } from './random.ts';
import type { Service } from './timetable.ts';

/** One flight on one day, as seen at a moment; every record of it (operator and partners) shows the same. */
export interface Flown {
  service: Service;
  date: string;
  /** UTC minutes of the timetable. */
  departs: number;
  arrives: number;
  sight: Sight;
  now: number;
}

const SHARE_IATA_NULL = 0.03;
const SHARE_NUMBER_NULL = 0.01;
const SHARE_AIRPORT_NULL = 0.004;
const SHARE_LIVE = 0.15;
const SHARE_AIRCRAFT = 0.02;
const TERMINALS = ['1', '2', '3', 'A', 'B', 'C', 'D', 'I'];
const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ'.split('');

/** The records of a flight: the operator's first, then one of each airline that sells it. */
export function recordsOf(seed: number, flown: Flown): FlightRecord[] {
  const { service, date } = flown;
  const sellers = [{ airline: service.airline, number: service.number }, ...service.marketed];
  const places = stops(randomFrom(seed, 'stops', service.id, date), flown);
  const craft = aircraft(randomFrom(seed, 'aircraft', service.id, date), flown);
  return sellers.map(({ airline, number }, index) => {
    const random = randomFrom(seed, 'record', service.id, date, index);
    const gap = random();
    const iata = airline.iata === null || gap < SHARE_IATA_NULL ? null : airline.iata + number;
    return {
      flight_date: date,
      flight_status: flown.sight.status,
      departure: unnamed(random, places.departure),
      arrival: unnamed(random, places.arrival),
      airline: { name: airline.name, iata: airline.iata, icao: airline.icao },
      flight: {
        number: gap < SHARE_NUMBER_NULL ? null : number,
        iata,
        icao: airline.icao === null ? null : airline.icao + number,
        codeshared: index === 0 ? null : operator(service),
      },
      ...craft,
    };
  });
}

function stops(random: Random, flown: Flown): { departure: Stop; arrival: ArrivalStop } {
  const { service, sight } = flown;
  const departure = place(random, service.from, 0.52);
  const arrival = place(random, service.to, 0.25);
  const baggage = random() < 0.4 ? String(between(random, 1, 24)) : null;
  return {
    departure: { ...departure, ...times(service.from, flown.departs, sight.departure) },
    arrival: { ...arrival, baggage, ...times(service.to, flown.arrives, sight.arrival) },
  };
}

function place(random: Random, airport: Airport, shareWithGate: number): Place {
  const terminal = random() < 0.36 ? null : pick(random, TERMINALS);
  const gate = random() < shareWithGate ? pick(random, TERMINALS) + between(random, 1, 60) : null;
  return {
    airport: airport.name,
    timezone: airport.zone,
    iata: airport.iata,
    icao: airport.icao,
    terminal,
    gate,
  };
}

function times(airport: Airport, utc: number, seen: Sight['departure']): Times {
  const scheduled = written(localFromUtc(airport.zone, utc));
  const actual = seen.actual === null ? null : written(localFromUtc(airport.zone, utc + seen.actual));
  return {
    delay: seen.delay,
    scheduled,
    // Recorded answers repeat the timetable here, whatever the delay.
    estimated: scheduled,
    actual,
    estimated_runway: actual,
    actual_runway: actual,
  };
}

function unnamed<Named extends Stop>(random: Random, place: Named): Named {
  return random() < SHARE_AIRPORT_NULL ? { ...place, airport: null, timezone: null } : place;
}

function operator(service: Service): Codeshared {
  const { airline, number } = service;
  const iata = (airline.iata ?? '').toLowerCase();
  const icao = (airline.icao ?? '').toLowerCase();
  return {
    airline_name: airline.name.toLowerCase(),
    airline_iata: iata,
    airline_icao: icao,
    flight_number: number ?? '',
    flight_iata: `${iata}${number}`,
    flight_icao: `${icao}${number}`,
  };
}

function aircraft(random: Random, flown: Flown): Pick<FlightRecord, 'aircraft' | 'live'> {
  const { service, sight } = flown;
  const followed = sight.status === 'active' && flown.now < flown.arrives + 600;
  if (random() >= (followed ? SHARE_LIVE : SHARE_AIRCRAFT)) return { aircraft: null, live: null };
  const type = pick(random, service.airline.fleet);
  return {
    aircraft: {
      registration: service.airline.registration.replace(/[#@]/g, (sign) =>
        sign === '#' ? String(between(random, 1, 9)) : pick(random, LETTERS),
      ),
      iata: type,
      icao: type,
      icao24: between(random, 0, 0xffffff).toString(16).toUpperCase().padStart(6, '0'),
    },
    live: followed ? position(random, flown) : null,
  };
}

/** Where the flight is; the one place of the answer in which a time is truly UTC. */
function position(random: Random, flown: Flown): Live {
  const { from, to } = flown.service;
  const flying = Math.max(1, flown.arrives - flown.departs);
  const share = Math.min(Math.max((flown.now - flown.departs) / flying, 0.02), 0.98);
  const on = (start: number, end: number) => Number((start + (end - start) * share).toFixed(4));
  const ground = random() < 0.05;
  return {
    updated: written(Math.floor(flown.now) - between(random, 0, 9)),
    latitude: on(from.latitude, to.latitude),
    // The shorter way round: 170 to -170 degrees is 20 degrees apart, not 340.
    longitude: wrapped(on(from.longitude, from.longitude + wrapped(to.longitude - from.longitude))),
    altitude: ground ? 0 : Number((between(random, 90, 400) * 30.48).toFixed(2)),
    direction: bearing(from, to),
    speed_horizontal: ground ? 0 : Number((between(random, 620, 920) + random()).toFixed(3)),
    speed_vertical: 0,
    is_ground: ground,
  };
}

function wrapped(degrees: number): number {
  return Number(((((degrees + 180) % 360) + 360) % 360).toFixed(4)) - 180;
}
