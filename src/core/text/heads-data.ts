/** What the shipped heads are fitted on: corpus rows and rows of public sets as targets, head by head. */
import { ASPECTS, EMOTIONS, INTENTS, REVIEW_TYPES, SENTIMENT_LABELS, TOPICS } from "../analysis.ts";
import type { CorpusRow } from "./corpus.ts";
import type { LabelledFeedback } from "./labelled.ts";
import type { FitTask } from "./fit-classifier.ts";
import { CLAUSE_HEADS, TEXT_HEADS } from "./heads.ts";

/** A row of a public set; which heads it teaches, depends on the set. */
export interface SetRow {
  readonly text: string;
  readonly label: string;
}

/** Public sets whose licence lets weights be shipped, and what their labels say. */
export const PUBLIC_SETS = {
  goemotions_group: { licence: "Apache-2.0", source: "GoEmotions (Demszky et al., 2020), grouped" },
  davidson_toxic: { licence: "MIT", source: "Davidson et al., 2017" },
  cold: { licence: "Apache-2.0", source: "COLD (Deng et al., 2022)" },
  artc_app: { licence: "CC0-1.0", source: "app reviews after Maalej and Nabil, 2015" },
} as const;
export type PublicSet = keyof typeof PUBLIC_SETS;

/** A text and what is known of it; heads without a target are not taught by it. */
export interface Lesson {
  readonly text: string;
  readonly row: CorpusRow | null;
  /** The row has every label; the short ones of `feedback.jsonl` have sentiment, topics and urgency only. */
  readonly isWhole: boolean;
  readonly set: PublicSet | null;
  readonly label: string;
  readonly importance: number;
}

const SET_IMPORTANCE: Readonly<Record<PublicSet, number>> = {
  goemotions_group: 0.25,
  davidson_toxic: 0.3,
  cold: 0.3,
  artc_app: 1,
};

/** A row of `feedback.jsonl` in the shape of a corpus row; what it does not know is never taught. */
const shortRow = ({ id, text, lang, channel, labels, group }: LabelledFeedback): CorpusRow => ({
  id,
  text,
  lang: lang === "zh" ? "zh" : "en",
  channel,
  ...labels,
  intent: "other",
  emotion: "none",
  irony: false,
  abuse: false,
  aspects: [],
  group: `feedback ${group}`,
  split: "train",
});

export interface LessonSources {
  readonly corpus: readonly CorpusRow[];
  readonly feedback: readonly LabelledFeedback[];
  readonly sets: Readonly<Partial<Record<PublicSet, readonly SetRow[]>>>;
}

/** What is taught: the training part of the corpus, the labelled feedback, and the public sets. */
export const lessonsOf = ({ corpus, feedback, sets }: LessonSources): readonly Lesson[] =>
  lessonsFrom(
    corpus.filter(({ split }) => split === "train"),
    feedback.map(shortRow),
    sets,
  );

const lessonsFrom = (
  rows: readonly CorpusRow[],
  short: readonly CorpusRow[],
  sets: Readonly<Partial<Record<PublicSet, readonly SetRow[]>>>,
): readonly Lesson[] => [
  ...rows.map((row): Lesson => ({
    text: row.text,
    row,
    isWhole: true,
    set: null,
    label: "",
    importance: row.made === true ? 0.5 : 1,
  })),
  ...short.map((row): Lesson => ({
    text: row.text,
    row,
    isWhole: false,
    set: null,
    label: "",
    importance: 1,
  })),
  ...(Object.keys(PUBLIC_SETS) as PublicSet[]).flatMap((set) =>
    (sets[set] ?? []).map(({ text, label }): Lesson => ({
      text,
      row: null,
      isWhole: false,
      set,
      label,
      importance: SET_IMPORTANCE[set],
    })),
  ),
];

type Truth = 1 | -1 | 0;
type Teach = (lesson: Lesson, label: string) => Truth;

const yes = (holds: boolean): Truth => (holds ? 1 : -1);

const polarity: Teach = ({ row, set, label }) => {
  const said = row?.sentiment ?? (set === "goemotions_group" ? label : "");
  if (said.endsWith("positive")) return 1;
  return said.endsWith("negative") ? -1 : 0;
};

const abuse: Teach = ({ row, isWhole, set, label }) => {
  if (row !== null) return isWhole ? yes(row.abuse) : 0;
  if (set === "davidson_toxic") return yes(label !== "neither");
  return set === "cold" ? yes(label === "offensive") : 0;
};

const REVIEW_OF: Readonly<Record<string, string>> = {
  Bug: "bug",
  Feature: "feature",
  Rating: "rating",
  UserExperience: "user_experience",
};

