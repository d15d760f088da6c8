import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TextAnswer } from "../../src/cli/analyse.ts";
import type { RunningApp } from "../../src/cli/context.ts";
import { QUEUE_NAME, readJob } from "../../src/core/job.ts";
import { openContactPolicy } from "../../src/core/replies/contact-policy.ts";
import { openTemplate } from "../../src/core/replies/template.ts";
import { openRules } from "../../src/core/rules/open.ts";
import { signalSchema } from "../../src/core/signal.ts";
import { readCatalogue } from "../../src/core/text/catalogue.ts";
import { parseLabelledTexts } from "../../src/core/text/labels-file.ts";
import { createServer } from "../../src/http/server.ts";
import { jobIdOf } from "../../src/queue/job-id.ts";
import { readFixtures } from "../../src/work/fixtures.ts";
import { runCommand } from "../cli/capture.ts";
import { settled, START_MS, startReal } from "../http/real.ts";
import { blockCalls, callFaults, inlineCalls, program } from "./calls.ts";
import {
  fencesOf,
  fencesWith,
  missingFrom,
  outputOf,
  type Page,
  PAGES,
  pageText,
  ROOT,
  tableOf,
} from "./pages.ts";

describe("commands in the docs", () => {
  const blocks = PAGES.flatMap((page) => blockCalls(page).map((line) => ({ page, line })));
  const inline = PAGES.flatMap((page) => inlineCalls(page).map((line) => ({ page, line })));

  it.each(blocks)("$page: $line", ({ line }) => {
    expect(callFaults(line, true)).toEqual([]);
  });

  it("in sentences exist with those options", () => {
    expect(inline.length).toBeGreaterThan(30);
    expect(inline.flatMap(({ line }) => callFaults(line, false))).toEqual([]);
  });

  it("are all shown somewhere", () => {
    const shown = [...blocks, ...inline].map(({ line }) => line);
    const names = program.commands.flatMap((one) =>
      one.commands.length === 0
        ? [one.name()]
        : one.commands.map((sub) => `${one.name()} ${sub.name()}`),
    );
    const missing = names.filter(
      (name) => !shown.some((line) => line.startsWith(`attune ${name}`)),
    );
    expect(missing).toEqual([]);
  });

  it.each([
    ["attune serv", "no command or argument serv"],
    ["attune inbox c-42 --sinse", "no option --sinse"],
    ["attune explain", "arguments are missing"],
    ["attune train chrun", "chrun is not a choice"],
    ["attune rules tset", "no command or argument tset"],
  ])("a slip such as %s would be found", (line, fault) => {
    expect(callFaults(line, true)).toEqual([expect.stringContaining(fault)]);
  });

  it("npm scripts exist", () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
      readonly scripts: Readonly<Record<string, string>>;
    };
    const named = PAGES.flatMap((page) =>
      [...pageText(page).matchAll(/npm (?:run ([\w:-]+)|(test))/gu)].map(
        ([, run, test]) => run ?? test,
      ),
    );
    expect(named.length).toBeGreaterThan(0);
    for (const name of named) expect(Object.keys(scripts)).toContain(name);
  });
});

const isJob = (example: Record<string, unknown>): boolean => Object.hasOwn(example, "v");
const kindOf = (signal: unknown): string => String((signal as { readonly kind?: unknown }).kind);

describe("examples in docs/crm-developer.md", () => {
  const examples = fencesWith("docs/crm-developer.md", "json").map(
    (body) => JSON.parse(body) as Record<string, unknown>,
  );

  it("show a signal and a job of every kind", () => {
    const jobs = examples
      .filter(isJob)
      .map((job) => (Object.hasOwn(job, "signals") ? "batch" : kindOf(job["signal"])));
    expect(jobs.toSorted()).toEqual(["batch", "event", "feedback"]);
    expect(
      examples
        .filter((one) => !isJob(one))
        .map(kindOf)
        .toSorted(),
    ).toEqual(["event", "feedback"]);
  });

  it.each(
    examples.filter((one) => !isJob(one)).map((signal) => ({ kind: kindOf(signal), signal })),
  )("the $kind is a signal", ({ signal }) => {
    expect(signalSchema.safeParse(signal)).toMatchObject({ success: true });
  });

  it.each(examples.filter(isJob).map((job) => ({ job })))(
    "the job is read without a refusal: %j",
    ({ job }) => {
      const name = Object.hasOwn(job, "signals") ? "batch" : kindOf(job["signal"]);
      const reading = readJob(name, job);
      expect(reading.items.map(({ kind }) => kind)).toEqual(reading.items.map(() => "signal"));
      expect(reading.tenant).toBe("default");
    },
  );

  it("name the queue, its prefix and the job id as the code has them", () => {
    const text = pageText("docs/crm-developer.md");
    const redis = readFileSync(join(ROOT, "src/queue/redis.ts"), "utf8");
    const prefix = /const PREFIX = "(.*)";/u.exec(redis)?.[1] ?? "";
    expect(prefix).not.toBe("");
    const rows = new Map(
      tableOf("docs/crm-developer.md", "what", "value").map(([what = "", value = ""]) => [
        what,
        value,
      ]),
    );
    expect(rows.get("queue")).toBe(QUEUE_NAME);
    expect(rows.get("key prefix")).toContain(`\`${prefix}\``);
    const key = JSON.stringify(["default", "f-1001"]);
    expect(text).toContain(`For \`${key}\` that is \`${jobIdOf(key)}\``);
    for (const language of ["js", "python"]) {
      const [producer = ""] = fencesWith("docs/crm-developer.md", language);
      expect(producer).toContain(`"${QUEUE_NAME}"`);
      expect(producer).toContain(`"${prefix}"`);
    }
  });
});

