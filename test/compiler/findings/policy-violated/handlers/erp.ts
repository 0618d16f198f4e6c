export async function* read() {}
