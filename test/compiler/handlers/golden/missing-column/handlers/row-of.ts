export function rowOf(record: { id: string }) {
  return { id: record.id };
}

export default function (record: { id: string }) {
  return { id: record.id };
}
