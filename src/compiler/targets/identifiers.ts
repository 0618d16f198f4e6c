/** Constants that every file has, and the one upper-case class. */
const RESERVED = ['DAG', 'JOB', 'PARTITIONS', 'POD', 'PROCESS'];

/** Names of constants in one file: upper case, each once; a taken one gets underscores at its end. */
export function identifiers(): (wanted: string) => string {
  const taken = new Set(RESERVED);
  return (wanted) => {
    let free = wanted.toUpperCase();
    while (taken.has(free)) free += '_';
    taken.add(free);
    return free;
  };
}
