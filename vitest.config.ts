import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/global-setup.ts"],
    /** Processes, not threads: a file that leaks a connection or blocks its loop hurts nobody else. */
    pool: "forks",
    /** The default leaves a core idle; most suites wait for a database as often as they compute. */
    maxWorkers: 2,
    /** First start of the embedded database takes seconds on a busy machine. */
    testTimeout: 20_000,
    hookTimeout: 60_000,
    teardownTimeout: 20_000,
  },
});
