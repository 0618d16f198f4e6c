interface Flight {
  id: number;
  at: Date;
  gates: string[];
  note: string;
  other: { gate: string };
  late: boolean;
  delay: number | string[];
}

export function scalars(flight: Flight) {
  return {
    text: flight.gates,
    whole: flight.late,
    long: flight.other,
    price: flight.at,
    ratio: flight.delay,
    late: flight.id,
    day: flight.id,
    at: flight.id,
    wall: flight.late,
    clock: flight.at,
    tags: [flight.other],
    extra: new Map<string, string>(),
  };
}

export function written(flight: Flight) {
  return { delay: flight.late ? 'late' : 7, day: '31.01.2026', status: 1 };
}

export function texts(flight: Flight) {
  return { delay: flight.note, late: `${flight.note}`, price: flight.note };
}
