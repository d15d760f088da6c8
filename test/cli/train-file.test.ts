/** `attune train TASK --data FILE`: reading files of every kind, and training from them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readHistory } from "../../src/cli/read-history.ts";
import { createPaint, type Terminal } from "../../src/cli/terminal.ts";
import { randomFrom } from "../../src/core/models/random.ts";
import { parseColumns } from "../../src/core/tables/history-columns.ts";
import type { HistoryFound } from "../../src/core/tables/history-lines.ts";
import { runCommand } from "./capture.ts";

const folder = mkdtempSync(join(tmpdir(), "attune-history-"));
afterAll(() => rmSync(folder, { recursive: true }));

const fileOf = (name: string, text: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

const quiet = (input: AsyncIterable<Uint8Array>): Terminal => ({
  out: () => undefined,
  note: () => undefined,
  input,
  live: false,
  columns: 100,
  paint: createPaint(false),
  stop: new AbortController().signal,
});

async function* inBytes(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

const readText = async (text: string, columns: string | null, size = 7): Promise<HistoryFound> => {
  const parsed = columns === null ? null : parseColumns(columns, "--columns");
  if (parsed?.kind === "faulty") throw new Error("the test declares wrongly");
  return readHistory("-", parsed?.value ?? null, quiet(inBytes(text, size)));
};

const linesOf = ({ faults }: HistoryFound): readonly string[] =>
  faults.map(({ place, sentence }) => `${place}: ${sentence}`);

const COLUMNS = "customer=who,at=when,amount=sum";

describe("a history in a file", () => {
  it.each(
    [
      [
        "commas, a byte order mark and quotes",
        '\uFEFFwho,when,"sum"\n"Žofie, B.",20260301,"1,000"\n',
      ],
      ["semicolons and Windows lines", "who;when;sum\r\nŽofie, B.;20260301;1,000\r\n"],
      ["tabs, and blanks around names", " who \twhen\t sum\nŽofie, B.\t2026-03-01\t1000"],
      ["bars, and columns nobody declared", "x|sum|when||who\n1|1000|20260301|2|Žofie, B.\n"],
      ["JSON lines", '\n{"who":"Žofie, B.","when":"20260301","sum":1000}\n'],
      [
        "JSON lines with a number for the instant",
        '{"who":"Žofie, B.","sum":1e3,"when":1772323200}',
      ],
    ].map(([what = "", text = ""]) => ({ what, text })),
  )("with $what, in pieces of any size", async ({ text }) => {
    for (const size of [1, 5, 4096]) {
      const { signals } = await readText(text, COLUMNS, size);
      expect(signals).toMatchObject([
        { customerId: "Žofie, B.", at: "2026-03-01T00:00:00.000Z", properties: { amount: 1000 } },
      ]);
    }
  });

  it("names the line on which a record begins, blank lines and breaks inside of quotes counted", async () => {
    const csv =
      'who,when,sum,note\n\n"a",soon,1,"two\nlines"\nb,20260301,1\nc,later,1,\nd,20260301,2,\n';
    const found = await readText(csv, COLUMNS);
    expect(found).toMatchObject({ lines: 4, refused: 3 });
    expect(linesOf(found)).toEqual([
      expect.stringMatching(/^- › line 3 › when: "soon"/u),
      "- › line 5: has 3 cells where the header has 4; quote cells that hold the separator",
      expect.stringMatching(/^- › line 6 › when: "later"/u),
    ]);
  });

  it("refuses single lines of JSON with their place", async () => {
    const text = ['{"who":"a","when":"20260301","sum":1}', '{"who":', "", "[1]", '{"who":"b"}'];
    expect(linesOf(await readText(text.join("\n"), COLUMNS))).toEqual([
      expect.stringMatching(/^- › line 2: is no JSON/u),
      "- › line 4: is no object: [1]",
      expect.stringMatching(/^- › line 5 › when: is empty/u),
    ]);
  });

  it("may be signals as JSON lines, with no declaration", async () => {
    const signal = {
      kind: "event",
      id: "e1",
      customerId: "a",
      at: "2026-03-01T00:00:00Z",
      type: "app.opened",
    };
    const lines = [signal, signal, { ...signal, id: "e2", tpye: 1 }, { ...signal, id: "e3" }];
    const found = await readText(lines.map((line) => JSON.stringify(line)).join("\n"), null);
    expect(found.signals.map(({ id }) => id)).toEqual(["e1", "e3"]);
    expect(linesOf(found)).toEqual([
      '- › line 2: the id "e1" stood before; give every signal its own',
      '- › line 3: the field "tpye" is not known; did you mean "type"?',
    ]);
    expect(found).toMatchObject({ lines: 4, refused: 2 });
  });

  it.each([
    [
      "a wrong name of a column",
      "whom,when,sum\n",
      COLUMNS,
      /- › customer: there is no column "who"; did you mean "whom"\?/u,
    ],
    [
      "no such column on any line of JSON",
      '{"who":1,"wen":2,"sum":3}',
      COLUMNS,
      /there is no column "when"; did you mean "wen"\?/u,
    ],
    [
      "a declared column that stands twice",
      "who,when,sum,sum\n",
      COLUMNS,
      /names the column "sum" twice/u,
    ],
    ["an open quote", 'who,when,sum\n"a,20260301,1\nb,20260301,1\n', COLUMNS, /- is no table: /u],
    ["nothing in it", " \n", COLUMNS, /- is empty/u],
    [
      "CSV that nobody declared",
      "who;when\na;b\n",
      null,
      /needs --columns, such as .*; its columns are who, when/u,
    ],
  ])("with %s is refused", async (...[, text, columns, sentence]) => {
    await expect(readText(text, columns)).rejects.toThrow(sentence);
  });

  it("in another encoding is refused, wherever it shows", async () => {
    const latin = Buffer.concat([
      Buffer.from("who,when,sum\nZo"),
      Buffer.from([0xeb]),
      Buffer.from(",20260301,1\n"),
    ]);
    const cut = Buffer.concat([Buffer.from("who,when,sum\nZo"), Buffer.from([0xc3])]);
    for (const bytes of [latin, cut]) {
      const parsed = parseColumns(COLUMNS, "--columns");
      const read = readHistory(
        fileOf("latin.csv", bytes),
        parsed.kind === "sound" ? parsed.value : null,
        quiet(inBytes("", 1)),
      );
      await expect(read).rejects.toThrow(
        /latin\.csv is not valid UTF-8 near byte \d+; save it as UTF-8/u,
      );
    }
  });

  it("of one endless line is given up", async () => {
    await expect(readText(`who,when,sum${"x".repeat(3e6)}`, COLUMNS, 65_536)).rejects.toThrow(
      /is no table|no column/u,
    );
  });
});

/** Half a year of a shop with regulars and people who come once. */
const shopCsv = (customers = 120): string => {
  const random = randomFrom(5);
  const rows: string[] = [];
  for (let customer = 0; customer < customers; customer += 1) {
    const gap = customer % 2 === 0 ? 6 + 10 * random() : 25 + 60 * random();
    const stop = customer % 3 === 0 ? 60 + 60 * random() : 200;
    for (let day = 30 * random(); day < stop; day += gap * (0.5 + random())) {
      const at = new Date(Date.UTC(2026, 0, 1) + day * 86_400_000).toISOString().slice(0, 16);
      const order = `o-${rows.length}`;
      for (const product of ["lamp", "cup", "rug"].filter(() => random() < 0.6))
        rows.push(`c${customer},${at},${order},${product},${(5 + 20 * random()).toFixed(2)},`);
    }
  }
  return `client,day,invoice,item,total,words\n${rows.join("\n")}\n`;
};

