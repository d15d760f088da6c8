import { describe, expect, it } from "vitest";
import type { SentimentLabel } from "../../../src/core/analysis.ts";
import { analyse } from "../../../src/core/text/analyse.ts";
import type { CorpusRow } from "../../../src/core/text/corpus.ts";
import {
  type Correction,
  correctionFingerprint,
  CORRECTIONS_FILE,
  parseCorrection,
  readCorrections,
  withCorrection,
  writeCorrections,
} from "../../../src/core/text/corrections.ts";
import { lessonsOf, textTasks } from "../../../src/core/text/heads-data.ts";
import { openTextReader, TEXT_FILES, type TextReader } from "../../../src/core/text/reader.ts";
import { testRows } from "./corpus-rows.ts";
import { shippedFiles } from "./shipped.ts";

const files = shippedFiles();

const taught = (corrections: readonly Correction[]): TextReader => {
  const opened = openTextReader({ ...files, [CORRECTIONS_FILE]: writeCorrections(corrections) });
  if (opened.kind === "faulty") throw new Error(JSON.stringify(opened.faults));
  return opened.value;
};

const STAMPS = [
  "my stamp card was not stamped today",
  "barista forgot to stamp the card",
  "no stamp on my card again this morning",
  "the card did not get its stamp",
  "ordered two coffees and got no stamp",
  "stamp missing on the loyalty card",
  "you owe me a stamp for Tuesday",
  "card not stamped although I asked",
  "where is the stamp for my flat white",
  "only one stamp for three drinks",
];

/** A house where whoever asks for something or asks back was let down already. */
const house = ({ intent, sentiment }: CorpusRow): SentimentLabel =>
  intent === "question" || intent === "request" ? "negative" : sentiment;

