import { describe, expect, it } from "vitest";
import type { Fault } from "../../../../src/core/fault.ts";
import { checkTemplates, openReplies } from "../../../../src/core/replies/reply-kit.ts";
import { type Diagnostic, LINT_CODES } from "../../../../src/core/rules/lint/codes.ts";
import { lintPlaybook } from "../../../../src/core/rules/lint/lint.ts";
import { openRules } from "../../../../src/core/rules/open.ts";
import { MUTATORS, mutated, playbookOf, soundFile } from "./made-files.ts";

type Files = Readonly<Record<string, string>>;

/** Faults as opening the playbook would find them, models left out. */
const faultsOf = (files: Files): readonly Fault[] => {
  const rules = openRules(files);
  const replies = openReplies(files);
  if (rules.kind === "faulty" || replies.kind === "faulty")
    return [rules, replies].flatMap((one) => (one.kind === "faulty" ? one.faults : []));
  return checkTemplates(
    rules.value.inOrder.map(({ place, action }) => ({
      place,
      template: action.params.template,
      values: action.values.map(([name]) => name),
    })),
    replies.value,
  );
};

const lint = (files: Files): readonly Diagnostic[] => lintPlaybook(files, faultsOf(files));

const VARIANTS = 6;

describe("the linter on a corpus of seeded defects", () => {
  const cases = Object.entries(MUTATORS).flatMap(([name, mutator]) =>
    Array.from({ length: VARIANTS }, (_, at) => ({ name, mutator, at: 5 * at + 1 })),
  );

  it(`finds at least 95 % of ${Object.keys(MUTATORS).length * VARIANTS} defects of ${Object.keys(MUTATORS).length} kinds`, () => {
    const missed = cases.filter(({ mutator, at }) => {
      const found = new Set(lint(mutated(mutator, at)).map(({ code }) => code));
      return !mutator.codes.some((code) => found.has(code));
    });
    expect(cases.length).toBeGreaterThanOrEqual(120);
    expect(missed.map(({ name, at }) => `${name} (${at})`)).toEqual([]);
  });

  it("says nothing of 40 sound files", () => {
    const alarmed = Array.from({ length: 40 }, (_, at) => lint(playbookOf(soundFile(at)))).filter(
      (found) => found.length > 0,
    );
    expect(alarmed).toEqual([]);
  });

  it.each(Object.entries(MUTATORS))("names the file and a place in it for %s", (_name, mutator) => {
    const files = mutated(mutator, 3);
    for (const one of lint(files)) {
      expect(one.severity).toBe(LINT_CODES[one.code].severity);
      expect(one.remedy).not.toBe("");
      const path = one.place.split(" › ")[0] ?? "";
      const lines = (files[path] ?? "").split("\n");
      expect(one.line).toBeLessThanOrEqual(Math.max(1, lines.length));
      expect(one.column).toBeLessThanOrEqual((lines[one.line - 1] ?? "").length + 1);
    }
  });
});

describe("a diagnostic", () => {
  it("points at the condition that it is about", () => {
    const files = mutated(MUTATORS["an operator mistyped"]!, 0);
    const [found] = lint(files);
    const line = (files["rules/made.json"] ?? "").split("\n").slice((found?.line ?? 0) - 1);
    expect(line.slice(0, 4).join(" ")).toContain("greatrThan");
  });

  it("points into YAML as well", () => {
    const yaml = [
      "id: made",
      "description: d",
      "owner: o",
      "rules:",
      "  - name: r",
      "    description: d",
      "    conditions:",
      "      all:",
      "        - {fact: feedback.topic, operator: equal, value: stock}",
      "        - {fact: feedback.topik, operator: equal, value: stock}",
      "    event: {type: reply, params: {template: t, slot: s, category: service}}",
    ].join("\n");
    const found = lint({ "rules/made.yaml": yaml }).find(({ code }) => code === "unknown-fact");
    expect(found).toMatchObject({ line: 10, column: 11 });
  });

  it("takes the place of the narrower rule where one shadows another", () => {
    const [found] = lint(mutated(MUTATORS["a narrower rule behind a wider"]!, 0));
    expect(found?.place).toBe("rules/made.json › narrow");
    expect(found?.sentence).toContain("made/second");
  });

  it("is not made of a hand-over that passes caps which stop the wider rule", () => {
    const files = mutated(
      {
        codes: [],
        mutate: (file) => {
          MUTATORS["a narrower rule behind a wider"]!.mutate(file, {});
          Object.assign(file.rules.at(-1)!.event.params, { handover: "care" });
        },
      },
      0,
    );
    expect(lint(files).map(({ code }) => code)).not.toContain("shadowed");
  });
});
