import { defineConfig } from 'vitest/config';

/** What needs an account is no part of `make test`. */
export default defineConfig({
  test: { include: ['test/runtime/warehouse/account.ts'], testTimeout: 900_000, hookTimeout: 300_000 },
});
