import type { Step } from '../../spec/steps.ts';
import { snowflakeRoles } from '../../warehouse-tables/snowflake-roles.ts';
import type { DagDefinition } from '../dag.ts';
import type { Section } from './requirements.ts';
import { distinct } from './shell.ts';

/** What the pods run as, and what each of them asks of it. */
export function serviceAccounts(dags: readonly DagDefinition[]): Section {
  const asked = dags.flatMap(rightsOf);
  const accounts = distinct(asked.map(({ account }) => account));
  const rights = (account: string) => {
    const all = distinct(asked.filter((one) => one.account === account).flatMap((one) => one.rights));
    return all.length === 0 ? 'here nothing is asked of it' : all.join('; ');
  };
  const [only] = accounts;
  const text =
    accounts.length === 1 && only !== undefined
      ? `Of the pods. What it may do by workload identity, they may: ${rights(only)}.`
      : `Of the pods. What each may do by workload identity, the pods with it may:

${accounts.map((account) => `- ${code(account)}: ${rights(account)}`).join('\n')}`;
  return {
    title: accounts.length === 1 ? 'Service account' : 'Service accounts',
    text,
  };
}

/** As far as this page reads a job. */
interface JobPlaces {
  readonly store: { readonly kind: string; readonly bucket?: string };
  readonly warehouse: {
    readonly kind: string;
    readonly account?: string;
    readonly role?: string;
    readonly auth?: { readonly kind: string };
  };
}

interface Asked {
  readonly account: string;
  readonly rights: readonly string[];
}

function rightsOf({ launcher, jobText, tasks }: DagDefinition): Asked[] {
  if (launcher.kind !== 'kubernetes') return [];
  const { store, warehouse } = JSON.parse(jobText) as Partial<JobPlaces>;
  // Each step leaves its receipt in the store.
  const bucket = store?.kind === 'gcs' ? [`read and write the bucket ${store.bucket}`] : [];
  const login = (step: Step) => {
    if (warehouse?.kind !== 'snowflake' || warehouse.auth?.kind !== 'workload_identity') return [];
    const { loader, transformer } = snowflakeRoles(warehouse.role ?? '');
    return [
      `log in to Snowflake (${warehouse.account}) in the role ${step === 'dbt' ? transformer : loader}`,
    ];
  };
  return tasks
    .filter(({ dbtCloud }) => dbtCloud === undefined)
    .map(({ step, serviceAccount }) => ({
      account: serviceAccount ?? launcher.service_account,
      rights: step === 'extract' || step === 'upload' ? bucket : [...bucket, ...login(step)],
    }));
}

/** A name between Markdown's quotes; a backtick or a line break in it would end them. */
function code(name: string): string {
  return `\`${name.replace(/[`\p{Cc}]/gu, '?')}\``;
}
