{#
  Incremental strategy of tables with a row for each flight_date: the days of the run are deleted and written anew in
  one transaction, as the loader replaces its partitions. Unlike delete+insert, a day without any row left goes too.
#}
{% macro get_incremental_replace_days_sql(arguments) %}
  {% do return(adapter.dispatch('replace_days')(
    arguments['target_relation'], arguments['temp_relation'], arguments['dest_columns']
  )) %}
{% endmacro %}

{# dbt-duckdb has begun a transaction. #}
{% macro default__replace_days(target, source, columns) %}
  {%- set names = get_quoted_csv(columns | map(attribute='name')) -%}
  delete from {{ target }} where {{ in_days_of_run('flight_date') }};
  insert into {{ target }} ({{ names }})
  select {{ names }} from {{ source }}
{% endmacro %}

{% macro snowflake__replace_days(target, source, columns) %}
  {% do return(snowflake_dml_explicit_transaction(default__replace_days(target, source, columns))) %}
{% endmacro %}
