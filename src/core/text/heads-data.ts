/** What the shipped heads are fitted on: corpus rows and rows of public sets as targets, head by head. */
import { ASPECTS, EMOTIONS, INTENTS, REVIEW_TYPES, SENTIMENT_LABELS, TOPICS } from "../analysis.ts";
import type { CorpusRow } from "./corpus.ts";
import type { LabelledFeedback } from "./labelled.ts";
import type { Correction } from "./corrections.ts";
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
  /** Which labels of the row were given by somebody; the others are fillings and teach nothing. */
  readonly knows: ReadonlySet<Known>;
  readonly set: PublicSet | null;
  readonly label: string;
  readonly importance: number;
}

type Known = "sentiment" | "topics" | "intent" | "urgent" | "rest";

const EVERYTHING: ReadonlySet<Known> = new Set(["sentiment", "topics", "intent", "urgent", "rest"]);
/** What the lines of `feedback.jsonl` have. */
const SHORT: ReadonlySet<Known> = new Set(["sentiment", "topics", "urgent"]);
const NOTHING: ReadonlySet<Known> = new Set();

/** A correction counts as much as so many texts: somebody looked at it because a model was wrong. */
const CORRECTION_IMPORTANCE = 2;

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

/** A correction in the shape of a corpus row, always in training. */
const correctionLesson = ({ id, text, sentiment, topics, intent, urgent }: Correction): Lesson => ({
  text,
  row: {
    ...shortRow({
      id,
      text,
      lang: "en",
      channel: "correction",
      labels: {
        sentiment: sentiment ?? "neutral",
        topics: topics ?? ["other"],
        urgent: urgent ?? false,
      },
      group: `correction ${id}`,
    }),
    intent: intent ?? "other",
    made: true,
  },
  knows: new Set<Known>([
    ...(sentiment === undefined ? [] : (["sentiment"] as const)),
    ...(topics === undefined ? [] : (["topics"] as const)),
    ...(intent === undefined ? [] : (["intent"] as const)),
    ...(urgent === undefined ? [] : (["urgent"] as const)),
  ]),
  set: null,
  label: "",
  importance: CORRECTION_IMPORTANCE,
});

export interface LessonSources {
  readonly corpus: readonly CorpusRow[];
  readonly feedback: readonly LabelledFeedback[];
  readonly sets: Readonly<Partial<Record<PublicSet, readonly SetRow[]>>>;
  readonly corrections: readonly Correction[];
}

/** What is taught: the training part of the corpus, the labelled feedback, the public sets, and corrections. */
export const lessonsOf = ({
  corpus,
  feedback,
  sets,
  corrections,
}: LessonSources): readonly Lesson[] => [
  ...lessonsFrom(
    corpus.filter(({ split }) => split === "train"),
    feedback.map(shortRow),
    sets,
  ),
  ...corrections.map(correctionLesson),
];

const lessonsFrom = (
  rows: readonly CorpusRow[],
  short: readonly CorpusRow[],
  sets: Readonly<Partial<Record<PublicSet, readonly SetRow[]>>>,
): readonly Lesson[] => [
  ...rows.map((row): Lesson => ({
    text: row.text,
    row,
    knows: EVERYTHING,
    set: null,
    label: "",
    importance: row.made === true ? 0.5 : 1,
  })),
  ...short.map((row): Lesson => ({
    text: row.text,
    row,
    knows: SHORT,
    set: null,
    label: "",
    importance: 1,
  })),
  ...(Object.keys(PUBLIC_SETS) as PublicSet[]).flatMap((set) =>
    (sets[set] ?? []).map(({ text, label }): Lesson => ({
      text,
      row: null,
      knows: NOTHING,
      set,
      label,
      importance: SET_IMPORTANCE[set],
    })),
  ),
];

type Truth = 1 | -1 | 0;
type Teach = (lesson: Lesson, label: string) => Truth;

const yes = (holds: boolean): Truth => (holds ? 1 : -1);

const polarity: Teach = ({ row, knows, set, label }) => {
  const own = knows.has("sentiment") ? row?.sentiment : undefined;
  const said = own ?? (set === "goemotions_group" ? label : "");
  if (said.endsWith("positive")) return 1;
  return said.endsWith("negative") ? -1 : 0;
};

const abuse: Teach = ({ row, knows, set, label }) => {
  if (row !== null) return knows.has("rest") ? yes(row.abuse) : 0;
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
const reviewOf = ({ row, knows, set, label }: Lesson): string => {
  if (set === "artc_app") return REVIEW_OF[label] ?? "";
  if (row === null || !knows.has("topics")) return "";
  if (row.topics[0] === "app_fault") return "bug";
  if (row.topics[0] === "feature_wish") return "feature";
  return row.topics[0] === "praise" ? "rating" : "";
};

const review: Teach = (lesson, label) => {
  const said = reviewOf(lesson);
  return said === "" ? 0 : yes(said === label);
};

/** Teaches what the row says, where that label was given. */
const ofRow =
  (known: Known, holds: (row: CorpusRow, label: string) => boolean): Teach =>
  ({ row, knows }, label) =>
    row === null || !knows.has(known) ? 0 : yes(holds(row, label));

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
    teach: ofRow("sentiment", (row, label) => row.sentiment === label),
    cost: 0.3,
    balance: 0.3,
  },
  {
    name: "topics",
    labels: TOPICS,
    teach: ofRow("topics", (row, label) => row.topics.some((topic) => topic === label)),
    cost: 0.5,
    balance: 0.5,
  },
  {
    name: "intent",
    labels: INTENTS,
    teach: ofRow("intent", (row, label) => row.intent === label),
    cost: 0.5,
    balance: 0.4,
  },
  {
    name: "urgency",
    labels: ["urgent"],
    teach: ofRow("urgent", (row) => row.urgent),
    cost: 0.3,
    balance: 0.5,
  },
  {
    name: "emotion",
    labels: EMOTIONS,
    teach: ofRow("rest", (row, label) => row.emotion === label),
    cost: 0.3,
    balance: 0.4,
  },
  { name: "abuse", labels: ["abusive"], teach: abuse, cost: 0.3, balance: 0 },
  {
    name: "irony",
    labels: ["ironic"],
    teach: ofRow("rest", (row) => row.irony),
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
