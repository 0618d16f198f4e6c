{#
  How late the departure or arrival of a flight was, in whole minutes: as reported, else its actual against its
  scheduled time, where early counts as 0, as it does in the reported numbers. Null when neither is known.
  UTC comes first: on the night when clocks change, a difference of local times is an hour off.
#}
{% macro late_minutes(event) -%}
  {%- set scheduled = 'scheduled_' ~ event -%}
  {%- set actual = 'actual_' ~ event -%}
  coalesce(
    {{ event }}_delay_minutes,
    {{ minutes_after(scheduled ~ '_utc', actual ~ '_utc') }},
    {{ minutes_after(scheduled ~ '_local', actual ~ '_local') }}
  )
{%- endmacro %}

{# Minutes from one time to a later one, 0 to an earlier one. Spelled out, since greatest(0, null) is 0 on DuckDB. #}
{% macro minutes_after(start, finish) -%}
  case when {{ finish }} >= {{ start }} then {{ dbt.datediff(start, finish, 'minute') }} when {{ finish }} < {{ start }} then 0 end
{%- endmacro %}
