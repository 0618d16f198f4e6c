{{ config(tags=['flights']) }}

-- The mart counts each flight of staging exactly once, as operated or as marketed: on the days of the run, since
-- others may have been loaded meanwhile by a run that has yet to build them.
with staged as (

  select flight_date, airline_code, count(*) as flights
  from {{ ref('stg_flights') }}
  where {{ in_days_of_run('flight_date') }}
  group by flight_date, airline_code

),

counted as (

  select flight_date, airline_code, flights_operated + flights_marketed as flights
  from {{ ref('partner_daily_performance') }}
  where {{ in_days_of_run('flight_date') }}

)

select
  coalesce(staged.flight_date, counted.flight_date) as flight_date,
  coalesce(staged.airline_code, counted.airline_code) as airline_code,
  staged.flights as staged_flights,
  counted.flights as counted_flights
from staged
full outer join counted
  on staged.flight_date = counted.flight_date and staged.airline_code = counted.airline_code
where staged.flights is null
  or counted.flights is null
  or staged.flights <> counted.flights
