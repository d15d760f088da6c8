/** What `models/text.reading.json` holds: the figures and word lists that turn readings into labels. Every figure is under the playbook's hash. */
import { z } from "zod";

const share = z.number().min(0).max(1);
const word = z.string().min(1).max(64);

export const settingsSchema = z.strictObject({
  kind: z.literal("text-reading"),
  formatVersion: z.literal(1),
  note: z.string(),
  sentiment: z.strictObject({
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
  }),
  topics: z.strictObject({ atMost: z.int().min(1).max(13) }),
  judgements: z.strictObject({
    /** Confidence from which an intent or an emotion is meant, not guessed. */
    sureFrom: share,
    /** Share of a text's grams that the models must know. */
    knownFrom: share,
    /** A clause whose chance of being positive is nearer to one half than this is neutral. */
    neutralWithin: share,
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
