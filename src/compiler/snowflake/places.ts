import {
  snowflakeIdentifier as identifier,
  snowflakeLiteral as literal,
} from '../../warehouse-tables/snowflake.ts';
import type { SetupStage, SnowflakeSetup } from './setup.ts';
import { qualified, type SqlFile } from './sql-file.ts';

export function compute({ compute, statementSeconds }: SnowflakeSetup): SqlFile {
  const name = identifier(compute);
  return {
    name: 'warehouse',
    makes: 'the warehouse that the steps compute with',
    role: 'SYSADMIN',
    notes: [
      'One that is there keeps its size. No statement may take longer than the task that asks for it.',
      'It sleeps after a minute without work: a warehouse that is awake is paid for.',
    ],
    statements: [
      `CREATE WAREHOUSE IF NOT EXISTS ${name}
  WAREHOUSE_SIZE = XSMALL
  AUTO_SUSPEND = 60
  AUTO_RESUME = TRUE
  INITIALLY_SUSPENDED = TRUE`,
      `ALTER WAREHOUSE ${name} SET
  STATEMENT_TIMEOUT_IN_SECONDS = ${statementSeconds}
  STATEMENT_QUEUED_TIMEOUT_IN_SECONDS = ${statementSeconds}`,
    ],
  };
}

export function database({ database, schema, modelSchema }: SnowflakeSetup): SqlFile {
  const schemas = [schema, ...(modelSchema === undefined ? [] : [modelSchema])];
  return {
    name: 'database',
    makes: 'the database and its schemas',
    role: 'SYSADMIN',
    notes: ['SYSADMIN owns them: no step can drop one, or make another.'],
    statements: [
      `CREATE DATABASE IF NOT EXISTS ${identifier(database)}`,
      ...schemas.map((one) => `CREATE SCHEMA IF NOT EXISTS ${qualified(database, one)}`),
    ],
  };
}

export function integration({ integration, url }: SetupStage): SqlFile {
  const bucket = url.split('/')[2] ?? '';
  return {
    name: 'storage-integration',
    makes: 'the way of Snowflake to the bucket',
    role: 'ACCOUNTADMIN',
    notes: [
      'Only ACCOUNTADMIN may make an integration. It holds no key and reaches this one place.',
      '',
      'Then let Google know Snowflake’s service account: STORAGE_GCP_SERVICE_ACCOUNT, which the last statement shows.',
      'It needs storage.buckets.get, storage.objects.get and storage.objects.list, and nothing that writes:',
      `  gcloud storage buckets add-iam-policy-binding 'gs://${bucket}' --member='serviceAccount:…' --role='projects/…/roles/…'`,
    ],
    statements: [
      `CREATE STORAGE INTEGRATION IF NOT EXISTS ${identifier(integration)}
  TYPE = EXTERNAL_STAGE
  STORAGE_PROVIDER = 'GCS'
  ENABLED = TRUE
  STORAGE_ALLOWED_LOCATIONS = (${literal(url)})`,
      `GRANT USAGE ON INTEGRATION ${identifier(integration)} TO ROLE SYSADMIN`,
      `DESCRIBE STORAGE INTEGRATION ${identifier(integration)}`,
    ],
  };
}

export function externalStage({ database, schema }: SnowflakeSetup, stage: SetupStage): SqlFile {
  const format = qualified(database, schema, stage.fileFormat);
  return {
    name: 'stage',
    makes: 'the stage over the published files',
    role: 'SYSADMIN',
    notes: ['SYSADMIN owns it: a step reads through it and cannot turn it to another place.'],
    statements: [
      `CREATE FILE FORMAT IF NOT EXISTS ${format}
  TYPE = PARQUET`,
      `CREATE STAGE IF NOT EXISTS ${qualified(database, schema, stage.name)}
  URL = ${literal(stage.url)}
  STORAGE_INTEGRATION = ${identifier(stage.integration)}
  FILE_FORMAT = (FORMAT_NAME = ${literal(format)})`,
    ],
  };
}

/** Credits a month, until somebody says otherwise in Snowflake. */
const QUOTA = 30;

export function resourceMonitor({ monitor, compute }: SnowflakeSetup): SqlFile {
  return {
    name: 'resource-monitor',
    makes: 'a limit of what the warehouse may cost',
    role: 'ACCOUNTADMIN',
    notes: [
      'Only ACCOUNTADMIN may make a monitor. One that is there keeps its quota:',
      `${QUOTA} credits a month are a beginning, ALTER RESOURCE MONITOR sets your own.`,
      'Leave this file out where the warehouse has a monitor already: it takes the place of that one.',
    ],
    statements: [
      `CREATE RESOURCE MONITOR IF NOT EXISTS ${identifier(monitor)} WITH
  CREDIT_QUOTA = ${QUOTA}
  FREQUENCY = MONTHLY
  START_TIMESTAMP = IMMEDIATELY
  TRIGGERS
    ON 80 PERCENT DO NOTIFY
    ON 100 PERCENT DO SUSPEND`,
      `ALTER WAREHOUSE ${identifier(compute)} SET RESOURCE_MONITOR = ${identifier(monitor)}`,
    ],
  };
}