describe("corrections", () => {
  it("ten of one kind change the next analysis of a similar text, and leave others alone", () => {
    const similar = "the girl did not stamp my card";
    const before = analyse(similar, taught([]));
    const reader = taught(
      STAMPS.map((text, index): Correction => ({
        id: `s${index}`,
        text,
        topics: ["account_login"],
      })),
    );
    const after = analyse(similar, reader);
    expect(before.topics[0]?.label).not.toBe("account_login");
    expect(after.topics[0]?.label).toBe("account_login");
    const other = "the parcel is three days late";
    expect(analyse(other, reader).topics[0]?.label).toBe(
      analyse(other, taught([])).topics[0]?.label,
    );
  });

  it("a hundred raise the accuracy on texts of a house with its own rules by five points", () => {
    const rows = testRows().filter(
      (row, index) => ["question", "request"].includes(row.intent) || index % 4 === 0,
    );
    const [learned, held] = [
      rows.filter((_, index) => index % 2 === 0),
      rows.filter((_, index) => index % 2 === 1),
    ];
    const accuracy = (reader: TextReader): number =>
      held.filter((row) => analyse(row.text, reader, "labels").sentiment.label === house(row))
        .length / held.length;
    const hundred = learned.slice(0, 200).filter((_, index) => index % 2 === 0);
    expect(hundred).toHaveLength(100);
    const gain =
      accuracy(
        taught(hundred.map((row) => ({ id: row.id, text: row.text, sentiment: house(row) }))),
      ) - accuracy(taught([]));
    expect(gain).toBeGreaterThanOrEqual(0.05);
  });

  it("explain themselves: base and cues still sum to the figures", () => {
    const reader = taught([
      { id: "a", text: "the tide table is wrong", sentiment: "very_negative", urgent: true },
    ]);
    const { sentiment, urgency } = analyse("the tide table is wrong again", reader);
    for (const why of [
      { ...sentiment, figure: sentiment.score },
      { ...urgency, figure: urgency.score },
    ])
      expect(why.cues.reduce((sum, { weight }) => sum + weight, why.base)).toBeCloseTo(
        why.figure,
        6,
      );
    const plain = analyse("the tide table is wrong again", taught([]));
    expect(urgency.score).toBeGreaterThan(plain.urgency.score);
  });

  it("teach intent and urgency, also that something is not urgent", () => {
    const text = "please send the blue form";
    const urgent = taught([{ id: "a", text, urgent: true, intent: "complaint" }]);
    const calm = taught([{ id: "a", text, urgent: false }]);
    const plain = analyse(text, taught([]));
    expect(analyse(text, urgent).urgency.score).toBeGreaterThan(plain.urgency.score);
    expect(analyse(text, calm).urgency.score).toBeLessThanOrEqual(plain.urgency.score);
    const complaint = ({ intent }: typeof plain): number =>
      intent.label === "complaint" ? intent.confidence : 1 - intent.confidence;
    expect(complaint(analyse(text, urgent))).toBeGreaterThan(complaint(plain));
  });

  it("are left out once the model has absorbed them, but not a later one of the same feedback", () => {
    const text = "the tide table is wrong";
    const correction: Correction = { id: "a", text, urgent: true };
    const heads = JSON.parse(files[TEXT_FILES.heads] ?? "") as { card: object };
    const absorbing = {
      ...files,
      [TEXT_FILES.heads]: JSON.stringify({
        ...heads,
        card: { ...heads.card, absorbed: [correctionFingerprint(correction)] },
      }),
    };
    const read = (corrections: readonly Correction[]): number => {
      const opened = openTextReader({
        ...absorbing,
        [CORRECTIONS_FILE]: writeCorrections(corrections),
      });
      if (opened.kind === "faulty") throw new Error(JSON.stringify(opened.faults));
      return analyse(text, opened.value, "labels").urgency.score;
    };
    const plain = read([]);
    expect(read([correction])).toBe(plain);
    expect(read([{ ...correction, topics: ["stock"] }])).toBeGreaterThan(plain);
  });

  it("teach training what they say and nothing else", () => {
    const corrections: readonly Correction[] = [
      { id: "a", text: "x", urgent: true, topics: ["stock"] },
    ];
    const tasks = textTasks(lessonsOf({ corpus: [], feedback: [], sets: {}, corrections }));
    const told = tasks.flatMap(({ name, labels, targets }) =>
      labels.map((label, index) => [`${name} ${label}`, targets[index]?.[0]] as const),
    );
    const positive = told.filter(([, target]) => target === 1).map(([name]) => name);
    expect(positive).toEqual(["topics stock", "urgency urgent"]);
    const silent = new Set(
      told.filter(([, target]) => target === 0).map(([name]) => name.split(" ")[0]),
    );
    expect([...silent]).toEqual([
      "polarity",
      "sentiment",
      "intent",
      "emotion",
      "abuse",
      "irony",
      "review",
    ]);
    expect(parseCorrection('{"id":"a","text":"x","urgent":true}', "line 1")).toEqual({
      kind: "sound",
      value: { id: "a", text: "x", urgent: true },
    });
    expect(JSON.stringify(parseCorrection("{", "line 7"))).toContain("line 7");
  });

  it("of one feedback replace each other, and what the later leaves open stays", () => {
    const first: Correction = { id: "a", text: "x", sentiment: "negative" };
    const both = withCorrection(withCorrection([], first), {
      id: "a",
      text: "x",
      topics: ["stock"],
    });
    expect(both).toEqual([{ ...first, topics: ["stock"] }]);
    expect(readCorrections(writeCorrections(both))).toEqual({ kind: "sound", value: both });
    expect(readCorrections(undefined)).toEqual({ kind: "sound", value: [] });
  });

  it.each([
    ["{", "is not JSON"],
    ["{}", "kind"],
    [writeCorrections([{ id: "a", text: "x" }]), "corrects nothing"],
  ])("refuse a broken file: %s", (text, fault) => {
    const read = readCorrections(text);
    expect(JSON.stringify(read)).toContain(fault);
    expect(read.kind).toBe("faulty");
  });
});
