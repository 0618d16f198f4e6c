import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import type { GeneratedFile } from '../../../src/compiler/dag.ts';
import { merge } from '../../../src/compiler/layers.ts';
import { compileText } from '../diff/project.ts';
import { EXTERNAL, INTERNAL, silenced } from './specs.ts';

const lay = (text: string, fragment: string) => stringify(merge(parse(text), parse(fragment)));

function sqlOf(text: string): GeneratedFile[] {
  return compileText(silenced(text)).files.filter(({ path }) => path.includes('/snowflake/'));
}

/** Without the lines for people. */
function statements(files: readonly GeneratedFile[]): string {
  return files.map(({ content }) => content.replaceAll(/^--.*\n/gm, '')).join('');
}

describe('the set-up of a Snowflake account', () => {
  it.each([
    ['external', EXTERNAL],
    ['internal', INTERNAL],
  ])('is, with an %s stage, the files that were reviewed', async (name, text) => {
    const files = sqlOf(text);
    const pages = files.map(({ path, content }) => `-- ${path}\n${content}`);
    await expect(pages.join('\n')).toMatchFileSnapshot(`golden/${name}.sql`);
  });

  it('is none where the warehouse is another', () => {
    const warehouse = '{ kind: duckdb, path: w.duckdb, schema: raw }';
    const text = INTERNAL.replace(/warehouse:\n( {6}.*\n)+/, `warehouse: ${warehouse}\n`);
    expect(sqlOf(text)).toEqual([]);
  });

  it('is numbered in the order of running, and its headers say the same', () => {
    const files = sqlOf(EXTERNAL);
    expect(files.map(({ path }) => path.split('/').at(-1))).toEqual([
      '1-roles.sql',
      '2-warehouse.sql',
      '3-database.sql',
      '4-storage-integration.sql',
      '5-stage.sql',
      '6-grants.sql',
      '7-tables.sql',
      '8-resource-monitor.sql',
    ]);
    for (const [index, { content }] of files.entries()) {
      expect(content).toContain(`-- File ${index + 1} of 8 for the environment production: `);
      const [, role] = /^-- Run it in the role (\S+)\./m.exec(content) ?? [];
      expect(content).toContain(`\nUSE ROLE "${role}";\n`);
    }
  });

  it('is the same for every order of the pipelines, and for Windows and Linux line ends of the spec', () => {
    const second =
      'pipelines: { items: { extract: { source: api, path: /items }, columns: { id: {} }, load: { table: items } } }';
    const both = parse(lay(EXTERNAL, second)) as { pipelines: Record<string, unknown> };
    const turned = { ...both, pipelines: Object.fromEntries(Object.entries(both.pipelines).reverse()) };
    const files = sqlOf(stringify(both));
    expect(files.at(-2)?.content).toContain('"ITEMS"');
    expect(sqlOf(stringify(turned))).toEqual(files);
    expect(sqlOf(stringify(both).replaceAll('\n', '\r\n'))).toEqual(files);
  });

  it('gives no role the right to change what another made, to drop, or to grant', () => {
    const granted = [...statements(sqlOf(EXTERNAL)).matchAll(/^GRANT (.*) ON (?!INTEGRATION)/gm)].map(
      ([, what]) => what,
    );
    expect([...new Set(granted)].sort()).toEqual([
      'SELECT',
      'USAGE',
      'USAGE, CREATE TABLE',
      'USAGE, CREATE TABLE, CREATE VIEW',
    ]);
  });

  it('lets the loader make a stage only where it has none', () => {
    const loader = (text: string) => statements(sqlOf(text)).match(/^GRANT .* ON SCHEMA .*LOADER|INGEST"/gm);
    expect(loader(EXTERNAL)?.join()).not.toContain('CREATE STAGE');
    expect(statements(sqlOf(INTERNAL))).toContain(
      'GRANT USAGE, CREATE TABLE, CREATE STAGE ON SCHEMA "SANDBOX"."RAW" TO ROLE "INGEST";',
    );
    expect(statements(sqlOf(INTERNAL))).not.toMatch(/INTEGRATION|FILE FORMAT/);
  });

  it('holds no secret and no name of one', () => {
    expect(
      sqlOf(INTERNAL)
        .map(({ content }) => content)
        .join(''),
    ).not.toMatch(/SNOWFLAKE_KEY|snowflake_key|API_KEY/);
  });

  it('waits as long as the longest task that asks Snowflake', () => {
    expect(statements(sqlOf(EXTERNAL))).toContain('STATEMENT_TIMEOUT_IN_SECONDS = 7200');
    const longer = lay(
      EXTERNAL,
      'pipelines: { orders: { run_timeout: 12h, steps: { extract: { timeout: 9h } } } }',
    );
    expect(statements(sqlOf(longer))).toContain('STATEMENT_TIMEOUT_IN_SECONDS = 7200');
  });

  it.each([
    ['{ kind: external_browser, user: ann }', 'GRANT ROLE "ACME_LOADER" TO USER "ANN"', 'CREATE USER'],
    ['{ kind: oauth, token_file: token }', 'CREATE ROLE', 'TO USER'],
    [
      '{ kind: workload_identity, provider: oidc, token_file: token }',
      'CREATE USER IF NOT EXISTS "ACME_SERVICE"',
      'ALTER USER',
    ],
  ])('makes a user where %s needs one', (auth, there, absent) => {
    const sql = statements(sqlOf(EXTERNAL.replace(/^ {6}auth: .*$/m, `      auth: ${auth}`)));
    expect(sql).toContain(there);
    expect(sql).not.toContain(absent);
  });

  it('lets no name out of its quotes or its comment', () => {
    const user = 'x"\'; DROP DATABASE SANDBOX; --\\\nDROP USER Y;\n';
    const warehouse = stringify({ environments: { sandbox: { warehouse: { auth: { user } } } } });
    const [roles] = sqlOf(lay(INTERNAL, warehouse));
    const quoted = `"${user.toUpperCase().replaceAll('"', '""')}"`;
    expect(roles?.content).toContain(`CREATE USER IF NOT EXISTS ${quoted}\n`);
    const comments = /^--.*\n/gm;
    expect(roles?.content.replaceAll(quoted, '').replaceAll(comments, '')).not.toContain('DROP');
    const prefix = "a'b\\c";
    const other = lay(EXTERNAL, stringify({ environments: { production: { store: { prefix } } } }));
    expect(statements(sqlOf(other))).toContain("URL = 'gcs://acme-raw/a''b\\\\c/'");
  });
});
