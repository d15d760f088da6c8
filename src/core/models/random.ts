/** Seeded chance for training and fixtures: equal seeds give equal numbers on every machine. Never for secrets. */

/** Gives a number in 0..1 (1 excluded) at every call. */
export type Random = () => number;

/** A 32-bit generator with one word of state that steps by a constant and is mixed before use (the scheme known as mulberry32). */
export const randomFrom = (seed: number): Random => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

/** `count` items drawn without repetition, in their original order; all of them where there are not more. */
export const sample = <T>(items: readonly T[], count: number, random: Random): readonly T[] => {
  if (items.length <= count) return items;
  let wanted = count;
  return items.filter((_item, index) => {
    const taken = random() * (items.length - index) < wanted;
    if (taken) wanted -= 1;
    return taken;
  });
};
