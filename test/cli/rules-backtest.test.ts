import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { backtestPage } from "../../src/cli/backtest-page.ts";
import { backtestAsText } from "../../src/cli/backtest-text.ts";
import type { BacktestReport, BacktestRequest } from "../../src/work/backtest.ts";
import type { Attune } from "../../src/work/attune.ts";
import { fakeAttune } from "../http/fake.ts";
import { HOME } from "../http/real.ts";
import { FILES, SHIPPED } from "../work/room.ts";
import { runCommand } from "./capture.ts";

const folder = mkdtempSync(join(tmpdir(), "attune-backtest-"));
afterAll(() => rmSync(folder, { recursive: true }));

const tally = (stored: number, candidate: number, changes = {}) => ({
  stored,
  candidate,
  gained: Math.max(0, candidate - stored),
  lost: Math.max(0, stored - candidate),
  changed: 0,
  ...changes,
});

const REPORT: BacktestReport = {
  candidate: "c".repeat(64),
  way: "stored",
  warnings: ["7 signals were decided with other models"],
  from: "2026-01-01T00:00:00.000Z",
  to: "2026-01-31T00:00:00.000Z",
  signals: 1_200,
  customers: 40,
  playbooks: { aaaa: 1_200 },
  decisions: { same: 1_190, changed: 10, identical: 1_190 },
  releases: { same: 0, changed: 0 },
  replies: tally(20, 23, { gained: 4, lost: 1, changed: 1 }),
  customersAffected: 5,
  customersChanged: 6,
  customersIncomplete: 0,
  outcomes: [
    { from: "no_rule", to: "replied", count: 4 },
    { from: "replied", to: "no_rule", count: 2 },
    { from: "replied", to: "capped", count: 1 },
    { from: "replied", to: "replied", count: 19 },
  ],
  byRule: {
    "shop/<new>": tally(0, 4),
    "shop/old": tally(12, 11),
    "shop/same": tally(8, 8),
    "shop/words": tally(8, 8, { changed: 1 }),
  },
  bySegment: { none: tally(20, 23) },
  byLanguage: { en: tally(20, 23) },
  byDay: { "2026-01-02": tally(10, 12), "2026-01-05": tally(10, 11) },
  samples: [
    {
      customer: "c<1>",
      signals: [
        {
          id: "f-1",
          now: "2026-01-02T10:00:00.000Z",
          about: "late\u001b[31m again <b>",
          replies: [
            {
              slot: "inbox",
              kind: "gained",
              before: null,
              after: { rule: "shop/<new>", locale: "en", title: "Hi", body: "Line <1>\nLine 2" },
            },
            {
              slot: "banner",
              kind: "lost",
              before: { rule: "shop/old", locale: "zh-Hans", title: "您好", body: "对不起" },
              after: null,
            },
          ],
          reasons: [
            { rule: "shop/<new>", before: null, after: { code: "replied" } },
            {
              rule: "shop/old",
              before: { code: "replied" },
              after: { code: "capped", detail: "at most 1" },
            },
          ],
        },
        {
          id: "e-1",
          now: "2026-01-03T10:00:00.000Z",
          about: "app.opened",
          replies: [],
          reasons: [],
        },
      ],
    },
  ],
  digest: "d".repeat(64),
  hash: "e".repeat(64),
};

const SAME: BacktestReport = {
  ...REPORT,
  way: "again",
  warnings: [],
  decisions: { same: 1, changed: 0, identical: 1 },
  replies: tally(1, 1),
  customersAffected: 0,
  customersChanged: 0,
  outcomes: [],
  byRule: { "shop/same": tally(1, 1) },
  bySegment: {},
  byLanguage: {},
  byDay: {},
  samples: [],
};

