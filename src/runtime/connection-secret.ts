/** What of a connection of Airflow can be a secret. */
export interface ConnectionSecrets {
  readonly login?: string | undefined;
  readonly password?: string | undefined;
  /** Its extra, as far as it is text. */
  readonly extra: Readonly<Record<string, string>>;
}

/**
 * Reads a connection in one of the two forms in which Airflow writes it: `{"conn_type": …, "password": …}` and
 * `type://login:password@host:port/schema?key=value`. Undefined for anything else.
 * Source: `get_uri` and `as_json` of `airflow/models/connection.py`.
 */
export function readConnection(text: string): ConnectionSecrets | undefined {
  return text.trimStart().startsWith('{') ? fromJson(text) : fromUri(text.trim());
}

/** `login`, `password`, else a key of its extra; undefined where there is no such. */
export function fieldOf(connection: ConnectionSecrets, field: string): string | undefined {
  const { login, password, extra } = connection;
  if (field === 'password') return password;
  if (field === 'login') return login;
  return Object.hasOwn(extra, field) ? extra[field] : undefined;
}

function fromJson(text: string): ConnectionSecrets | undefined {
  const value = parse(text);
  if (value === undefined) return undefined;
  const { login, password, extra } = value;
  const own = typeof extra === 'string' ? parse(extra) : extra;
  return { login: textOf(login), password: textOf(password), extra: textsOf(own) };
}

/** A host with a protocol of its own is written `http://https://login:password@host`. */
const URI =
  /^[A-Za-z][A-Za-z0-9+.-]*:\/\/(?:[A-Za-z][A-Za-z0-9+.-]*:\/\/)?(?:([^:@/?]*)(?::([^@/?]*))?@)?[^?]*(?:\?(.*))?$/s;

function fromUri(text: string): ConnectionSecrets | undefined {
  const match = URI.exec(text);
  if (match === null) return undefined;
  const [, login, password, query] = match;
  const parameters = Object.fromEntries(new URLSearchParams(query ?? ''));
  // Where the extra is more than a list of texts, Airflow writes it whole into one parameter.
  const whole = parameters.__extra__;
  return {
    login: decode(login),
    password: decode(password),
    extra: whole === undefined ? parameters : textsOf(parse(whole)),
  };
}

function decode(text: string | undefined): string | undefined {
  if (text === undefined || text === '') return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function textsOf(value: unknown): Record<string, string> {
  const entries = isObject(value) ? Object.entries(value) : [];
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => textOf(entry[1]) !== undefined),
  );
}
