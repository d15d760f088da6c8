/** The terms by which texts are counted: what people read when a topic is named by its terms, so nothing invented stands among them. */
import type { Reading } from "./reading.ts";

/** Words that stand in every question and say nothing of its subject. */
const STOP = new Set(
  "a an the and or but if then so of to in on at for from by with about into over after before is are was were be been being am do does did doing have has had having i i'm i've you your yours he she it its it's we our they them their this that these those there here my me mine what which who how when where why can could would should will shall may might must not no nor don't doesn't didn't isn't can't won't wasn't please hi hello hey thanks thank just still also very really too some any all more most other than as up out off again now get got us".split(
    " ",
  ),
);
/** Characters that say nothing of the subject. */
export const STOP_HAN = new Set(
  "的了是我你他她它们在有和就都而及与着或一个不也很还又吗呢吧啊呀这那么什请问为想要能会可以到说去来把被给让".split(
    "",
  ),
);

/** Stems of words, characters and pairs of characters; pairs weigh as much as words. */
export const termsOf = ({ tokens }: Pick<Reading, "tokens">): readonly string[] => {
  const terms: string[] = [];
  let before = "";
  let end = -1;
  for (const { kind, text, entry, from, to } of tokens) {
    if (kind === "word" && entry !== null && !STOP.has(text)) terms.push(entry.stem);
    if (kind === "han")
      for (const [offset, char] of Array.from(text).entries()) {
        if (before !== "" && (offset > 0 || end === from)) terms.push(before + char);
        if (!STOP_HAN.has(char)) terms.push(char);
        before = char;
      }
    if (kind !== "han") before = "";
    end = to;
  }
  return terms;
};
