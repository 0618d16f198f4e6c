{{ config(tags=['scorecard']) }}

with days as (

  select * from {{ ref('partner_daily_performance') }}

),

latest as (

  select max(flight_date) as flight_date from days

),

recent as (

  select days.*
  from days
  cross join latest
  where days.flight_date > {{ dbt.dateadd('day', -1 * var('scorecard_days'), 'latest.flight_date') }}

),

summed as (

  select
    airline_code,
    max(airline_name) as airline_name,
    min(flight_date) as first_date,
    max(flight_date) as last_date,
    sum(flights_operated) as flights_operated,
    sum(flights_cancelled) as flights_cancelled,
    sum(arrivals_with_known_delay) as arrivals_with_known_delay,
    sum(arrivals_on_time) as arrivals_on_time
  from recent
  group by airline_code

),

shares as (

  select
    airline_code,
    airline_name,
    first_date,
    last_date,
    cast(flights_operated as bigint) as flights_operated,
    cast(arrivals_with_known_delay as bigint) as arrivals_with_known_delay,
    {{ share_of('flights_cancelled', 'flights_operated') }} as cancellation_share,
    {{ share_of('arrivals_on_time', 'arrivals_with_known_delay') }} as on_time_share
  from summed

)

select
  airline_code,
  airline_name,
  first_date,
  last_date,
  flights_operated,
  arrivals_with_known_delay,
  cancellation_share,
  on_time_share,
  rank() over (order by on_time_share desc nulls last, cancellation_share asc nulls last) as partner_rank
from shares
