import { describe, expect, test } from 'vitest';
import { AIRLINES } from '../../src/stand-in/data/airlines.ts';
import { AIRPORTS } from '../../src/stand-in/data/airports.ts';
import { FlightArchive } from '../../src/stand-in/data/archive.ts';
import type { FlightRecord } from '../../src/stand-in/data/flight-record.ts';

const TODAY = '2026-01-31';
const archive = new FlightArchive(1);
const yesterday = archive.on('2026-01-30', TODAY);
const past = archive.on('2026-01-30', '2026-02-01');

function keyOf({ flight_date, flight, departure }: FlightRecord): string {
  return [flight_date, flight.iata ?? flight.icao ?? flight.number, departure.iata, departure.scheduled].join(
    ' ',
  );
}

function count(records: readonly FlightRecord[], test: (record: FlightRecord) => boolean): number {
  return records.filter(test).length;
}

function of(records: readonly FlightRecord[], airline: string): FlightRecord[] {
  return records.filter((record) => record.airline.iata === airline);
}

function statuses(records: readonly FlightRecord[]): string[] {
  return [...new Set(records.map((record) => record.flight_status))].sort();
}

function minutes(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 60_000;
}

describe('the same question has the same answer', () => {
  test('from another archive with the same seed', () => {
    expect(new FlightArchive(1).on('2026-01-30', TODAY)).toEqual(yesterday);
  });

  test('whatever was asked before', () => {
    const other = new FlightArchive(1);
    for (let day = 1; day <= 12; day += 1) other.on(`2025-11-${String(day).padStart(2, '0')}`, TODAY);
    const first = other.on('2025-11-01', TODAY);
    expect(first).toEqual(new FlightArchive(1).on('2025-11-01', TODAY));
  });

  test('but another one with another seed', () => {
    expect(new FlightArchive(2).on('2026-01-30', TODAY)).not.toEqual(yesterday);
  });
});

describe('size', () => {
  test('some thousand flights a day, 250 to 900 of each partner of the reference pipeline', () => {
    for (const date of ['2026-01-24', '2026-01-28', '2026-01-30']) {
      const day = archive.on(date, TODAY);
      expect(day.length).toBeGreaterThan(4_000);
      for (const airline of ['AA', 'LH', 'DL', 'NH']) {
        expect(of(day, airline).length).toBeGreaterThan(250);
        expect(of(day, airline).length).toBeLessThan(900);
      }
    }
  });

  test('a number of flights for each airline is exact', () => {
    const day = new FlightArchive(1, 40).on('2026-01-24', TODAY);
    for (const airline of AIRLINES.filter((one) => one.iata !== null)) {
      const own = of(day, airline.iata ?? '').filter((record) => record.flight.codeshared === null);
      expect(new Set(own.map(keyOf)).size).toBe(40);
    }
  });

  test('no flights long ago or in the far future', () => {
    expect(archive.on('2009-12-31', TODAY)).toEqual([]);
    expect(archive.on('2027-02-01', TODAY)).toEqual([]);
  });
});

describe('status by the day', () => {
  test('tomorrow everything is scheduled, without actual times and delays', () => {
    const tomorrow = archive.on('2026-02-01', TODAY);
    expect(statuses(tomorrow)).toEqual(['scheduled']);
    expect(count(tomorrow, ({ departure }) => departure.actual !== null || departure.delay !== null)).toBe(0);
  });

  test('today is a mix', () => {
    const today = archive.on(TODAY, TODAY);
    expect(statuses(today)).toEqual(expect.arrayContaining(['active', 'cancelled', 'landed', 'scheduled']));
    expect(count(today, (record) => record.live !== null)).toBeGreaterThan(10);
    for (const { live } of today) if (live !== null) expect(live.updated).toMatch(/^2026-01-31T1[12]:/);
  });

  test('yesterday nearly all have landed; a few of every partner settle the day after', () => {
    expect(statuses(yesterday)).toEqual([
      'active',
      'cancelled',
      'diverted',
      'incident',
      'landed',
      'scheduled',
    ]);
    expect(
      count(yesterday, (record) => record.flight_status === 'landed') / yesterday.length,
    ).toBeGreaterThan(0.9);
    expect(statuses(past)).toEqual(['cancelled', 'diverted', 'incident', 'landed']);
    expect(past.map(keyOf)).toEqual(yesterday.map(keyOf));
    for (const airline of ['AA', 'LH', 'DL', 'NH']) {
      const then = of(yesterday, airline);
      const changed = of(past, airline).filter((record, index) => {
        const before = then[index]?.flight_status;
        if (before !== 'active' && before !== 'scheduled') expect(record).toEqual(then[index]);
        return record.flight_status !== before;
      });
      expect(changed.length).toBeGreaterThan(3);
      expect(changed.length).toBeLessThan(then.length * 0.1);
    }
  });

  test('a settled day stays as it is', () => {
    expect(archive.on('2026-01-30', '2026-06-01')).toEqual(past);
  });
});

