/** CPU time of this process, its helper threads included: what a busy machine cannot stretch as it does wall time. */

/** CPU seconds since the process began. */
export const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
};

/** Texts per CPU second; the next call on the same texts goes on where this one stopped. */
export type Rate = (texts: readonly string[]) => number;

/** CPU seconds that one measurement takes. */
const BUDGET_SECONDS = 0.5;
/** CPU seconds before the first one: the engine goes on compiling what is called for some seconds, and rates triple meanwhile. */
const WARM_UP_SECONDS = 3;
/** Texts between two looks at the clock. */
const CHUNK = 16;

/** The rate of a function of this process, warmed up by the texts at the first call for them. */
export const rateOf = (read: (text: string) => unknown): Rate => {
  const places = new Map<readonly string[], number>();
  const run = (texts: readonly string[], budget: number): number => {
    let place = places.get(texts) ?? 0;
    let count = 0;
    const from = cpuSeconds();
    let took = 0;
    while (took < budget) {
      for (let index = 0; index < CHUNK; index += 1) {
        read(texts[place] ?? "");
        place = (place + 1) % texts.length;
      }
      count += CHUNK;
      took = cpuSeconds() - from;
    }
    places.set(texts, place);
    return count / took;
  };
  return (texts) => {
    if (!places.has(texts)) run(texts, WARM_UP_SECONDS);
    return run(texts, BUDGET_SECONDS);
  };
};
