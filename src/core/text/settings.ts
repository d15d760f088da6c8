/** What `models/text.reading.json` holds: the figures and word lists that turn readings into labels. Every figure is under the playbook's hash. */
import { z } from "zod";

const share = z.number().min(0).max(1);
const word = z.string().min(1).max(64);

export const settingsSchema = z.strictObject({
  kind: z.literal("text-reading"),
  formatVersion: z.literal(1),
  note: z.string(),
  sentiment: z.strictObject({
    /** α of raw ÷ √(raw² + α), the squashing of VADER (Hutto and Gilbert, 2014). */
    squash: z.number().positive(),
    /** Tokens that a negator reaches. */
    negationWindow: z.int().min(1).max(12),
    /** Tokens that a degree word reaches. */
    degreeWindow: z.int().min(1).max(12),
    /** Factor of a negated positive, of a negated negative word ("not bad" is less than good). */
    negatedPositive: z.number().min(-2).max(0),
    negatedNegative: z.number().min(-2).max(0),
    /** Factor for a degree word between negator and valence: "not very good". */
    negatedDegree: z.number().positive().max(2),
    /** Factors of what stands before and after "but". */
    beforeContrast: z.number().positive().max(2),
    afterContrast: z.number().positive().max(3),
    /** Factor of a clause that begins with "although". */
    conceded: z.number().positive().max(2),
    /** Added per exclamation mark, three at most. */
    exclamation: share,
    /** Factor of a word in capitals or with letters drawn out. */
    emphasis: z.number().min(1).max(2),
    /** |score| below which a text is neutral, and from which it is very positive or negative. */
    neutralBelow: share,
    veryFrom: share,
    /** A text is mixed when each side sums to `mixedSide` or more and |raw| is below `mixedBalance` of both sides together. */
    mixedSide: z.number().positive(),
    mixedBalance: share,
    /** Factor that brings the learned model's evidence to the lexicons' scale; learned cues below `learnedLeast` are dropped. */
    learned: z.number().min(0).max(5),
    learnedLeast: share,
  }),
  topics: z.strictObject({
    /** Probability from which a topic is found. */
    found: share,
    atMost: z.int().min(1).max(13),
    /** Cues kept per topic and for urgency. */
    cues: z.int().min(0).max(20),
  }),
  personalData: z.strictObject({
    /** Words right before a number that make it an order number. */
    orderWords: z.array(word),
    /** Words right before a number that make it a phone number. */
    phoneWords: z.array(word),
    amountsBefore: z.array(word),
    amountsAfter: z.array(word),
  }),
});

export type ReadingSettings = Readonly<z.output<typeof settingsSchema>>;
export type SentimentSettings = ReadingSettings["sentiment"];
