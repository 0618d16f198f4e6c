{{ config(tags=['scorecard'], materialized='table') }}

select
  items.article,
  sum(items.quantity) as quantity,
  sum(items.quantity * tariffs.unit_price) as revenue
from {{ source('raw', 'order_items') }} as items
left join {{ source('raw', 'tariffs') }} as tariffs
  on tariffs.article = items.article and tariffs._pipegen_partition = items._pipegen_partition
group by 1
