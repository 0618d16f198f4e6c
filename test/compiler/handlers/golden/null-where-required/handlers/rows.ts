interface Flight {
  id?: string;
  number: number | null;
  gate: string | null;
}

export function optional({ id, gate }: Flight) {
  return { id, gate };
}

export async function* nulls(flight: Flight) {
  if (flight.number === null) return;
  yield { id: flight.number, gate: flight.gate?.trim() ?? null, note: flight.gate };
}
