/** Who works with one environment's part of a Snowflake account; names as the spec writes them. */
export interface SnowflakeRoles {
  /** The role of the spec: load and check. It owns the tables that are loaded. */
  readonly loader: string;
  /** dbt: reads what is loaded, owns the models. */
  readonly transformer: string;
  /** Looker and people: reads the models. */
  readonly reader: string;
}

/** `PIPEGEN_LOADER` → `PIPEGEN_TRANSFORMER`, `PIPEGEN_READER`; of a role with another end, the whole name is the beginning. */
export function snowflakeRoles(loader: string): SnowflakeRoles {
  const base = roleBase(loader);
  return { loader, transformer: `${base}_TRANSFORMER`, reader: `${base}_READER` };
}

/** What the names of all that belongs to the role begin with: `PIPEGEN` of `PIPEGEN_LOADER`. */
export function roleBase(loader: string): string {
  return loader.replace(/(.)_LOADER$/i, '$1').toUpperCase();
}
