import { describe, expect, it } from "vitest";
import type { RebuildFinding, RebuildPage, RebuildRequest } from "../../src/work/rebuild.ts";
import { EMPTY_STATUS, fakeAttune } from "../http/fake.ts";
import { type Captured, runCommand } from "./capture.ts";

const finding = (
  customerId: string,
  kind: RebuildFinding["kind"],
  fields: readonly string[] = [],
): RebuildFinding => ({ customerId, kind, fields, written: false });

/** Runs the command over pages that were made up; `asked` are its requests. */
const rebuild = async (
  pages: readonly RebuildPage[],
  args: readonly string[] = [],
  stop?: AbortController,
): Promise<Captured & { readonly asked: readonly RebuildRequest[] }> => {
  const asked: RebuildRequest[] = [];
  const attune = fakeAttune({
    status: async () => EMPTY_STATUS,
    rebuildCustomers: async (request) => {
      asked.push(request);
      stop?.abort();
      const page = pages[asked.length - 1];
      if (page === undefined) throw new Error("no page is left");
      const findings = page.findings.map((one) =>
        one.kind === "different" ? { ...one, written: request.write } : one,
      );
      return { ...page, findings };
    },
  });
  const captured = await runCommand({
    args: ["customers", "rebuild", ...args],
    attune,
    ...(stop === undefined ? {} : { stop: stop.signal }),
  });
  return { ...captured, asked };
};

const two: readonly RebuildPage[] = [
  {
    customers: 2,
    signals: 7,
    findings: [finding("c-1", "different", ["history.days", "traits.name"])],
    next: "c-2",
  },
  { customers: 1, signals: 3, findings: [], next: null },
];

describe("attune customers rebuild", () => {
  it("follows the pages, says what differs and ends with status 1, having changed nothing", async () => {
    const { exit, out, err, asked } = await rebuild(two);
    expect(exit).toBe(1);
    expect(out).toBe(
      "c-1 differs in history.days, traits.name\n3 customers, 10 signals folded again: 2 as stored, 1 differ\n",
    );
    expect(err).toContain("attune customers rebuild --write");
    expect(asked.map(({ after, write }) => [after, write])).toEqual([
      ["", false],
      ["c-2", false],
    ]);
  });

  it("ends with status 0 when all that differed was written", async () => {
    const { exit, out, err, asked } = await rebuild(two, ["--write"]);
    expect([exit, err, asked[0]?.write]).toEqual([0, "", true]);
    expect(out).toContain("2 as stored, 1 differ, 1 of them written");
  });

  it("ends with status 1 when customers could not be mended", async () => {
    const findings = [finding("c-1", "incomplete"), finding("c-2", "moved")];
    const { exit, out } = await rebuild(
      [{ customers: 2, signals: 1, findings, next: null }],
      ["--write"],
    );
    expect(exit).toBe(1);
    expect(out).toBe(
      "c-1 lacks stored signals; it was left as it is\nc-2 got new signals all the time; run it again\n2 customers, 1 signals folded again: 0 as stored, 0 differ, 1 incomplete, 1 not settled\n",
    );
  });

  it("shows the first twenty and counts the rest; JSON has every one up to a thousand", async () => {
    const findings = Array.from({ length: 1_100 }, (_, index) =>
      finding(`c-${index}`, "different", ["traits"]),
    );
    const page: RebuildPage = { customers: 1_100, signals: 1_100, findings, next: null };
    const { out } = await rebuild([page]);
    expect(out.split("\n")).toHaveLength(23);
    expect(out).toContain("… and 1080 more\n");
    const { out: json, err, exit } = await rebuild([page], ["--json"]);
    expect([exit, err]).toEqual([1, ""]);
    expect(JSON.parse(json)).toMatchObject({ different: 1_100, same: 0, written: 0 });
    expect((JSON.parse(json) as { findings: unknown[] }).findings).toHaveLength(1_000);
  });

  it("stops after the page under way when it is told to, and says so", async () => {
    const { exit, out, err, asked } = await rebuild(two, ["--write"], new AbortController());
    expect([exit, asked.length]).toEqual([1, 1]);
    expect(out).toContain("2 customers, 7 signals");
    expect(err).toContain("interrupted");
  });
});
