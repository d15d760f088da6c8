/** Commands that open no store: analyse, rules lint, rules test, train. */
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HOME } from "../http/real.ts";
import { runCommand } from "./capture.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "attune-files-"));
  for (const part of ["rules", "models"])
    await cp(join(HOME, part), join(folder, part), { recursive: true });
});

afterAll(async () => rm(folder, { recursive: true }));

const analyse = (input: string | Uint8Array, ...options: readonly string[]) =>
  runCommand({ args: ["analyse", ...options], input });

describe("attune analyse", () => {
  it("answers every line in order, bad ones in their place, and then ends with status 1", async () => {
    const input = [
      '{"id":"a","text":"My parcel is late again, I am so annoyed"}',
      "not json",
      '{"text":"快递太慢了,非常生气!"}',
      '{"id":"d","text":5}',
      '{"id":5,"text":""}',
      `{"text":"${"x".repeat(20_001)}"}`,
      '["text"]',
    ].join("\n");
    const { exit, out, err } = await analyse(input, "--json");
    const answers = out
      .trim()
      .split("\n")
      .map((text) => JSON.parse(text) as Record<string, unknown>);
    expect([exit, err]).toEqual([1, ""]);
    expect(answers.map(({ id }) => id)).toEqual(["a", 2, 3, "d", 5, 6, 7]);
    expect(answers.map((answer) => "error" in answer)).toEqual([
      false,
      true,
      false,
      true,
      false,
      true,
      true,
    ]);
    expect(
      answers
        .map(({ language }) => language)
        .filter(Boolean)
        .slice(0, 2),
    ).toEqual(["en", "zh"]);
    expect(answers[0]).toMatchObject({
      sentiment: { label: expect.stringContaining("negative") as string },
      topics: [{ label: "delivery" }],
      personalData: [],
    });
    expect(Object.keys(answers[0] ?? {})).toEqual([
      "id",
      "language",
      "sentiment",
      "topics",
      "intent",
      "aspects",
      "urgency",
      "abuse",
      "irony",
      "emotion",
      "reviewType",
      "values",
      "personalData",
      "article",
      "inScope",
      "why",
    ]);
  });

  it("ends with status 0 when every line was good, and with no output for no input", async () => {
    expect((await analyse('{"text":"thank you"}\n', "--json")).exit).toBe(0);
    expect(await analyse("", "--json")).toEqual({ exit: 0, out: "", err: "" });
  });

  it("refuses a line that is not UTF-8", async () => {
    const { exit, out } = await analyse(Buffer.from([0x7b, 0xff, 0x7d]), "--json");
    expect(exit).toBe(1);
    expect(out).toContain("UTF-8");
  });

  it("says to people why, with the words, and that personal data was found", async () => {
    const { out } = await analyse('{"id":"p","text":"My parcel is late! call a@b.com"}\nx\n');
    expect(out).toMatch(/^p · en$/mu);
    expect(out).toMatch(/topic delivery .+“parcel”/u);
    expect(out).toContain("personal data: email");
    expect(out).toContain("line 2: is not JSON");
  });
});

describe("attune rules lint", () => {
  it("finds no fault in the rules that come along", async () => {
    const { exit, out } = await runCommand({ args: ["rules", "lint"] });
    expect(out).toMatch(/^\d+ files, no faults\n$/u);
    expect(exit).toBe(0);
  });

  it("names every fault of every file", async () => {
    const broken = await mkdtemp(join(tmpdir(), "attune-lint-"));
    await cp(folder, broken, { recursive: true });
    const names = await readdir(join(broken, "rules"));
    const files = names.filter((name) => name.endsWith(".json")).slice(0, 2);
    for (const name of files) await writeFile(join(broken, "rules", name), "{");
    const text = await runCommand({ args: ["rules", "lint"], folder: broken });
    expect(text.exit).toBe(1);
    for (const name of files) expect(text.out).toContain(`rules/${name}`);
    const json = await runCommand({ args: ["rules", "lint", "--json"], folder: broken });
    const { faults } = JSON.parse(json.out) as { faults: readonly unknown[] };
    expect(faults.length).toBeGreaterThanOrEqual(2);
    const [sarif, junit] = [join(broken, "lint.sarif"), join(broken, "lint.xml")];
    const args = ["rules", "lint", "--sarif", sarif, "--junit", junit, "--strict"];
    expect((await runCommand({ args, folder: broken })).exit).toBe(1);
    expect(await readFile(sarif, "utf8")).toContain('"ruleId": "syntax"');
    expect(await readFile(junit, "utf8")).toContain('type="syntax"');
    expect((await runCommand({ args: ["rules", "test"], folder: broken })).exit).toBe(1);
    await rm(broken, { recursive: true });
  });
});