describe("examples in docs/support-lead.md", () => {
  const [rule = "", policy = ""] = fencesWith("docs/support-lead.md", "json");

  it("the rule file is opened", () => {
    const { id } = JSON.parse(rule) as { readonly id: string };
    expect(openRules({ [`rules/${id}.json`]: rule })).toMatchObject({ kind: "sound" });
  });

  it.each(
    fencesWith("docs/support-lead.md", "json rule").map((body) => ({
      body,
      name: (JSON.parse(body) as { readonly name: string }).name,
    })),
  )("the rule $name is opened in a file of its own", ({ body }) => {
    const file = JSON.stringify({
      id: "example",
      description: "A rule that the page shows.",
      owner: "Customer care",
      rules: [JSON.parse(body)],
    });
    expect(openRules({ "rules/example.json": file })).toMatchObject({ kind: "sound" });
  });

  it("the contact policy is opened, and with all that it may hold", () => {
    expect(openContactPolicy(policy)).toMatchObject({ kind: "sound" });
    const [more = ""] = fencesWith("docs/support-lead.md", "json waiting");
    const whole = { ...(JSON.parse(policy) as object), ...(JSON.parse(more) as object) };
    expect(openContactPolicy(JSON.stringify(whole))).toMatchObject({
      kind: "sound",
      value: { windowMinutes: 10, maxWaitHours: 48, defersCapped: true },
    });
  });

  it("what a file says for all of its rules is opened", () => {
    const [standing = ""] = fencesWith("docs/support-lead.md", "json standing");
    const file = { ...(JSON.parse(rule) as { id: string }), ...(JSON.parse(standing) as object) };
    expect(openRules({ [`rules/${file.id}.json`]: JSON.stringify(file) })).toMatchObject({
      kind: "sound",
      value: { inOrder: [{ status: "live", holdout: 5 }] },
    });
  });

  it.each(["docs/support-lead.md", "rules/README.md"] as const)(
    "the templates of %s are opened",
    (page) => {
      const templates = fencesWith(page, "liquid");
      expect(templates.length).toBeGreaterThan(0);
      for (const template of templates)
        expect(openTemplate("rules/templates/example.en.liquid", template)).toMatchObject({
          kind: "sound",
        });
    },
  );
});

describe("examples in docs/analyst.md", () => {
  it("the catalogue is read", () => {
    const [catalogue = ""] = fencesWith("docs/analyst.md", "json catalogue");
    expect(readCatalogue(catalogue, new Map())).toMatchObject({ kind: "sound" });
  });

  it("the labelled lines are read", () => {
    const [lines = ""] = fencesWith("docs/analyst.md", "json lines");
    expect(parseLabelledTexts(lines.split("\n"), "lines")).toMatchObject({ kind: "sound" });
  });
});

