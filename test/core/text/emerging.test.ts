import { describe, expect, it } from "vitest";
import { emergingTopics, type TopicText } from "../../../src/core/text/emerging.ts";

const WEEK_MS = 7 * 24 * 3_600_000;
const NOW = Date.parse("2026-11-20T00:00:00Z");

const textOf = (words: string, weeksAgo: number, changes: Partial<TopicText> = {}): TopicText => ({
  id: `${words}-${weeksAgo}-${changes.id ?? ""}`,
  text: words,
  at: new Date(NOW - weeksAgo * WEEK_MS).toISOString(),
  language: "en",
  terms: words.split(" "),
  isExplained: false,
  ...changes,
});

const PLACES = ["north", "south", "east", "west", "upper", "lower"];

/** A new complaint that grows, an old one that is steady, and feedback that topics explain. */
const texts = (): readonly TopicText[] => [
  ...PLACES.flatMap((place, index) =>
    [0, 1].map((week) => textOf(`scooter rental ${place} hill`, week, { id: `s${index}` })),
  ),
  textOf("scooter rental broken gate", 6),
  ...PLACES.flatMap((place, index) =>
    [0, 3, 6].map((week) => textOf(`choir music foyer ${place}`, week, { id: `c${index}` })),
  ),
  ...Array.from({ length: 40 }, (_, index) =>
    textOf(`parcel number${index} late door${index}`, index % 8, {
      id: `p${index}`,
      isExplained: true,
    }),
  ),
  ...Array.from({ length: 20 }, (_, index) => textOf(`single${index} thing${index}`, index % 8)),
];

const OPTIONS = { weeks: 8, textsMin: 5, atMost: 10 };

describe("emerging topics", () => {
  it("are clusters that no topic explains, named by their words, the growing ones first", () => {
    const found = emergingTopics(texts(), OPTIONS);
    expect(found).toHaveLength(2);
    expect(found[0]?.words).toEqual(expect.arrayContaining(["scooter", "rental"]));
    expect(found[1]?.words).toEqual(expect.arrayContaining(["choir", "music", "foyer"]));
    expect(found[0]?.growth).toBeGreaterThan(2);
    expect(found[1]?.growth).toBeLessThan(2);
    expect(found.flatMap(({ words }) => words)).not.toContain("parcel");
  });

  it("count their texts by week, oldest first, and show the most typical ones", () => {
    const [scooter] = emergingTopics(texts(), OPTIONS);
    expect(scooter?.weeks).toEqual([0, 1, 0, 0, 0, 0, 6, 6]);
    expect(scooter?.texts).toBe(13);
    expect(scooter?.examples).toHaveLength(3);
    expect(scooter?.examples.every(({ text }) => text.startsWith("scooter rental"))).toBe(true);
  });

  it("are the same for texts in any order", () =>
    expect(emergingTopics(texts().toReversed(), OPTIONS)).toEqual(
      emergingTopics(texts(), OPTIONS),
    ));

  it("do not mix languages, leave out what is older than the weeks asked for, and may be none", () => {
    const both = [
      ...texts(),
      ...texts().map((text) => ({ ...text, id: `de ${text.id}`, language: "de" })),
    ];
    expect(new Set(emergingTopics(both, OPTIONS).map(({ language }) => language))).toEqual(
      new Set(["en", "de"]),
    );
    const [latest] = emergingTopics(texts(), { ...OPTIONS, weeks: 2 });
    expect(latest?.weeks).toHaveLength(2);
    expect(emergingTopics(texts(), { ...OPTIONS, textsMin: 100 })).toEqual([]);
    expect(emergingTopics([], OPTIONS)).toEqual([]);
  });
});
