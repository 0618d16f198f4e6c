export async function* read() {
  yield { records: [] };
}

export const rows = () => ({});