const DECLARED = "customer=client,at=day,order=invoice,product=item,amount=total,text=words";

describe("attune train with a file", () => {
  const csv = fileOf("shop.csv", shopCsv());

  it("writes the model with a command on its card that makes the same bytes again", async () => {
    const out = join(folder, "out");
    const args = ["train", "churn", "--data", csv, "--columns", DECLARED, "--horizon", "30"];
    const html = join(folder, "churn.html");
    const run = await runCommand({ args: [...args, "--out", out, "--html", html, "--json"] });
    expect(run.exit).toBe(0);
    const said = JSON.parse(run.out) as {
      readonly data: Readonly<Record<string, unknown>>;
      readonly files: readonly string[];
      readonly reports: readonly { readonly notes: readonly string[] }[];
      readonly verdicts: Readonly<Record<string, unknown>>;
    };
    expect(said.files).toEqual([join(out, "churn.json"), html]);
    expect(said.data).toMatchObject({ file: csv, refused: 0, withoutCustomer: 0, customers: 120 });
    expect(Object.keys(said.verdicts)).toEqual(["churn"]);
    expect(said.reports[0]?.notes[0]).toMatch(/in the next 30 days/u);
    const text = readFileSync(join(out, "churn.json"), "utf8");
    const model = JSON.parse(text) as { horizonDays: number; card: { command: string } };
    expect(model.horizonDays).toBe(30);
    expect(model.card.command).toBe(
      `attune train churn --data ${csv} --columns ${DECLARED} --horizon 30 --seed 1`,
    );
    await runCommand({
      args: [...model.card.command.split(" ").slice(1), "--out", join(folder, "again")],
    });
    expect(readFileSync(join(folder, "again", "churn.json"), "utf8")).toBe(text);
  });

  it("trains every task, writes nothing unless told where, and shows the gate's verdict", async () => {
    const declaration = fileOf(
      "columns.json",
      '{"customer":"client","at":"day","order":"invoice","product":"item","amount":"total"}',
    );
    const run = await runCommand({
      args: ["train", "all", "--data", csv, "--columns", declaration, "--horizon", "30"],
    });
    expect(run.exit).toBe(0);
    for (const task of ["segments", "churn", "spend", "offers"])
      expect(run.out).toMatch(new RegExp(`^${task}: `, "mu"));
    expect(run.out).toMatch(/^(?:may be promoted|refused)$/mu);
    expect(run.out).toContain("no file was written: name a folder for the models with --out");
    expect(run.err).toMatch(
      /shop\.csv: [\d,]+ lines, [\d,]+ signals of 120 customers, 2026-01-0\d to 2026-/u,
    );
  });

  it("leaves out lines that it names, and ends with 1 where some are refused", async () => {
    const bad = fileOf(
      "some bad.csv",
      `${shopCsv()},2026-02-01,o,lamp,5,\nc1,2026-02-30,o,lamp,5,\n`,
    );
    const html = join(folder, "bad.html");
    const run = await runCommand({
      args: [
        "train",
        "segments",
        "--data",
        bad,
        "--columns",
        DECLARED,
        "--horizon",
        "30",
        "--html",
        html,
      ],
    });
    expect(run.exit).toBe(1);
    expect(run.err).toMatch(/some bad\.csv › line \d+ › day: "2026-02-30" is no day/u);
    expect(run.err).toMatch(/1 lines name no customer: left out\n {2}1 lines refused: left out/u);
    expect(run.out).toContain("segments: ");
    expect(readFileSync(html, "utf8")).toContain("--data &#39;");
  });

  it("says which types mean nothing to a model", async () => {
    const lines = shopCsv()
      .trim()
      .split("\n")
      .map((line, index) => `${line}${index === 0 ? "kind" : index % 9 === 0 ? "login" : "sale"}`);
    const typed = fileOf("typed.csv", lines.join("\n"));
    const run = await runCommand({
      args: [
        "train",
        "segments",
        "--data",
        typed,
        "--columns",
        "customer=client,at=day,amount=total,type=wordskind",
        "--horizon",
        "30",
      ],
    });
    expect(run.err).toMatch(/counted as signals and nothing more: login \(a JSON declaration/u);
  });

  it("reads standard input", async () => {
    const run = await runCommand({
      args: [
        "train",
        "segments",
        "--data",
        "-",
        "--columns",
        DECLARED,
        "--horizon",
        "30",
        "--json",
      ],
      input: shopCsv(),
    });
    expect(run.exit).toBe(0);
    expect(JSON.parse(run.out)).toMatchObject({ data: { file: "-" }, files: [] });
  });

  it.each([
    [["churn", "--data", "CSV"], "needs --columns"],
    [["churn", "--data", "CSV", "--columns", "customer=client"], "--columns › at: is missing"],
    [["churn", "--data", "CSV", "--columns", "nowhere.json"], "nowhere.json cannot be read"],
    [["churn", "--data", "nowhere.csv", "--columns", DECLARED], "nowhere.csv cannot be read"],
    [["text", "--data", "CSV", "--columns", DECLARED], '"text" is not trained from a file'],
    [["churn", "--columns", DECLARED], "--columns declares the columns of a file"],
    [["churn", "--store", "--columns", DECLARED], "leave it out of train churn --store"],
    [["table", "--horizon", "30"], "leave it out of train table"],
    [
      ["churn", "--data", "CSV", "--columns", "customer=client,at=item,amount=total"],
      "lines are refused and 0 can be read; the first of them:",
    ],
    [["churn", "--data", "CSV", "--columns", "customer=words,at=day"], "holds no signal: of"],
  ])("refuses %j", async (args, sentence) => {
    const run = await runCommand({
      args: ["train", ...args.map((word) => (word === "CSV" ? csv : word))],
    });
    expect(run.exit).toBe(2);
    expect(run.out).toBe("");
    expect(run.err).toContain(sentence);
  });
});
