/** Hyper-parameters: what is out of range is a bug of the caller and stops at once, before any data is looked at. */

interface Range {
  readonly from: number;
  readonly to?: number;
  readonly isWhole?: boolean;
}

/** What is wrong with an option outside `from … to` (ends included), in words. */
export const rangeFault = (name: string, value: number, range: Range): string | undefined => {
  const { from, to = Number.MAX_VALUE, isWhole = false } = range;
  return value >= from && value <= to && (!isWhole || Number.isInteger(value))
    ? undefined
    : `${name}: ${value} is not ${isWhole ? "a whole number" : "a number"} from ${from} to ${to}`;
};

/** Throws a RangeError for an option outside `from … to`, ends included. */
export const mustBeWithin = (name: string, value: number, range: Range): void => {
  const fault = rangeFault(name, value, range);
  if (fault !== undefined) throw new RangeError(fault);
};

/** Throws a RangeError for a seed that is no finite number: chance would not be repeatable by the card of the model. */
export const mustBeSeed = (seed: number): void => {
  if (!Number.isFinite(seed)) throw new RangeError(`seed ${seed}: give a finite number`);
};