describe('times', () => {
  test('are local: the difference as written is not the duration', () => {
    const days = ['2026-01-28', '2026-01-29', '2026-01-30'].flatMap((date) => archive.on(date, '2026-02-02'));
    const between = (from: string, to: string) =>
      days
        .filter(({ departure, arrival }) => departure.iata === from && arrival.iata === to)
        .map(({ departure, arrival }) => minutes(departure.scheduled, arrival.scheduled));
    const west = between('FRA', 'JFK');
    const east = between('JFK', 'FRA');
    expect(west.length).toBeGreaterThan(0);
    expect(east.length).toBeGreaterThan(0);
    // Some 8 hours in the air and 6 hours of clock difference.
    for (const written of west) expect(Math.abs(written - 130)).toBeLessThan(60);
    for (const written of east) expect(Math.abs(written - 850)).toBeLessThan(60);
  });

  test('follow daylight saving time of the place and of the season', () => {
    const offset = (date: string) => {
      const flight = archive
        .on(date, '2026-12-01')
        .find(({ departure, arrival }) => departure.iata === 'FRA' && arrival.iata === 'HND');
      if (flight === undefined) throw new Error(`no flight from FRA to HND on ${date}`);
      return minutes(flight.departure.scheduled, flight.arrival.scheduled);
    };
    expect(offset('2026-01-29') - offset('2026-07-02')).toBe(60);
  });

  test('depart on the flight date', () => {
    for (const { flight_date, departure } of past) expect(departure.scheduled.slice(0, 10)).toBe(flight_date);
  });

  test('agree with the delay: late by it, or not late without one', () => {
    for (const { departure, arrival } of [...yesterday, ...past]) {
      for (const stop of [departure, arrival]) {
        expect(stop.estimated).toBe(stop.scheduled);
        expect([stop.estimated_runway, stop.actual_runway]).toEqual([stop.actual, stop.actual]);
        if (stop.actual === null) continue;
        const late = minutes(stop.scheduled, stop.actual);
        if (stop.delay === null) expect(late).toBeLessThanOrEqual(0);
        else expect(late).toBe(stop.delay);
      }
    }
  });

  test('actual times are there as far as the flight has come', () => {
    for (const { flight_status: status, departure, arrival } of [...archive.on(TODAY, TODAY), ...past]) {
      if (status === 'landed') expect([departure.actual, arrival.actual]).not.toContain(null);
      else expect(arrival.actual).toBeNull();
      if (status === 'scheduled' || status === 'cancelled') expect(departure.actual).toBeNull();
    }
  });
});

