import { describe, expect, test } from "vitest";
import { AttuneError } from "../../src/errors.ts";
import { isTransient } from "../../src/core/transient.ts";

const withCode = (code: string, more: object = {}): Error =>
  Object.assign(new Error("e"), { code, ...more });

describe("the world is broken", () => {
  test.each([
    ["a refused connection", withCode("ECONNREFUSED")],
    ["a reset connection", withCode("ECONNRESET")],
    ["a missing socket file", withCode("ENOENT", { syscall: "connect" })],
    ["a server that shuts down", withCode("57P01")],
    ["a server that starts", withCode("57P03")],
    ["too many connections", withCode("53300")],
    ["a lost connection", withCode("08006")],
    ["a deadlock", withCode("40P01")],
    ["a serialization failure", withCode("40001")],
    ["a full disk", withCode("53100")],
    ["pg's sentence without a code", new Error("Connection terminated unexpectedly")],
    ["a closed PGlite", new Error("PGlite is closed")],
    ["a cause", new AttuneError("STORE_UNREACHABLE", "x", { cause: withCode("ECONNREFUSED") })],
    ["a store that is away", new AttuneError("STORE_UNREACHABLE", "x")],
    ["a queue that is away", new AttuneError("QUEUE_UNREACHABLE", "x")],
    ["a playbook that is still to come", new AttuneError("NO_PLAYBOOK", "x")],
    ["one of several", new AggregateError([new Error("x"), withCode("ETIMEDOUT")], "both")],
  ])("%s", (_name, error) => {
    expect(isTransient(error)).toBe(true);
  });
});

describe("a bug", () => {
  const ring = new Error("a ring");
  ring.cause = ring;
  test.each([
    ["a unique violation", withCode("23505")],
    ["a syntax error", withCode("42601")],
    ["a missing file", withCode("ENOENT", { syscall: "open" })],
    ["an unknown code", withCode("ERR_WHATEVER")],
    ["a code that is no text", Object.assign(new Error("e"), { code: 57 })],
    ["an error without a code", new TypeError("x is not a function")],
    ["an error that is its own cause", ring],
    ["a thrown text", "Connection terminated"],
    ["a playbook with a fault", new AttuneError("PLAYBOOK_INVALID", "x")],
    ["nothing", undefined],
  ])("%s", (_name, error) => {
    expect(isTransient(error)).toBe(false);
  });
});
