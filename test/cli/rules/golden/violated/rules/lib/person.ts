export function isOfPerson(name: string): boolean {
  return /(^|_)(name|email|phone)$/.test(name);
}