describe('traps', () => {
  test('codeshares repeat their operator’s flight under another number', () => {
    const operated = new Map(
      past.filter(({ flight }) => flight.icao !== null).map((record) => [record.flight.icao, record]),
    );
    const shared = past.filter((record) => record.flight.codeshared !== null);
    expect(shared.length / past.length).toBeGreaterThan(0.3);
    expect(shared.length / past.length).toBeLessThan(0.5);
    for (const record of shared) {
      const named = record.flight.codeshared;
      expect(JSON.stringify(named)).toBe(JSON.stringify(named).toLowerCase());
      const operator = operated.get(named?.flight_icao.toUpperCase() ?? '');
      expect(operator?.flight.codeshared).toBeNull();
      expect(operator?.airline.name).not.toBe(record.airline.name);
      expect(operator?.flight_status).toBe(record.flight_status);
      expect(operator?.departure.scheduled).toBe(record.departure.scheduled);
      expect(operator?.departure.delay).toBe(record.departure.delay);
    }
  });

  test('private flights have the airline “empty” and no codes; airlines have both', () => {
    const isPrivate = (record: FlightRecord) => record.airline.name === 'empty';
    expect(count(past, isPrivate) / past.length).toBeGreaterThan(0.02);
    for (const { airline, flight } of past.filter(isPrivate)) {
      expect([airline.iata, airline.icao, flight.iata, flight.icao, flight.number]).toEqual(
        Array(5).fill(null),
      );
    }
    for (const { airline, flight } of past.filter((record) => !isPrivate(record))) {
      expect(airline.icao).toMatch(/^[A-Z]{3}$/);
      expect(flight.icao).toMatch(/^[A-Z]{3}\d{1,4}$/);
    }
  });

  test('some flights of airlines have no IATA number, fewer no number at all, and some airlines no IATA code', () => {
    const partners = past.filter((record) => record.airline.iata !== null);
    const withoutIata = count(partners, ({ flight }) => flight.iata === null);
    const withoutNumber = count(partners, ({ flight }) => flight.number === null);
    expect(withoutIata / partners.length).toBeGreaterThan(0.02);
    expect(withoutIata / partners.length).toBeLessThan(0.04);
    expect(withoutNumber).toBeGreaterThan(0);
    expect(withoutNumber).toBeLessThan(withoutIata);
    expect(count(past, ({ airline }) => airline.iata === null && airline.icao !== null)).toBeGreaterThan(0);
  });

  test('a few airports have neither name nor zone, together and with their code', () => {
    const bare = past.flatMap(({ departure, arrival }) => [departure, arrival]);
    const unnamed = bare.filter((stop) => stop.airport === null);
    expect(unnamed.length / bare.length).toBeGreaterThan(0.001);
    expect(unnamed.length / bare.length).toBeLessThan(0.01);
    for (const stop of bare) expect(stop.airport === null).toBe(stop.timezone === null);
    for (const stop of unnamed) expect(AIRPORTS.get(stop.iata)?.icao).toBe(stop.icao);
  });

  test('a few records of airlines are listed twice, and no other two have the same key', () => {
    const days = ['2026-01-26', '2026-01-27', '2026-01-28'].map((date) => archive.on(date, TODAY));
    const shares = days.map((day) => {
      const seen = new Map<string, FlightRecord>();
      const airlines = day.filter((record) => record.flight.icao !== null);
      for (const record of airlines) {
        const key = keyOf(record);
        if (seen.has(key)) expect(record).toEqual(seen.get(key));
        seen.set(key, record);
      }
      return (airlines.length - seen.size) / airlines.length;
    });
    for (const share of shares) {
      expect(share).toBeGreaterThan(0.001);
      expect(share).toBeLessThan(0.01);
    }
  });

  test('aircraft and live are mostly null, delays are null about half of the time', () => {
    expect(count(past, (record) => record.aircraft !== null)).toBeGreaterThan(0);
    expect(count(past, (record) => record.aircraft === null) / past.length).toBeGreaterThan(0.95);
    expect(count(past, (record) => record.live !== null)).toBe(0);
    const withoutDelay = count(past, (record) => record.departure.delay === null) / past.length;
    expect(withoutDelay).toBeGreaterThan(0.4);
    expect(withoutDelay).toBeLessThan(0.7);
  });

  test('names hold letters beyond ASCII, slashes and quotes', () => {
    const names = new Set(past.map((record) => record.departure.airport));
    expect(names).toContain('São Paulo/Guarulhos International');
    expect(names).toContain('Athens International Airport "Eleftherios Venizelos"');
  });
});

test('airlines differ in punctuality, so that a report has something to show', () => {
  const onTime = (airline: string) => {
    const landed = of(past, airline).filter(
      (record) => record.flight_status === 'landed' && record.flight.codeshared === null,
    );
    return count(landed, ({ arrival }) => (arrival.delay ?? 0) < 15) / landed.length;
  };
  expect(onTime('NH')).toBeGreaterThan(onTime('DL') + 0.02);
  expect(onTime('DL')).toBeGreaterThan(onTime('LH') + 0.05);
});
