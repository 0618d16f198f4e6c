import { AIRLINES, type Airline } from './airlines.ts';
import { type Airport, distance } from './airports.ts';
import { between, pick, type Random, randomFrom } from './random.ts';

/** A flight of the timetable: the same number, route and time on every day on which it operates. */
export interface Service {
  /** Unique in the timetable. */
  id: string;
  airline: Airline;
  /** Null on private flights. */
  number: string | null;
  from: Airport;
  to: Airport;
  /** Local minutes after midnight. */
  departs: number;
  /** Minutes from gate to gate. */
  duration: number;
  /** The airlines that sell it too, each under its own number. */
  marketed: { airline: Airline; number: string }[];
}

/** Beyond it, numbers of four digits run short for flights and codeshares together. */
export const MOST_FLIGHTS = 2_000;

const SHARE_FAR = 0.15;
const SHARE_MARKETED = 0.27;

/** All flights of all airlines; `size` replaces the number that each airline has by default. */
export function timetable(seed: number, size?: number): Service[] {
  const services: Service[] = [];
  const marketed = new Map<string, number>();
  for (const airline of AIRLINES) {
    for (let index = 0; index < (size ?? airline.flights); index += 1) {
      const service = plan(seed, airline, index);
      const random = randomFrom(seed, 'marketed', service.id);
      for (const partner of partnersOf(airline)) {
        if (random() >= SHARE_MARKETED) continue;
        const count = marketed.get(partner.name) ?? 0;
        marketed.set(partner.name, count + 1);
        // Steps that share no factor with the size of the range visit each number once, without a visible order.
        service.marketed.push({ airline: partner, number: String(5_000 + ((count * 3_571) % 5_000)) });
      }
      services.push(service);
    }
  }
  return services;
}

function plan(seed: number, airline: Airline, index: number): Service {
  const id = `${airline.icao ?? 'private'}-${index}`;
  const random = randomFrom(seed, 'service', id);
  const hub = pick(random, airline.hubs);
  const far = random() < SHARE_FAR;
  const other = pick(
    random,
    (far ? airline.far : airline.near).filter((airport) => airport !== hub),
  );
  const [from, to] = index % 2 === 0 ? [hub, other] : [other, hub];
  return {
    id,
    airline,
    number: airline.icao === null ? null : String(1 + ((index * 1_237) % 4_999)),
    from,
    to,
    departs: departure(random),
    duration: Math.round((35 + (distance(from, to) / 830) * 60) / 5) * 5,
    marketed: [],
  };
}

/** From 05:00 to 23:30: outside the hours in which clocks are changed, so that every local time exists once. */
function departure(random: Random): number {
  return 300 + between(random, 0, 222) * 5;
}

function partnersOf(airline: Airline): Airline[] {
  return AIRLINES.filter((one) => one.iata !== null && airline.partners.includes(one.iata));
}
