import { describe, expect, it } from "vitest";
import { languageCard } from "../../../src/core/text/language-card.ts";
import { readLanguageModel, writeLanguageModel } from "../../../src/core/text/language-file.ts";
import { guessLanguage } from "../../../src/core/text/language-model.ts";
import { openLexicons, TEXT_FILES } from "../../../src/core/text/reader.ts";
import { type LanguageRow, trainLanguage } from "../../../src/core/text/train-language.ts";
import { shippedFiles } from "./shipped.ts";

const PLACE = TEXT_FILES.language;
const shipped = shippedFiles()[PLACE] ?? "";

/** Words of three invented languages that share no letter. */
const rows: readonly LanguageRow[] = Array.from({ length: 120 }, (_, index) => [
  { text: `ab${"ab".repeat(index % 3)}a`, lang: "fr" },
  { text: `xy${"yx".repeat(index % 4)}y`, lang: "de" },
  { text: `жд${"дж".repeat(index % 4)}`, lang: "ru" },
  { text: "没有", lang: "zh" },
]).flat();

const facts = (trained: ReturnType<typeof trainLanguage>) => ({
  trained,
  seed: 7,
  command: "attune train language --data words.jsonl",
  data: "0",
  small: { data: "1", rows: 0 },
  sentences: 1,
});

describe("the language model", () => {
  it("learns from words, leaves out languages that need no model, and gives the same bytes again", () => {
    const trained = trainLanguage(rows, { seed: 7 });
    expect(trained.rows).toBe(360);
    expect(guessLanguage(trained.model, ["abab"], "latn")?.code).toBe("fr");
    expect(guessLanguage(trained.model, ["yxyx"], "latn")?.code).toBe("de");
    expect(guessLanguage(trained.model, ["ждждж"], "cyrl")?.code).toBe("ru");
    expect(trained.scores.ofFourRows).toBe(1);
    const card = languageCard(facts(trained));
    const text = writeLanguageModel(trained.model, card);
    const again = trainLanguage(rows, { seed: 7 });
    expect(writeLanguageModel(again.model, languageCard(facts(again)))).toBe(text);
    const read = readLanguageModel(text, PLACE);
    expect(read.kind === "sound" && writeLanguageModel(read.value.model, read.value.card)).toBe(
      text,
    );
  });

  it("guesses nothing without a letter of the script", () => {
    const read = readLanguageModel(shipped, PLACE);
    if (read.kind === "faulty") throw new Error(JSON.stringify(read.faults));
    expect(guessLanguage(read.value.model, ["没有", "123"], "latn")).toBeNull();
    expect(guessLanguage(read.value.model, [], "cyrl")).toBeNull();
  });

  it("is small, and says where it comes from and what it does badly", () => {
    expect(shipped.length).toBeLessThan(600_000);
    const read = readLanguageModel(shipped, PLACE);
    if (read.kind === "faulty") throw new Error(JSON.stringify(read.faults));
    const { card } = read.value;
    expect(card.sources.map(({ licence }) => licence)).toEqual(["Apache-2.0", "MIT"]);
    expect(card.weaknesses.length).toBeGreaterThan(2);
    expect(
      card.scores.find(({ metric }) => metric.includes("sentences"))?.value,
    ).toBeGreaterThanOrEqual(0.97);
  });

  it.each([
    ["no JSON", "{", /is not JSON/u],
    ["another kind", shipped.replace("language-model", "tree"), /attune train language/u],
    ["another format", shipped.replace('"formatVersion": 1', '"formatVersion": 9'), /train again/u],
    ["other languages", shipped.replace('"fr"', '"xx"'), /knows en, xx/u],
    [
      "a table that is not base64",
      shipped.replace(/"weights": "..../u, '"weights": "?!?!'),
      /not base64/u,
    ],
    [
      "a short table",
      shipped.replace(/"weights": "[^"]{8}/u, '"weights": "'),
      /weights where 229376 are needed/u,
    ],
    ["a negative temperature", shipped.replace(/"latn": 0/u, '"latn": -0'), /temperature\.latn/u],
  ])("refuses a file with %s, with the place", (_, text, sentence) => {
    const read = readLanguageModel(text, PLACE);
    expect(read.kind).toBe("faulty");
    const [fault] = read.kind === "faulty" ? read.faults : [];
    expect(`${fault?.place ?? ""} ${fault?.sentence ?? ""}`).toMatch(sentence);
    expect(fault?.place).toContain(PLACE);
  });

  it("is needed to read", () => {
    const { [PLACE]: _, ...files } = shippedFiles();
    const opened = openLexicons(files);
    expect(opened).toMatchObject({
      kind: "faulty",
      faults: [
        { place: PLACE, sentence: expect.stringContaining("attune train language") as string },
      ],
    });
  });
});
