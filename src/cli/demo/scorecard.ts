import { resolve } from 'node:path';
import type { Warehouse } from '../../spec/warehouse.ts';
import { table } from '../table.ts';

/** The numbers of the mart as a table, read from the DuckDB file that the demo filled. */
export async function scorecard(warehouse: Warehouse, home: string): Promise<string> {
  if (warehouse.kind !== 'duckdb') throw new Error('the demo runs on DuckDB');
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(resolve(home, warehouse.path), { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  try {
    const reader = await connection.runAndReadAll(`
      select airline_name, flight_date, flights_operated, flights_cancelled, flights_diverted,
             on_time_share, average_arrival_delay_minutes, p90_arrival_delay_minutes
      from analytics.partner_daily_performance
      order by airline_name, flight_date`);
    const rows = reader
      .getRowsJson()
      .map(([airline, day, operated, cancelled, diverted, onTime, average, worst]) => [
        String(airline ?? 'unknown'),
        String(day),
        String(operated),
        String(cancelled),
        String(diverted),
        onTime === null ? '' : `${(Number(onTime) * 100).toFixed(1)}%`,
        average === null ? '' : Number(average).toFixed(1),
        worst === null ? '' : Number(worst).toFixed(0),
      ]);
    const head = [
      'airline',
      'day',
      'operated',
      'cancelled',
      'diverted',
      'on time',
      'average delay',
      '90th percentile',
    ];
    return `How our partners performed (minutes; on time: arrived within 15)\n\n${table(head, rows).join('\n')}\n`;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
