/**
 * Where Chinese words begin, by jieba over the frequent words of its own dictionary: the whole of it (349,000 words, 5 MB) takes a quarter of a second
 * to load and moves one border in fifty. The list is part of the playbook, so that another version of the package moves none.
 */
import { Jieba } from "@node-rs/jieba";
import { z } from "zod";

/** Words with their frequency, separated by blanks: "的 318825 了 883634". */
const WORDS = /^(?:\S+ \d+)(?: \S+ \d+)*$/u;

export const wordListSchema = z.strictObject({
  kind: z.literal("word-list"),
  formatVersion: z.literal(1),
  language: z.literal("zh"),
  note: z.string(),
  words: z
    .string()
    .refine((words) => WORDS.test(words), 'is not "word frequency word frequency"; correct it'),
});
export type WordListFile = z.output<typeof wordListSchema>;

/** `borders[i] === 1` where a word of the text begins at UTF-16 offset `i`. */
export type ChineseCutter = (text: string) => Uint8Array;

/** jieba's own format: a word, its frequency and an end of line. */
const dictionaryOf = (words: string): Uint8Array =>
  new TextEncoder().encode(words.replace(/(\d) /gu, "$1\n"));

/** Built when the first Chinese text comes. Characters that jieba did not give back stand alone. */
export const chineseCutter = ({ words }: WordListFile): ChineseCutter => {
  let segmenter: Jieba | undefined;
  return (text) => {
    segmenter ??= Jieba.withDict(dictionaryOf(words));
    const borders = new Uint8Array(text.length + 1);
    let at = 0;
    for (const word of segmenter.cut(text, true)) {
      borders[Math.min(at, text.length)] = 1;
      at += word.length;
    }
    if (at !== text.length) borders.fill(1);
    return borders;
  };
};
