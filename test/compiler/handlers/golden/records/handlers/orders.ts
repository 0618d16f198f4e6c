interface Order {
  id: string;
  at: Date;
}

export async function* read() {
  const orders: Order[] = [];
  yield { records: orders };
}

export function lines(order: { order_id: string; at?: string }) {
  return { id: order.order_id };
}

export function sound(order: { id: string; at: string; note?: string }) {
  return { id: order.id };
}