describe("a back-test as text", () => {
  it("says what changes, by what, for whom and why", () => {
    const text = backtestAsText(REPORT);
    expect(text).toContain(
      "1,200 signals of 40 customers, 2026-01-01 to 2026-01-31, under playbook cccccccccccc",
    );
    expect(text).toContain("! 7 signals were decided with other models");
    expect(text).toContain(
      "5 customers would get other replies, in all 3 replies more; 10 decisions",
    );
    expect(text).toMatch(/shop\/old +│ +12 │ +11 │ +│ +−1/u);
    expect(text).not.toContain("shop/same");
    expect(text).toContain("4 × no_rule → replied");
    expect(text).toContain("− shop/old (zh-Hans) “您好” 对不起");
    expect(text).toContain("+ shop/<new> (en) “Hi” Line <1> Line 2");
    expect(text).toContain("shop/old: replied → capped, at most 1");
    expect(text).toContain("shop/<new>: no such rule → replied");
    expect(text).toContain("only what was proposed differs");
    expect(text).not.toContain("\u001b");
  });

  it("says that nothing changes", () => {
    expect(backtestAsText(SAME)).toContain("every decision stays the same (1)");
  });

  it.each([
    [20, 20, "in all as many as before"],
    [20, 19, "in all 1 reply fewer"],
  ])("counts %i → %i", (stored, candidate, words) => {
    const replies = { ...REPORT.replies, stored, candidate };
    expect(backtestAsText({ ...REPORT, replies })).toContain(words);
  });
});

