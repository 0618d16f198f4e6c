{{
  config(
    tags=['flights'],
    materialized='incremental',
    incremental_strategy='replace_days',
    on_schema_change='append_new_columns'
  )
}}

with flights as (

  select
    flight_date,
    airline_code,
    airline_name,
    flight_status,
    is_marketed,
    not is_marketed and flight_status = 'landed' as has_arrived,
    not is_marketed and flight_status in ('active', 'landed', 'diverted', 'incident') as has_departed,
    arrival_delay_minutes,
    departure_delay_minutes
  from {{ ref('stg_flights') }}
  {%- if is_incremental() %}
  where {{ in_days_of_run('flight_date') }}
  {%- endif %}

),

measured as (

  -- The delay of a flight that has not left or arrived yet is a forecast, and is left out.
  select
    flights.*,
    cast(case when has_arrived then arrival_delay_minutes end as double) as arrival_delay,
    cast(case when has_departed then departure_delay_minutes end as double) as departure_delay
  from flights

),

counted as (

  select
    flight_date,
    airline_code,
    max(airline_name) as airline_name,
    count(case when not is_marketed then 1 end) as flights_operated,
    count(case when is_marketed then 1 end) as flights_marketed,
    count(case when not is_marketed and flight_status = 'landed' then 1 end) as flights_landed,
    count(case when not is_marketed and flight_status = 'cancelled' then 1 end) as flights_cancelled,
    count(case when not is_marketed and flight_status = 'diverted' then 1 end) as flights_diverted,
    count(case when not is_marketed and flight_status = 'incident' then 1 end) as flights_incident,
    count(arrival_delay) as arrivals_with_known_delay,
    count(case when arrival_delay <= {{ var('on_time_minutes') }} then 1 end) as arrivals_on_time,
    avg(arrival_delay) as average_arrival_delay,
    percentile_cont(0.9) within group (order by arrival_delay) as p90_arrival_delay,
    avg(departure_delay) as average_departure_delay,
    percentile_cont(0.9) within group (order by departure_delay) as p90_departure_delay
  from measured
  group by flight_date, airline_code

)

select
  flight_date,
  airline_code,
  airline_name,
  flights_operated,
  flights_marketed,
  flights_landed,
  flights_cancelled,
  flights_diverted,
  flights_incident,
  flights_operated - flights_landed - flights_cancelled - flights_diverted - flights_incident as flights_open,
  {{ share_of('flights_cancelled', 'flights_operated') }} as cancellation_share,
  arrivals_with_known_delay,
  arrivals_on_time,
  {{ share_of('arrivals_on_time', 'arrivals_with_known_delay') }} as on_time_share,
  round(average_arrival_delay, 1) as average_arrival_delay_minutes,
  round(p90_arrival_delay, 1) as p90_arrival_delay_minutes,
  round(average_departure_delay, 1) as average_departure_delay_minutes,
  round(p90_departure_delay, 1) as p90_departure_delay_minutes
from counted