describe("attune rules test", () => {
  it("runs the examples that come along, and none fails", async () => {
    const { exit, out } = await runCommand({ args: ["rules", "test", "--json"] });
    expect(JSON.parse(out)).toMatchObject({ failures: [], differences: [], withoutExamples: [] });
    expect(exit).toBe(0);
    const { out: text } = await runCommand({ args: ["rules", "test"] });
    expect(text).toMatch(/^\d+ rules, \d+ examples, 0 failed, 0 judged otherwise/mu);
  });

  it("says which example fails and ends with status 1", async () => {
    const file = join(folder, "rules/delivery.json");
    const good = await readFile(file, "utf8");
    await writeFile(file, good.replace('"expect": "matched"', '"expect": "not_matched"'));
    const { exit, out } = await runCommand({ args: ["rules", "test"], folder });
    await writeFile(file, good);
    expect(exit).toBe(1);
    expect(out).toMatch(/^✗ rules\/delivery\.json › .+: expected not_matched, was matched$/mu);
  });
});

/** Runs on a copy of the rules in which the rules of deliveries have other examples. */
const withExamples = async (
  examples: (rule: string) => readonly unknown[],
  args: readonly string[],
) => {
  const file = join(folder, "rules/delivery.json");
  const good = await readFile(file, "utf8");
  const parsed = JSON.parse(good) as { rules: { name: string; examples: unknown }[] };
  for (const rule of parsed.rules) rule.examples = examples(rule.name);
  await writeFile(file, JSON.stringify(parsed, null, 2));
  try {
    return await runCommand({ args: ["rules", "test", ...args], folder });
  } finally {
    await writeFile(file, good);
  }
};

describe("attune rules test, where examples show too little", () => {
  const angry = { name: "angry", given: { feedback: "Terrible, my parcel is late!" } };
  const onlyAngry = (expected: string) => (rule: string) =>
    rule === "late-parcel" ? [{ ...angry, expect: expected }] : [];

  it("names the conditions with file and line, and what was never seen of them", async () => {
    const { exit, out } = await withExamples(onlyAngry("matched"), ["--coverage"]);
    expect(exit).toBe(0);
    expect(out).toMatch(
      /^rules\/delivery\.json:\d+:\d+ +never false +feedback\.topic = "delivery"$/mu,
    );
    expect(out).toMatch(/^rules\/delivery\.json:\d+:\d+ +never true +feedback\.rating ≤ 2$/mu);
    expect(out).toMatch(/:\d+ +no example looks at it +event\.type = "parcel\.delayed"$/mu);
    expect(out).toContain("? delivery/delay-known has no example\n");
  });

  it("fails below the coverage asked for, and no higher", async () => {
    const low = await withExamples(onlyAngry("matched"), ["--min-coverage", "100"]);
    expect(low.exit).toBe(1);
    expect(low.err).toMatch(/^the examples cover \d\d\.\d %, less than 100 %$/mu);
    const { exit } = await withExamples(onlyAngry("matched"), ["--min-coverage", "80"]);
    expect(exit).toBe(0);
    const whole = await runCommand({ args: ["rules", "test", "--min-coverage", "100"] });
    expect(whole.exit).toBe(0);
  });

  it("tells every condition with its line as JSON", async () => {
    const { out } = await withExamples(onlyAngry("matched"), ["--json"]);
    const { conditions } = JSON.parse(out) as { conditions: readonly { place: string }[] };
    const delayed = conditions.find(({ place }) => place.includes("delay-known"));
    expect(delayed).toMatchObject({
      place: "rules/delivery.json › delay-known › conditions.all[0]",
      comparison: { fact: "event.type", operator: "equal", expected: "parcel.delayed" },
      wasTrue: false,
      wasFalse: false,
      line: expect.any(Number) as number,
      column: 11,
    });
  });

  it("writes each example as a test for a build server", async () => {
    const junit = join(folder, "examples.xml");
    const { exit } = await withExamples(onlyAngry("not_matched"), ["--junit", junit]);
    expect(exit).toBe(1);
    const xml = await readFile(junit, "utf8");
    await rm(junit);
    expect(xml).toMatch(/<testsuite name="attune rules test" tests="\d+" failures="1">/u);
    expect(xml).toContain(
      'name="rules/delivery.json › late-parcel › example &quot;angry&quot;"><failure type="example" message="expected not_matched, was matched">',
    );
  });
});

interface Trained {
  readonly files: readonly string[];
  readonly reports: readonly { readonly scores: readonly { readonly estimator: string }[] }[];
}

/** Trains into a folder of its own and gives the texts of the files. */
const trainChurn = async (out: string): Promise<readonly string[]> => {
  const run = await runCommand({
    args: ["train", "churn", "--seed", "7", "--out", join(folder, out), "--json"],
  });
  expect(run.exit).toBe(0);
  const { files, reports } = JSON.parse(run.out) as Trained;
  const estimators = reports.flatMap(({ scores }) => scores.map(({ estimator }) => estimator));
  expect(estimators.some((name) => name.startsWith("baseline"))).toBe(true);
  return Promise.all(files.map((path) => readFile(path, "utf8")));
};

describe("attune train", () => {
  it("writes the models, with the same bytes for the same seed, and shows the baselines", async () => {
    const first = await trainChurn("one");
    expect(first).toHaveLength(1);
    expect(await trainChurn("two")).toEqual(first);
  });

  it("says where the data is missing", async () => {
    const { exit, err } = await runCommand({ args: ["train", "spend", "--data", folder] });
    expect(exit).toBe(2);
    expect(err).toContain(folder);
  });
});
