import { type Airport, airportsOf } from './airports.ts';

/** How an airline performs. Invented, so that a report shows a difference; it says nothing of the real one. */
export interface Performance {
  /** Share of flights that leave 15 minutes late or more. */
  late: number;
  /** Mean of those delays beyond the 15 minutes, in minutes. */
  lateness: number;
  /** Share of flights that do not take place. */
  cancelled: number;
}

export interface Airline {
  name: string;
  iata: string | null;
  /** Null for private flights: the API has one airline named `empty` for all of them. */
  icao: string | null;
  /** Flights in the timetable of one day. */
  flights: number;
  hubs: Airport[];
  near: Airport[];
  far: Airport[];
  /** IATA codes of the airlines that sell its flights under numbers of their own. */
  partners: string[];
  /** ICAO types. */
  fleet: string[];
  /** Form of its registrations: # stands for a digit, @ for a letter. */
  registration: string;
  performance: Performance;
}

const NORTH_AMERICA = 'ATL BOS CLT DEN DFW DTW EWR IAD JFK LAX MIA MSP ORD PHX SEA SFO';
const EUROPE = 'AMS ATH BCN BER CDG CPH DUB FCO FRA GVA HAM IST LHR LIS LYS MAD MUC VIE WAW ZRH';
const JAPAN = 'CTS FUK HND ITM KOJ NRT OKA';

