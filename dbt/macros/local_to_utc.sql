{#
  A local timestamp and an IANA zone to UTC, without zone. Null when either is null. The zone must be one that the
  warehouse knows: both end the query at an unknown one, so join the seed time_zones first.
#}
{% macro local_to_utc(local, zone) -%}
  {{ return(adapter.dispatch('local_to_utc')(local, zone)) }}
{%- endmacro %}

{% macro default__local_to_utc(local, zone) -%}
  {{ exceptions.raise_compiler_error('local_to_utc is written for DuckDB and Snowflake only; add ' ~ target.type ~ '__local_to_utc.') }}
{%- endmacro %}

{% macro duckdb__local_to_utc(local, zone) -%}
  {{ local }} at time zone {{ zone }} at time zone 'UTC'
{%- endmacro %}

{% macro snowflake__local_to_utc(local, zone) -%}
  convert_timezone({{ zone }}, 'UTC', {{ local }})
{%- endmacro %}
