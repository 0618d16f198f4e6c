/** What the mart and the scorecard must hold for the rows of flights.ts, worked out by hand. */

export const DAILY_QUERY = `
  select
    cast(flight_date as varchar) as flight_date, airline_code, airline_name,
    flights_operated, flights_marketed, flights_landed, flights_cancelled, flights_diverted, flights_incident,
    flights_open, cancellation_share, arrivals_with_known_delay, arrivals_on_time, on_time_share,
    average_arrival_delay_minutes, p90_arrival_delay_minutes,
    average_departure_delay_minutes, p90_departure_delay_minutes
  from partner_daily_performance
  order by flight_date, airline_code`;

const ONE_FLIGHT = {
  flights_operated: 1,
  flights_marketed: 0,
  flights_landed: 1,
  flights_cancelled: 0,
  flights_diverted: 0,
  flights_incident: 0,
  flights_open: 0,
  cancellation_share: 0,
};
const UNKNOWN_ARRIVALS = {
  arrivals_with_known_delay: 0,
  arrivals_on_time: 0,
  on_time_share: null,
  average_arrival_delay_minutes: null,
  p90_arrival_delay_minutes: null,
};
const UNKNOWN_DEPARTURES = { average_departure_delay_minutes: null, p90_departure_delay_minutes: null };
const LUFTHANSA = { airline_code: 'LH', airline_name: 'Lufthansa' };

export const DAILY = [
  {
    flight_date: '2026-03-01',
    ...LUFTHANSA,
    ...ONE_FLIGHT,
    flights_landed: 0,
    flights_cancelled: 1,
    cancellation_share: 1,
    ...UNKNOWN_ARRIVALS,
    ...UNKNOWN_DEPARTURES,
  },
  {
    flight_date: '2026-03-02',
    ...LUFTHANSA,
    ...ONE_FLIGHT,
    arrivals_with_known_delay: 1,
    arrivals_on_time: 1,
    on_time_share: 1,
    average_arrival_delay_minutes: 0,
    p90_arrival_delay_minutes: 0,
    ...UNKNOWN_DEPARTURES,
  },
  {
    flight_date: '2026-03-28',
    ...LUFTHANSA,
    ...ONE_FLIGHT,
    arrivals_with_known_delay: 1,
    arrivals_on_time: 0,
    on_time_share: 0,
    average_arrival_delay_minutes: 30,
    p90_arrival_delay_minutes: 30,
    ...UNKNOWN_DEPARTURES,
  },
  {
    flight_date: '2026-03-29',
    ...LUFTHANSA,
    flights_operated: 10,
    flights_marketed: 1,
    flights_landed: 5,
    flights_cancelled: 1,
    flights_diverted: 1,
    flights_incident: 1,
    flights_open: 2,
    cancellation_share: 0.1,
    // 0, 11, 15, 16: the 90th percentile lies at 0.9 × 3 = 2.7, between 15 and 16.
    arrivals_with_known_delay: 4,
    arrivals_on_time: 3,
    on_time_share: 0.75,
    average_arrival_delay_minutes: 10.5,
    p90_arrival_delay_minutes: 15.7,
    // 0, 5, 20, 40, 60: it lies at 0.9 × 4 = 3.6, between 40 and 60.
    average_departure_delay_minutes: 25,
    p90_departure_delay_minutes: 52,
  },
  {
    flight_date: '2026-03-29',
    airline_code: 'NH',
    airline_name: 'ANA',
    ...ONE_FLIGHT,
    arrivals_with_known_delay: 1,
    arrivals_on_time: 1,
    on_time_share: 1,
    average_arrival_delay_minutes: 7,
    p90_arrival_delay_minutes: 7,
    average_departure_delay_minutes: 3,
    p90_departure_delay_minutes: 3,
  },
  {
    flight_date: '2026-03-29',
    airline_code: 'TNY',
    airline_name: 'Tiny Air',
    ...ONE_FLIGHT,
    ...UNKNOWN_ARRIVALS,
    ...UNKNOWN_DEPARTURES,
  },
];

export const SCORECARD_QUERY = `
  select
    airline_code, airline_name, cast(first_date as varchar) as first_date,
    cast(last_date as varchar) as last_date, flights_operated, arrivals_with_known_delay,
    cancellation_share, on_time_share, partner_rank
  from partner_scorecard
  order by partner_rank`;

const ONE_DAY = {
  first_date: '2026-03-29',
  last_date: '2026-03-29',
  flights_operated: 1,
  cancellation_share: 0,
};

export const SCORECARD = [
  {
    airline_code: 'NH',
    airline_name: 'ANA',
    ...ONE_DAY,
    arrivals_with_known_delay: 1,
    on_time_share: 1,
    partner_rank: 1,
  },
  {
    ...LUFTHANSA,
    first_date: '2026-03-02',
    last_date: '2026-03-29',
    flights_operated: 12,
    arrivals_with_known_delay: 6,
    cancellation_share: 0.0833,
    on_time_share: 0.6667,
    partner_rank: 2,
  },
  {
    airline_code: 'TNY',
    airline_name: 'Tiny Air',
    ...ONE_DAY,
    arrivals_with_known_delay: 0,
    on_time_share: null,
    partner_rank: 3,
  },
];

export const UTC_QUERY = `
  select
    flight, is_marketed, operating_airline_iata, operating_flight_iata,
    cast(scheduled_departure_utc as varchar(19)) as scheduled_departure_utc,
    cast(actual_departure_utc as varchar(19)) as actual_departure_utc,
    cast(scheduled_arrival_utc as varchar(19)) as scheduled_arrival_utc,
    departure_delay_minutes, arrival_delay_minutes
  from stg_flights
  where flight in ('LH100', 'LH9000', 'NH9') and flight_date = '2026-03-29'
  order by flight`;

export const UTC = [
  {
    flight: 'LH100',
    is_marketed: false,
    operating_airline_iata: 'LH',
    operating_flight_iata: 'LH100',
    // An hour apart, before and after the clocks changed.
    scheduled_departure_utc: '2026-03-29 00:30:00',
    actual_departure_utc: '2026-03-29 01:30:00',
    scheduled_arrival_utc: '2026-03-29 08:00:00',
    departure_delay_minutes: 60,
    arrival_delay_minutes: 11,
  },
  {
    flight: 'LH9000',
    is_marketed: true,
    operating_airline_iata: 'NH',
    operating_flight_iata: 'NH9',
    scheduled_departure_utc: '2026-03-29 00:30:00',
    actual_departure_utc: null,
    scheduled_arrival_utc: '2026-03-29 08:00:00',
    departure_delay_minutes: null,
    arrival_delay_minutes: 500,
  },
  {
    flight: 'NH9',
    is_marketed: false,
    operating_airline_iata: 'NH',
    operating_flight_iata: 'NH9',
    // One zone is null, the other is none that exists.
    scheduled_departure_utc: null,
    actual_departure_utc: null,
    scheduled_arrival_utc: null,
    departure_delay_minutes: 3,
    arrival_delay_minutes: 7,
  },
];
