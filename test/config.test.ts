import { describe, expect, it } from "vitest";
import { readConfig } from "../src/config.ts";
import { AttuneError } from "../src/errors.ts";

const faultsIn = (environment: Record<string, string>): readonly string[] => {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    return error instanceof AttuneError
      ? error.faults.map(({ place, sentence }) => `${place}: ${sentence}`)
      : [String(error)];
  }
};

describe("the configuration", () => {
  it("needs nothing", () => {
    expect(readConfig({})).toMatchObject({
      databaseUrl: undefined,
      redisUrl: undefined,
      host: "127.0.0.1",
      port: 3777,
    });
  });

  it("takes an empty variable for an absent one", () => {
    expect(readConfig({ DATABASE_URL: "", ATTUNE_PORT: "" })).toMatchObject({
      databaseUrl: undefined,
      port: 3777,
    });
  });

  it("cannot be changed once read", () => {
    expect(Object.isFrozen(readConfig({}))).toBe(true);
  });

  it("reports every fault at once", () => {
    expect(
      faultsIn({ ATTUNE_PORT: "http", ATTUNE_CONCURRENCY: "0", ATTUNE_LOG: "loud" }),
    ).toHaveLength(3);
  });

  it.each([
    [{ REDIS_URL: "redis://127.0.0.1:6379" }, /REDIS_URL: needs DATABASE_URL/u],
    [
      { DATABASE_URL: "mysql://127.0.0.1/x" },
      /DATABASE_URL: is not an address that begins with postgres:\/\//u,
    ],
    [{ ATTUNE_TOKEN: "short" }, /ATTUNE_TOKEN: is shorter than 16/u],
    [{ ATTUNE_HOST: "0.0.0.0" }, /ATTUNE_HOST: 0.0.0.0 is not loopback: set ATTUNE_TOKEN/u],
    [{ ATTUNE_PORT: "70000" }, /ATTUNE_PORT: is above 65535/u],
  ])("refuses %j", (environment, expected) => {
    expect(faultsIn(environment as unknown as Record<string, string>).join("\n")).toMatch(expected);
  });

  it("listens beyond loopback with a token", () => {
    expect(readConfig({ ATTUNE_HOST: "0.0.0.0", ATTUNE_TOKEN: "a-long-random-token" }).host).toBe(
      "0.0.0.0",
    );
  });
});
