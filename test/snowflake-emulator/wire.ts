import type { Statement } from './statements.ts';

interface Answer {
  readonly success: boolean;
  readonly code: string | null;
  readonly message: string | null;
  readonly data: {
    readonly sqlState?: string;
    readonly statementTypeId?: number;
    readonly rowtype?: readonly { name: string; type: string; nullable: boolean }[];
    readonly rowset?: readonly (string | null)[][];
  };
}

/** Runs statements over the bare protocol, a session per name, and writes down each answer. */
export async function answers(url: string, statements: readonly Statement[]): Promise<string> {
  const tokens = new Map<string, string>();
  const lines: string[] = [];
  for (const [session, sql, ...binds] of statements) {
    const token = tokens.get(session) ?? (await login(url));
    tokens.set(session, token);
    const bindings = Object.fromEntries(binds.map(([type, value], index) => [index + 1, { type, value }]));
    const body = binds.length === 0 ? { sqlText: sql } : { sqlText: sql, bindings };
    const answer = await ask(url, `/queries/v1/query-request?requestId=${crypto.randomUUID()}`, body, token);
    lines.push(`${session}> ${sql.replace(/\s+/g, ' ')}`, ...described(answer).map(settled), '');
  }
  return lines.join('\n');
}

function described({ success, code, message, data }: Answer): string[] {
  if (!success) return [`error ${code} (${data.sqlState}) ${message?.replaceAll('\n', '\n  ')}`];
  const columns = (data.rowtype ?? []).map(
    ({ name, type, nullable }) => `${name} ${type}${nullable ? '' : '!'}`,
  );
  const rows = (data.rowset ?? []).map((row) => JSON.stringify(row));
  return [`${columns.join(' | ')} [${data.statementTypeId?.toString(16)}]`, ...rows];
}

/** What differs from run to run. */
function settled(line: string): string {
  return line
    .replace(/[0-9a-f]{32}/g, '<md5>')
    .replace(/\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT/g, '<time>')
    .replace(/"[\d.]{20,}",null,/g, '"<created>",null,');
}

async function login(url: string): Promise<string> {
  const where = 'databaseName=raw&schemaName=public&warehouse=loading&roleName=loader';
  const body = { data: { LOGIN_NAME: 'loader', SESSION_PARAMETERS: {} } };
  const answer = await ask(url, `/session/v1/login-request?${where}`, body, '');
  return (answer.data as { token: string }).token;
}

async function ask(url: string, path: string, body: unknown, token: string): Promise<Answer> {
  const headers = { authorization: `Snowflake Token="${token}"` };
  const response = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  return (await response.json()) as Answer;
}
