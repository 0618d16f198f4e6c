{# Whether a date is one of the run's days; true for all where it has none. #}
{% macro in_days_of_run(column) -%}
  {%- if var('partitions') -%}
    {{ column }} in (
    {%- for day in var('partitions') %}cast('{{ modules.datetime.date.fromisoformat(day) }}' as date){{ ', ' if not loop.last }}{% endfor -%}
    )
  {%- else -%}
    true
  {%- endif -%}
{%- endmacro %}