describe("output in the docs is what the commands print", () => {
  it.each([["rules lint"], ["rules test"]])("attune %s", async (command) => {
    const { out } = await runCommand({ args: command.split(" ") });
    expect(out.trim().split("\n")).toEqual(outputOf("docs/support-lead.md", `attune ${command}`));
  });

  it("attune analyse", async () => {
    const [shown = ""] = fencesWith("docs/analyst.md", "console");
    const [call = "", ...lines] = shown.trimEnd().split("\n");
    const { out } = await runCommand({ args: ["analyse"], input: /'(.*)'/u.exec(call)?.[1] ?? "" });
    expect(out.trimEnd().split("\n")).toEqual(lines);
  });

  it("attune analyse --json has the fields of the table", async () => {
    const { out } = await runCommand({ args: ["analyse", "--json"], input: '{"text":"Late!"}' });
    const fields = tableOf("docs/analyst.md", "field of `--json`").map(([field]) => field);
    expect(fields).toEqual(Object.keys(JSON.parse(out) as TextAnswer));
  });

  it.each([
    ["churn", ["models/churn.json"]],
    ["segments", ["models/segments.json"]],
    ["spend", ["models/spend.json"]],
    ["text", ["models/text.heads.json", "models/text.clauses.json"]],
  ])(
    "the scores of attune train %s are those on the cards of the shipped models",
    (task, files) => {
      const cellsByMetric = new Map(
        outputOf("docs/analyst.md", `attune train ${task}`)
          .filter((line) => line.startsWith("│"))
          .map((line) => line.split("│").map((cell) => cell.trim()))
          .map(([, metric = "", ...cells]) => [metric, cells]),
      );
      for (const file of files) {
        const { card } = JSON.parse(readFileSync(join(ROOT, file), "utf8")) as {
          readonly card: {
            readonly scores: readonly { readonly metric: string; readonly value: number }[];
          };
        };
        expect(card.scores.length).toBeGreaterThan(0);
        for (const { metric, value } of card.scores)
          expect([metric, cellsByMetric.get(metric)]).toEqual([
            metric,
            expect.arrayContaining([String(value)]),
          ]);
      }
    },
  );

  it.each(["README.md", "README.zh-CN.md"] as const)(
    "%s counts the signals of the demo",
    (page) => {
      const { signals, feedback } = readFixtures(join(ROOT, "fixtures"));
      const counted = `${signals.length.toLocaleString("en")} signals (${feedback.length} feedback, ${signals.length - feedback.length} events)`;
      expect(pageText(page)).toContain(counted);
    },
  );
});

interface Request {
  readonly method: "GET" | "POST" | "PUT";
  readonly url: string;
  readonly body: string | undefined;
}

const requestOf = (block: string): Request => {
  const url = /http:\/\/127\.0\.0\.1:3777(\/[^\s']*)/u.exec(block)?.[1] ?? "";
  const body = /-d '([^']*)'/u.exec(block)?.[1];
  if (body === undefined) return { method: "GET", url, body };
  return { method: block.includes("-X PUT") ? "PUT" : "POST", url, body };
};

interface Call {
  readonly request: Request;
  readonly answer: unknown;
}

/** Every curl block with the answer that the page shows after it. */
const callsOf = (page: Page): readonly Call[] => {
  const fences = fencesOf(page);
  return fences.flatMap((fence, index) =>
    fence.info === "sh" && fence.body.startsWith("curl")
      ? [
          {
            request: requestOf(fence.body),
            answer: JSON.parse(fences[index + 1]?.body ?? "") as unknown,
          },
        ]
      : [],
  );
};

/** A text that ends with "…" stands for every text that begins so. */
const asPattern = (shown: unknown): unknown => {
  if (typeof shown === "string" && shown.endsWith("…")) {
    const start = shown.slice(0, -1);
    return {
      asymmetricMatch: (found: unknown) => typeof found === "string" && found.startsWith(start),
    };
  }
  if (Array.isArray(shown)) return shown.map(asPattern);
  if (shown === null || typeof shown !== "object") return shown;
  return Object.fromEntries(Object.entries(shown).map(([name, value]) => [name, asPattern(value)]));
};

describe("HTTP examples", () => {
  let app: RunningApp;
  let server: ReturnType<typeof createServer>;

  const send = async ({ method, url, body }: Request): Promise<unknown> => {
    const answer = await server.inject({
      method,
      url,
      headers: {
        host: "127.0.0.1:3777",
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { payload: body }),
    });
    return answer.json();
  };

  const settle = async (answer: unknown): Promise<void> => {
    const { accepted = [] } = answer as { readonly accepted?: readonly string[] };
    for (const id of accepted) await settled(app, id);
  };

  beforeAll(async () => {
    app = await startReal();
    server = createServer({ attune: app.attune });
  }, START_MS);

  afterAll(async () => {
    await server.close();
    await app.stop();
  });

  it("of docs/crm-developer.md and then docs/app-developer.md answer, and explain, what the pages show", async () => {
    const sending = callsOf("docs/crm-developer.md");
    const reading = callsOf("docs/app-developer.md");
    expect([sending.length, reading.length]).toEqual([6, 2]);
    for (const { request, answer } of sending) {
      const found = await send(request);
      expect([request.url, found]).toEqual([request.url, asPattern(answer)]);
      await settle(found);
    }
    const { out } = await runCommand({ args: ["explain", "f-1001"], attune: app.attune });
    const [head = "", playbook, ...lines] = outputOf(
      "docs/support-lead.md",
      "attune explain f-1001",
    );
    expect(playbook).toMatch(/^playbook [\da-f]{64}$/u);
    expect(out).toContain(head.slice(0, head.indexOf(" now ")));
    expect(missingFrom(out, lines)).toEqual([]);
    for (const { request, answer } of reading) {
      const found = await send(request);
      expect([request.url, found]).toEqual([request.url, asPattern(answer)]);
    }
  }, 60_000);
});
