const DECIMAL = { '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12 } as const;
const BINARY = { Ti: 2 ** 40, Gi: 2 ** 30, Mi: 2 ** 20, Ki: 2 ** 10 } as const;

/** A quantity of Kubernetes that its schema accepted, in thousandths, rounded up: `500m` → 500, `1Ki` → 1,024,000. */
export function thousandths(quantity: string): number {
  const number = Number.parseFloat(quantity);
  const unit = quantity.replace(/^[0-9.]+/, '');
  if (unit === 'm') return Math.ceil(number);
  return Math.ceil(
    number * ({ ...DECIMAL, ...BINARY }[unit as keyof typeof DECIMAL | keyof typeof BINARY] * 1000),
  );
}

/** As the API server would print it, so that applying it again changes nothing. */
export function printCores(value: number): string {
  return value % 1000 === 0 ? String(value / 1000) : `${value}m`;
}

/** The same for bytes, in the largest binary unit without a rest. */
export function printBytes(value: number): string {
  const bytes = Math.ceil(value / 1000);
  const unit = Object.entries(BINARY).find(([, size]) => bytes % size === 0);
  return unit === undefined ? String(bytes) : `${bytes / unit[1]}${unit[0]}`;
}