describe("a back-test as a page", () => {
  it("has charts, outcomes and customers, and takes nothing from data for markup", () => {
    const page = backtestPage(REPORT);
    expect(page).toContain("Replies by day");
    expect(page).toContain("What changes, by rule");
    expect(page.match(/<svg/gu)).toHaveLength(4);
    expect(page).toContain("the customer has had as many replies as the contact policy allows");

    expect(page).toContain("the playbook has no such rule");
    expect(page).toContain("对不起");
    for (const raw of ["<1>", "<new>", "<b>again", "\u001b"]) expect(page).not.toContain(raw);
    expect(page).not.toMatch(/<script|https?:\/\//u);
  });

  it("draws weeks where there are many days, and leaves out what there is nothing of", () => {
    const byDay = { "2025-01-01": tally(1, 2), "2025-12-31": tally(3, 3) };
    expect(backtestPage({ ...REPORT, byDay })).toContain("Replies by week");
    const empty = backtestPage(SAME);
    expect(empty).toContain("Every decision stays the same.");
    expect(empty).not.toContain("<svg");
    expect(empty).not.toContain("Some customers");
  });

  it("shows the first of many groups and lists all", () => {
    const byRule = Object.fromEntries(
      Array.from({ length: 25 }, (_, index) => [`shop/rule-${index}`, tally(index, index + 1)]),
    );
    expect(backtestPage({ ...REPORT, byRule })).toContain("The first 20 of 25; the table has all.");
  });
});

const asking = (asked: BacktestRequest[], report = REPORT): Attune =>
  fakeAttune({
    backtest: async (_tenant, request, watch) => {
      asked.push(request);
      watch?.onProgress?.("back-test", 500, 1_200);
      return report;
    },
  });

/** The project's rules, in a folder by another name. */
const rulesAlone = (): string => {
  const path = join(folder, "candidate");
  mkdirSync(path, { recursive: true });
  cpSync(join(HOME, "rules"), path, { recursive: true });
  return path;
};

describe("attune rules backtest", () => {
  it("asks for the playbook in force and the last 30 days, and gives JSON alone", async () => {
    const asked: BacktestRequest[] = [];
    const { exit, out } = await runCommand({
      args: ["rules", "backtest", "--json"],
      attune: asking(asked),
    });
    expect(exit).toBe(0);
    expect(JSON.parse(out)).toEqual(REPORT);
    expect(asked).toEqual([{ days: 30, readAgain: false, samples: 10 }]);
  });

  it("sends the files of a folder, and writes a page", async () => {
    const asked: BacktestRequest[] = [];
    const html = join(folder, "page.html");
    const { exit, out } = await runCommand({
      args: ["rules", "backtest", "--days", "7", "--rules", HOME, "--read-again", "--html", html],
      attune: asking(asked),
    });
    expect(exit).toBe(0);
    expect(out).toContain(`result eeeeeeeeeeee\n\nwrote ${html}`.replace("\n\n", "\n\n"));
    expect(readFileSync(html, "utf8")).toBe(backtestPage(REPORT));
    expect(asked).toEqual([{ days: 7, readAgain: true, samples: 10, files: FILES }]);
  });

  it("takes a folder of rules by any name, and the rules folder of a project", async () => {
    const asked: BacktestRequest[] = [];
    for (const rules of [rulesAlone(), join(HOME, "rules")])
      await runCommand({ args: ["rules", "backtest", "--rules", rules], attune: asking(asked) });
    const [alone, whole] = asked.map(({ files = {} }) => files);
    expect(whole).toEqual(FILES);
    expect(alone).toEqual(
      Object.fromEntries(Object.entries(FILES).filter(([path]) => path.startsWith("rules/"))),
    );
  });

  it("refuses a folder without rules", async () => {
    const { exit, err } = await runCommand({
      args: ["rules", "backtest", "--rules", join(folder, "nothing")],
      attune: asking([]),
    });
    expect(exit).toBe(2);
    expect(err).toContain("holds no rules");
  });
});

describe("attune rules diff", () => {
  const named: Attune = fakeAttune({ playbookNamed: async () => SHIPPED });

  it("finds nothing between the files and the playbook in force", async () => {
    const { exit, out } = await runCommand({
      args: ["rules", "diff", HOME, "live"],
      attune: named,
    });
    expect([exit, out]).toEqual([0, "nothing changed\n"]);
  });

  it("says in words what changed, and ends with 1", async () => {
    const path = rulesAlone();
    const delivery = join(path, "delivery.json");
    writeFileSync(
      delivery,
      readFileSync(delivery, "utf8").replace('"value": -0.1', '"value": -0.9'),
    );
    const template = join(path, "templates", "late-delivery.en.liquid");
    writeFileSync(template, `${readFileSync(template, "utf8")}Always yours.\n`);
    const policy = join(path, "contact-policy.json");
    writeFileSync(policy, readFileSync(policy, "utf8").replace('"replies": 3', '"replies": 2'));
    const { exit, out } = await runCommand({
      args: ["rules", "diff", "live", path],
      attune: named,
    });
    expect(exit).toBe(1);
    expect(out).toContain("  ~ delivery/late-parcel changed\n");
    expect(out).toContain('    in "unhappy": feedback.sentiment lessThan -0.1 → -0.9\n');
    expect(out).toContain("  ~ at most 3 → 2 service replies in 24 hours\n");
    expect(out).toContain("    + Always yours.\n");
    const json = await runCommand({
      args: ["rules", "diff", path, HOME, "--json"],
      attune: named,
    });
    expect(json.exit).toBe(1);
    expect(JSON.parse(json.out)).toMatchObject({ same: false, files: [] });
  });

  it("names what is new, gone and renamed, and refuses what cannot be read", async () => {
    const path = rulesAlone();
    const app = JSON.parse(readFileSync(join(path, "app.json"), "utf8")) as {
      rules: { name: string }[];
    };
    const [first] = app.rules;
    if (first !== undefined) first.name = "renamed";
    writeFileSync(join(path, "app.json"), JSON.stringify(app));
    rmSync(join(path, "safety.json"));
    const { out } = await runCommand({ args: ["rules", "diff", "live", path], attune: named });
    expect(out).toMatch(/→ app\/\S+ is now called app\/renamed/u);
    expect(out).toMatch(/− safety\/\S+ removed/u);
    writeFileSync(join(path, "app.json"), "{");
    const broken = await runCommand({ args: ["rules", "diff", "live", path], attune: named });
    expect(broken.exit).toBe(1);
    expect(broken.err).toContain("rules/app.json");
  });
});
