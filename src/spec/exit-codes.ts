/** How a step ends, as its process exit code. Airflow retries only `temporary` and `stopped`. */
export const EXIT = {
  done: 0,
  /** The data is bad: contract, check, dbt test. */
  badData: 65,
  /** A defect of pipegen. */
  defect: 70,
  /** Network, 5xx, rate limit, lock, warehouse away. */
  temporary: 75,
  /** Configuration or credentials, quota used up. */
  configuration: 78,
  /** Nothing to do for every partition of the run. */
  nothing: 99,
  /** Stopped by SIGTERM, cleanly: 128 + 15, as a shell would say it. */
  stopped: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What a retry cannot mend. */
export const PERMANENT: readonly number[] = [EXIT.badData, EXIT.defect, EXIT.configuration];
