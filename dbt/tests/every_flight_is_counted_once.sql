{{ config(tags=['flights']) }}

-- The mart counts each flight of staging exactly once, as operated or as marketed.
with staged as (

  select flight_date, airline_code, count(*) as flights
  from {{ ref('stg_flights') }}
  group by flight_date, airline_code

)

select
  coalesce(staged.flight_date, mart.flight_date) as flight_date,
  coalesce(staged.airline_code, mart.airline_code) as airline_code,
  staged.flights as staged_flights,
  mart.flights_operated + mart.flights_marketed as counted_flights
from staged
full outer join {{ ref('partner_daily_performance') }} as mart
  on staged.flight_date = mart.flight_date and staged.airline_code = mart.airline_code
where staged.flights is null
  or mart.flights_operated is null
  or staged.flights <> mart.flights_operated + mart.flights_marketed
