/** The few parts of `natural` that attune imports, each by its own path: the package's front door has side effects. */
declare module "natural/lib/natural/stemmers/porter_stemmer.js" {
  const stemmer: { stem(word: string): string };
  export = stemmer;
}

declare module "natural/lib/natural/tokenizers/aggressive_tokenizer.js" {
  class AggressiveTokenizer {
    tokenize(text: string): string[];
  }
  export = AggressiveTokenizer;
}

declare module "natural/lib/natural/classifiers/bayes_classifier.js" {
  class BayesClassifier {
    constructor(stemmer?: undefined, smoothing?: number);
    addDocument(words: string | readonly string[], label: string): void;
    train(): void;
    getClassifications(words: string | readonly string[]): { label: string; value: number }[];
  }
  export = BayesClassifier;
}
