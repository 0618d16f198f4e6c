/** Environment variable in which the connection arrives that holds the secret of `variable`. */
export function connectionVariable(variable: string): string {
  return `PIPEGEN_CONNECTION_${variable}`;
}

/** Environment variable with the field of it; unset, it is the password. */
export function fieldVariable(variable: string): string {
  return `PIPEGEN_FIELD_${variable}`;
}
