{{ config(tags=['flights']) }}

with flights as (

  select * from {{ source('raw', 'flights') }}

),

zoned as (

  -- A zone that is not in time_zones is treated as unknown: its times have no UTC.
  select
    flights.*,
    departure_zone.name as known_departure_zone,
    arrival_zone.name as known_arrival_zone
  from flights
  left join {{ ref('time_zones') }} as departure_zone on flights.departure_timezone = departure_zone.name
  left join {{ ref('time_zones') }} as arrival_zone on flights.arrival_timezone = arrival_zone.name

),

in_utc as (

  select
    zoned.*,
    {{ local_to_utc('scheduled_departure_local', 'known_departure_zone') }} as scheduled_departure_utc,
    {{ local_to_utc('estimated_departure_local', 'known_departure_zone') }} as estimated_departure_utc,
    {{ local_to_utc('actual_departure_local', 'known_departure_zone') }} as actual_departure_utc,
    {{ local_to_utc('scheduled_arrival_local', 'known_arrival_zone') }} as scheduled_arrival_utc,
    {{ local_to_utc('estimated_arrival_local', 'known_arrival_zone') }} as estimated_arrival_utc,
    {{ local_to_utc('actual_arrival_local', 'known_arrival_zone') }} as actual_arrival_utc,
    codeshare_airline_iata is not null
      or codeshare_airline_name is not null
      or codeshare_flight_iata is not null as is_marketed
  from zoned

)

select
  cast(flight_date as date) as flight_date,
  flight_status,
  flight,
  flight_iata,
  flight_icao,
  flight_number,

  -- Some small airlines have no IATA code; the name is always there.
  coalesce(airline_iata, airline_icao, airline_name) as airline_code,
  airline_name,
  airline_iata,
  airline_icao,

  is_marketed,
  case when is_marketed then upper(codeshare_airline_iata) else airline_iata end as operating_airline_iata,
  case when is_marketed then codeshare_airline_name else airline_name end as operating_airline_name,
  case when is_marketed then upper(codeshare_flight_iata) else flight_iata end as operating_flight_iata,

  departure_airport,
  departure_iata,
  departure_icao,
  departure_timezone,
  departure_terminal,
  departure_gate,
  scheduled_departure_local,
  scheduled_departure_utc,
  estimated_departure_local,
  estimated_departure_utc,
  actual_departure_local,
  actual_departure_utc,
  departure_delay_minutes as reported_departure_delay_minutes,
  {{ late_minutes('departure') }} as departure_delay_minutes,

  arrival_airport,
  arrival_iata,
  arrival_icao,
  arrival_timezone,
  arrival_terminal,
  arrival_gate,
  arrival_baggage,
  scheduled_arrival_local,
  scheduled_arrival_utc,
  estimated_arrival_local,
  estimated_arrival_utc,
  actual_arrival_local,
  actual_arrival_utc,
  arrival_delay_minutes as reported_arrival_delay_minutes,
  {{ late_minutes('arrival') }} as arrival_delay_minutes,

  aircraft_registration,
  aircraft_iata,
  _pipegen_partition,
  _pipegen_run_id,
  _pipegen_loaded_at
from in_utc
