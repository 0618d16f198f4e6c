{# A part of a whole, 0 to 1, with four decimals; null where the whole is 0. #}
{% macro share_of(part, whole) -%}
  round(cast({{ part }} as double) / nullif({{ whole }}, 0), 4)
{%- endmacro %}