export const AIRLINES: readonly Airline[] = [
  airline(
    'American Airlines',
    'AA',
    'AAL',
    430,
    'DFW CLT MIA ORD PHX',
    NORTH_AMERICA,
    'LHR CDG NRT GRU EZE HNL',
    {
      partners: 'BA JL QF',
      fleet: ['A321', 'B738', 'B772'],
      registration: 'N###@@',
      performance: { late: 0.22, lateness: 42, cancelled: 0.018 },
    },
  ),
  airline(
    'Delta Air Lines',
    'DL',
    'DAL',
    400,
    'ATL DTW MSP JFK SEA',
    NORTH_AMERICA,
    'AMS CDG ICN HND GRU HNL',
    {
      partners: 'AF KL LA',
      fleet: ['A321', 'B739', 'A339'],
      registration: 'N###@@',
      performance: { late: 0.14, lateness: 34, cancelled: 0.008 },
    },
  ),
  airline(
    'United Airlines',
    'UA',
    'UAL',
    380,
    'ORD DEN EWR IAD SFO',
    NORTH_AMERICA,
    'FRA LHR NRT SYD SIN HNL',
    {
      partners: 'AC LH NH',
      fleet: ['B738', 'B39M', 'B789'],
      registration: 'N###@@',
      performance: { late: 0.2, lateness: 40, cancelled: 0.014 },
    },
  ),
  airline(
    'Air Canada',
    'AC',
    'ACA',
    220,
    'YYZ YVR YUL',
    `${NORTH_AMERICA} YYZ YVR YUL`,
    'FRA LHR CDG HND DEL',
    {
      partners: 'LH UA',
      fleet: ['A321', 'B38M', 'B789'],
      registration: 'C-F@@@',
      performance: { late: 0.27, lateness: 38, cancelled: 0.02 },
    },
  ),
  airline('Lufthansa', 'LH', 'DLH', 340, 'FRA MUC', EUROPE, 'JFK ORD SFO GRU JNB BOM HND SIN', {
    partners: 'UA AC NH SQ',
    fleet: ['A320', 'A321', 'A359'],
    registration: 'D-A@@@',
    performance: { late: 0.29, lateness: 28, cancelled: 0.026 },
  }),
  airline('British Airways', 'BA', 'BAW', 260, 'LHR', EUROPE, 'JFK BOS MIA LAX DXB JNB DEL HKG', {
    partners: 'AA JL QF',
    fleet: ['A320', 'A20N', 'B77W'],
    registration: 'G-E@@@',
    performance: { late: 0.24, lateness: 30, cancelled: 0.016 },
  }),
  airline('Air France', 'AF', 'AFR', 260, 'CDG LYS', EUROPE, 'JFK ATL YUL GRU BOG NRT CAI', {
    partners: 'DL KL',
    fleet: ['A318', 'A320', 'B77W'],
    registration: 'F-G@@@',
    performance: { late: 0.23, lateness: 29, cancelled: 0.014 },
  }),
  airline('KLM', 'KL', 'KLM', 200, 'AMS', EUROPE, 'JFK ATL YYZ LIM DXB SIN', {
    partners: 'AF DL',
    fleet: ['E190', 'B738', 'B789'],
    registration: 'PH-B@@',
    performance: { late: 0.19, lateness: 26, cancelled: 0.012 },
  }),
  airline('ANA', 'NH', 'ANA', 320, 'HND ITM NRT', JAPAN, 'ORD SFO FRA SIN BKK SYD', {
    partners: 'LH UA SQ',
    fleet: ['A321', 'B788', 'B789'],
    registration: 'JA8##@',
    performance: { late: 0.08, lateness: 18, cancelled: 0.005 },
  }),
  airline('JAL', 'JL', 'JAL', 240, 'HND ITM FUK', JAPAN, 'LAX BOS LHR SIN BKK HKG', {
    partners: 'AA BA QF',
    fleet: ['B738', 'B788', 'A359'],
    registration: 'JA3##@',
    performance: { late: 0.07, lateness: 16, cancelled: 0.006 },
  }),
  airline(
    'Singapore Airlines',
    'SQ',
    'SIA',
    150,
    'SIN',
    'BKK BOM DEL HKG PER PVG',
    'FRA LHR SYD SFO HND AKL',
    {
      partners: 'LH NH',
      fleet: ['B38M', 'A359', 'B78X'],
      registration: '9V-S@@',
      performance: { late: 0.12, lateness: 22, cancelled: 0.003 },
    },
  ),
  airline('Emirates', 'EK', 'UAE', 170, 'DXB', 'BOM DEL CAI IST ATH', 'LHR JFK SYD JNB BKK SIN GRU', {
    partners: 'QF UA',
    fleet: ['B77W', 'A388', 'A359'],
    registration: 'A6-E@@',
    performance: { late: 0.16, lateness: 24, cancelled: 0.003 },
  }),
  airline('Qantas', 'QF', 'QFA', 220, 'SYD MEL BNE', 'AKL BNE MEL PER SYD', 'LAX LHR SIN HND HKG', {
    partners: 'AA EK LA',
    fleet: ['B738', 'B738', 'B789'],
    registration: 'VH-V@@',
    performance: { late: 0.21, lateness: 31, cancelled: 0.02 },
  }),
  airline(
    'LATAM Airlines',
    'LA',
    'LAN',
    200,
    'SCL GRU LIM',
    'BOG EZE GRU LIM SCL MEX',
    'MIA JFK MAD AKL LAX',
    {
      partners: 'DL QF',
      fleet: ['A319', 'A320', 'B789'],
      registration: 'CC-B@@',
      performance: { late: 0.15, lateness: 27, cancelled: 0.011 },
    },
  ),
  // A charter airline without an IATA code: its flights have no flight.iata either.
  airline('KlasJet', null, 'KLJ', 12, 'WAW VIE', EUROPE, 'DXB CAI', {
    partners: '',
    fleet: ['B738'],
    registration: 'LY-@@@',
    performance: { late: 0.2, lateness: 30, cancelled: 0.01 },
  }),
  airline('empty', null, null, 240, 'GVA ZRH LHR IAD DFW', `${EUROPE} ${NORTH_AMERICA}`, 'DXB', {
    partners: '',
    fleet: ['B350', 'BE20', 'C56X'],
    registration: 'VP-@@@',
    performance: { late: 0.1, lateness: 20, cancelled: 0.01 },
  }),
];

function airline(
  name: string,
  iata: string | null,
  icao: string | null,
  flights: number,
  hubs: string,
  near: string,
  far: string,
  rest: { partners: string; fleet: string[]; registration: string; performance: Performance },
): Airline {
  return {
    name,
    iata,
    icao,
    flights,
    hubs: airportsOf(hubs),
    near: airportsOf(near),
    far: airportsOf(far),
    ...rest,
    partners: rest.partners === '' ? [] : rest.partners.split(' '),
  };
}
