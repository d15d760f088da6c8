/**
 * The knowledge base: finds the article that solves the problem described, by BM25 (Robertson and Zaragoza, 2009) over words, Chinese characters and concepts.
 * It abstains rather than guess: confidence weighs what the article has of the question against doubt, which grows with the question's length.
 */
import { type Checked, type Fault, faulty, sound } from "../fault.ts";
import type { PlaybookFiles } from "../playbook.ts";
import { type ArticleTerm, articleTermsOf, termWeight } from "./article-terms.ts";
import type { Reading } from "./reading.ts";

/** Folder of the articles inside a playbook: `articles/late-parcel.en.md`. */
export const ARTICLES_FOLDER = "articles/";

export interface Article {
  /** Path without folder, language and ending: the same in every language. */
  readonly id: string;
  /** Primary language, from the file's name. */
  readonly language: string;
  readonly title: string;
  /** Markdown below the title. */
  readonly body: string;
}

export interface ArticleFound {
  readonly id: string;
  readonly title: string;
  /** 0..1, of the order of the evidence; no probability. */
  readonly confidence: number;
}

export interface ArticleIndex {
  readonly size: number;
  /** The best article in the language of the text, or null where none speaks of it. */
  readonly find: (reading: Reading) => ArticleFound | null;
}

const NAME = /^articles\/([\w-]+)\.([a-z]{2})(?:-[A-Za-z]{4})?\.md$/u;
const ARTICLE_CHARS_MAX = 20_000;

/** Articles of a playbook's files, or every fault of them. */
export const readArticles = (files: PlaybookFiles): Checked<readonly Article[]> => {
  const faults: Fault[] = [];
  const articles: Article[] = [];
  for (const path of Object.keys(files).toSorted()) {
    if (!path.startsWith(ARTICLES_FOLDER)) continue;
    const [, id, language] = NAME.exec(path) ?? [];
    const text = files[path] ?? "";
    const title = /^#\s+(.+)$/mu.exec(text)?.[1]?.trim();
    if (id === undefined || language === undefined)
      faults.push({
        place: path,
        sentence: "is not named like late-parcel.en.md or late-parcel.zh-Hans.md; rename it",
      });
    else if (title === undefined)
      faults.push({
        place: path,
        sentence: 'has no title; begin it with a line such as "# My parcel is late"',
      });
    else if (text.length > ARTICLE_CHARS_MAX)
      faults.push({
        place: path,
        sentence: `has ${text.length} characters; keep it below ${ARTICLE_CHARS_MAX}`,
      });
    else articles.push({ id, language, title, body: text.replace(/^#\s+.+$/mu, "").trim() });
  }
  return faults.length > 0 ? faulty(faults) : sound(articles);
};

/** Saturation: higher than the usual 1.2, since an article names its problem again and again and other things once. */
const K1 = 4;
/** Share of an article's length that counts. */
const B = 0.6;
const TITLE_WEIGHT = 3;
/** How rare a term is cannot be told from few articles: they count as among this many. */
const ARTICLES_MIN = 40;

interface Posting {
  readonly article: number;
  /** What the term adds to the article's score, in terms that one article alone has. */
  readonly weight: number;
}

/** The articles that have a term, and what it adds to the score of each. */
interface Postings {
  readonly articles: Int32Array;
  readonly weights: Float64Array;
}

type LanguageIndex = ReadonlyMap<ArticleTerm, Postings>;

interface Counted {
  readonly article: number;
  readonly counts: ReadonlyMap<ArticleTerm, number>;
}

const sumOf = (counts: ReadonlyMap<ArticleTerm, number>): number => {
  let sum = 0;
  for (const count of counts.values()) sum += count;
  return sum;
};

/** Rarity of a term that `count` of `size` articles have, in that of one that none has. */
const rarity = (count: number, size: number): number => {
  const idf = (had: number): number => Math.log(1 + (size - had + 0.5) / (had + 0.5));
  return idf(count) / idf(0);
};

const indexOf = (documents: readonly Counted[]): LanguageIndex => {
  const mean =
    documents.reduce((sum, { counts }) => sum + sumOf(counts), 0) / Math.max(1, documents.length);
  const saturated = new Map<ArticleTerm, Posting[]>();
  for (const { article, counts } of documents) {
    const length = 1 - B + (B * sumOf(counts)) / mean;
    for (const [term, count] of counts) {
      const list = saturated.get(term) ?? [];
      list.push({ article, weight: (count * (K1 + 1)) / (count + K1 * length) });
      saturated.set(term, list);
    }
  }
  const size = Math.max(ARTICLES_MIN, documents.length);
  return new Map(
    [...saturated].map(([term, list]) => {
      const worth = rarity(list.length, size) * termWeight(term);
      return [
        term,
        {
          articles: Int32Array.from(list, ({ article }) => article),
          weights: Float64Array.from(list, ({ weight }) => weight * worth),
        },
      ];
    }),
  );
};

/** Below this the best article is not offered. This and all other numbers here were chosen on problem descriptions that the test does not hold. */
const CONFIDENCE_MIN = 0.3;
/** Score that gives confidence one half: for a question without terms, and what each term adds, since a long question meets every article somewhere. */
const DOUBT = 4;
const DOUBT_PER_TERM = 0.13;

const countsOf = (
  title: readonly ArticleTerm[],
  body: readonly ArticleTerm[],
): ReadonlyMap<ArticleTerm, number> => {
  const counts = new Map<ArticleTerm, number>();
  for (const term of title) counts.set(term, (counts.get(term) ?? 0) + TITLE_WEIGHT);
  for (const term of body) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
};

const addPostings = (postings: Postings | undefined, scores: Float64Array): void => {
  if (postings === undefined) return;
  const { articles, weights } = postings;
  for (let at = 0; at < articles.length; at += 1) {
    const article = articles[at] as number;
    scores[article] = (scores[article] as number) + (weights[at] as number);
  }
};

const foundIn = (
  index: LanguageIndex,
  articles: readonly Article[],
  terms: readonly ArticleTerm[],
): ArticleFound | null => {
  const scores = new Float64Array(articles.length);
  for (const term of terms) addPostings(index.get(term), scores);
  let best = 0;
  for (let article = 1; article < scores.length; article += 1)
    if ((scores[article] as number) > (scores[best] as number)) best = article;
  const most = scores[best] ?? 0;
  const found = articles[best];
  const confidence = most / (most + DOUBT + DOUBT_PER_TERM * terms.length);
  return found === undefined || confidence < CONFIDENCE_MIN
    ? null
    : { id: found.id, title: found.title, confidence: Math.round(confidence * 1e4) / 1e4 };
};

/** Indexes the articles, language by language when the first question in it comes; `read` reads a text as feedback is read. */
export const indexArticles = (
  articles: readonly Article[],
  read: (text: string) => Reading,
): ArticleIndex => {
  const indexes = new Map<string, LanguageIndex>();
  const indexFor = (language: string): LanguageIndex => {
    const known = indexes.get(language);
    if (known !== undefined) return known;
    const documents = articles.flatMap((article, index): readonly Counted[] =>
      article.language === language
        ? [
            {
              article: index,
              counts: countsOf(
                articleTermsOf(read(article.title)),
                articleTermsOf(read(article.body)),
              ),
            },
          ]
        : [],
    );
    const index = indexOf(documents);
    indexes.set(language, index);
    return index;
  };
  return {
    size: articles.length,
    find: (reading) =>
      articles.length === 0
        ? null
        : foundIn(indexFor(reading.language.code), articles, articleTermsOf(reading)),
  };
};
