/** The AFINN-165 list inside `sentiment`: word or phrase → valence −5..5. A plain object, so read it through a Map only. */
declare module "sentiment/languages/en/index.js" {
  const english: { readonly labels: Readonly<Record<string, number>> };
  export = english;
}
