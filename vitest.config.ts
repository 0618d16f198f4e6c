import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/temporary-folder.ts',
    // Processes, databases and an Airflow are started here; a machine that is busy is slow, not wrong.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    pool: 'forks',
    // More than there are processors: most of what is tested waits for a process of its own.
    maxWorkers: 3,
  },
});