/** Corpus rows about an app teach the type that their topics imply. */
const reviewOf = ({ row, set, label }: Lesson): string => {
  if (set === "artc_app") return REVIEW_OF[label] ?? "";
  if (row === null) return "";
  if (row.topics[0] === "app_fault") return "bug";
  if (row.topics[0] === "feature_wish") return "feature";
  return row.topics[0] === "praise" ? "rating" : "";
};

const review: Teach = (lesson, label) => {
  const said = reviewOf(lesson);
  return said === "" ? 0 : yes(said === label);
};

const ofRow =
  (holds: (row: CorpusRow, label: string) => boolean): Teach =>
  ({ row }, label) =>
    row === null ? 0 : yes(holds(row, label));

/** The same for labels that only whole rows have. */
const ofWholeRow = (holds: (row: CorpusRow, label: string) => boolean): Teach => {
  const teach = ofRow(holds);
  return (lesson, label) => (lesson.isWhole ? teach(lesson, label) : 0);
};

interface HeadPlan {
  readonly name: keyof typeof TEXT_HEADS;
  readonly labels: readonly string[];
  readonly teach: Teach;
  readonly cost: number;
  readonly balance: number;
}

/** Costs and balances were chosen on folds of the corpus's training part. */
const PLANS: readonly HeadPlan[] = [
  { name: "polarity", labels: ["positive"], teach: polarity, cost: 0.5, balance: 0 },
  {
    name: "sentiment",
    labels: SENTIMENT_LABELS,
    teach: ofRow((row, label) => row.sentiment === label),
    cost: 0.3,
    balance: 0.3,
  },
  {
    name: "topics",
    labels: TOPICS,
    teach: ofRow((row, label) => row.topics.some((topic) => topic === label)),
    cost: 0.5,
    balance: 0.5,
  },
  {
    name: "intent",
    labels: INTENTS,
    teach: ofWholeRow((row, label) => row.intent === label),
    cost: 0.3,
    balance: 0.4,
  },
  {
    name: "urgency",
    labels: ["urgent"],
    teach: ofRow((row) => row.urgent),
    cost: 0.3,
    balance: 0.5,
  },
  {
    name: "emotion",
    labels: EMOTIONS,
    teach: ofWholeRow((row, label) => row.emotion === label),
    cost: 0.3,
    balance: 0.4,
  },
  { name: "abuse", labels: ["abusive"], teach: abuse, cost: 0.3, balance: 0 },
  {
    name: "irony",
    labels: ["ironic"],
    teach: ofWholeRow((row) => row.irony),
    cost: 0.3,
    balance: 0.5,
  },
  { name: "review", labels: REVIEW_TYPES, teach: review, cost: 0.5, balance: 0.3 },
];

const importanceOf = (lessons: readonly { readonly importance: number }[]): Float32Array =>
  Float32Array.from(lessons, ({ importance }) => importance);

/** The heads for whole texts, in the order of `TEXT_HEADS`. */
export const textTasks = (lessons: readonly Lesson[]): readonly FitTask[] => {
  const importance = importanceOf(lessons);
  return PLANS.map(({ name, labels, teach, cost, balance }) => ({
    name,
    labels,
    kind: TEXT_HEADS[name].kind,
    targets: labels.map((label) => Int8Array.from(lessons, (lesson) => teach(lesson, label))),
    cost,
    balance,
    usesDense: true,
    importance,
  }));
};

/** A clause of a corpus row, and the opinions that begin in it. */
export interface ClauseLesson {
  readonly aspects: ReadonlySet<string>;
  /** 1 positive, −1 negative, 0 nothing, neutral or both. */
  readonly polarity: Truth;
  readonly importance: number;
}

export const clauseTasks = (lessons: readonly ClauseLesson[]): readonly FitTask[] => {
  const importance = importanceOf(lessons);
  const shared = { kind: "several", usesDense: true, importance } as const;
  return [
    {
      ...shared,
      name: "aspects",
      labels: CLAUSE_HEADS.aspects.labels,
      targets: ASPECTS.map((aspect) =>
        Int8Array.from(lessons, ({ aspects }) => (aspects.has(aspect) ? 1 : -1)),
      ),
      cost: 0.3,
      balance: 0.4,
    },
    {
      ...shared,
      name: "polarity",
      labels: CLAUSE_HEADS.polarity.labels,
      targets: [Int8Array.from(lessons, (lesson) => lesson.polarity)],
      cost: 0.3,
      balance: 0,
    },
  ];
};
