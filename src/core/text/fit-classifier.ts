/**
 * Fits heads of linear classifiers on one table of grams: support vector machines label by label, the grams that matter kept, weights as signed bytes.
 * Same examples, tasks and seed: same bytes. Probabilities are only meant after `calibrate`.
 */
import { fitSvm, type Rows } from "../models/svm.ts";
import type { Classifier, Head } from "./classifier.ts";
import { FACTOR_STEP } from "./classifier-file.ts";
import type { Examples } from "./examples.ts";
import { GRAM_SLOTS } from "./grams.ts";

/** One head to fit. */
export interface FitTask {
  readonly name: string;
  readonly labels: readonly string[];
  readonly kind: "one" | "several";
  /** For each label: 1 where it holds, −1 where it does not, 0 where the example says nothing. */
  readonly targets: readonly Int8Array[];
  readonly cost: number;
  /** Rare labels weigh (others ÷ own)^balance more; 0 leaves them as they are. */
  readonly balance: number;
  readonly usesDense: boolean;
  /** Two labels only: how much the factor of a gram follows its log-count ratio between them, 0..1 (Wang and Manning, 2012). */
  readonly ratios?: number;
  readonly importance?: Float32Array;
}

export interface FitOptions {
  readonly seed: number;
  /** At most so many grams are kept, and at most `share` of those that occur. */
  readonly rowsMax: number;
  readonly share: number;
  /** Grams of fewer texts are left out. */
  readonly textsMin: number;
  /** Rounds of the fit that only ranks grams; as many as the last fit if absent. */
  readonly rankingRounds?: number;
  readonly onLabel?: (done: number, total: number) => void;
}

/** Inverse document frequency, smoothed, in steps that a byte holds. */
const factorOf = (texts: number, withGram: number): number =>
  Math.min(255, Math.round((Math.log((1 + texts) / (1 + withGram)) + 1) / FACTOR_STEP)) *
  FACTOR_STEP;

interface GramTable {
  readonly columnOf: Int32Array;
  readonly slots: readonly number[];
  readonly texts: Int32Array;
  readonly factors: Float32Array;
}

const tableOf = (examples: Examples, members: Int32Array, textsMin: number): GramTable => {
  const texts = new Int32Array(GRAM_SLOTS);
  for (const member of members)
    for (
      let at = examples.starts[member] as number;
      at < (examples.starts[member + 1] as number);
      at += 1
    )
      (texts[examples.slots[at] as number] as number)++;
  const slots: number[] = [];
  for (let slot = 0; slot < GRAM_SLOTS; slot += 1)
    if ((texts[slot] as number) >= textsMin) slots.push(slot);
  // Frequent grams side by side: the weights that are needed most stay in the processor's cache.
  slots.sort((left, right) => (texts[right] as number) - (texts[left] as number) || left - right);
  return tableFrom(slots, texts, members.length);
};

const tableFrom = (slots: readonly number[], texts: Int32Array, count: number): GramTable => {
  const columnOf = new Int32Array(GRAM_SLOTS).fill(-1);
  const factors = new Float32Array(slots.length);
  for (const [column, slot] of slots.entries()) {
    columnOf[slot] = column;
    factors[column] = factorOf(count, texts[slot] as number);
  }
  return { columnOf, slots, texts, factors };
};

/** Unit-length rows of the members, dense features behind the grams. */
const rowsOf = (examples: Examples, members: Int32Array, table: GramTable): Rows => {
  const width = table.slots.length;
  const denseWidth = examples.denseNames.length;
  let most = 0;
  for (const member of members)
    most +=
      (examples.starts[member + 1] as number) - (examples.starts[member] as number) + denseWidth;
  const starts = new Int32Array(members.length + 1);
  const columns = new Int32Array(most);
  const values = new Float32Array(most);
  let end = 0;
  for (const [index, member] of members.entries()) {
    const begin = end;
    let squares = 0;
    for (
      let at = examples.starts[member] as number;
      at < (examples.starts[member + 1] as number);
      at += 1
    ) {
      const column = table.columnOf[examples.slots[at] as number] as number;
      if (column < 0) continue;
      const value = (examples.weights[at] as number) * (table.factors[column] as number);
      columns[end] = column;
      values[end] = value;
      squares += value * value;
      end += 1;
    }
    const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
    for (let at = begin; at < end; at += 1) values[at] = (values[at] as number) * scale;
    for (let feature = 0; feature < denseWidth; feature += 1) {
      const value = examples.dense[member * denseWidth + feature] as number;
      if (value === 0) continue;
      columns[end] = width + feature;
      values[end] = value;
      end += 1;
    }
    starts[index + 1] = end;
  }
  return {
    starts,
    columns: columns.subarray(0, end),
    values: values.subarray(0, end),
    width: width + denseWidth,
  };
};

/** The same rows without what stands behind the grams. */
const withoutDense = (rows: Rows, width: number): Rows => {
  const starts = new Int32Array(rows.starts.length);
  const columns = new Int32Array(rows.columns.length);
  const values = new Float32Array(rows.values.length);
  let end = 0;
  for (let row = 0; row + 1 < rows.starts.length; row += 1) {
    for (let at = rows.starts[row] as number; at < (rows.starts[row + 1] as number); at += 1) {
      if ((rows.columns[at] as number) >= width) continue;
      columns[end] = rows.columns[at] as number;
      values[end] = rows.values[at] as number;
      end += 1;
    }
    starts[row + 1] = end;
  }
  return { starts, columns: columns.subarray(0, end), values: values.subarray(0, end), width };
};

const balanceOf = (targets: Int8Array, balance: number): number => {
  let own = 0;
  let others = 0;
  for (const target of targets)
    if (target > 0) own += 1;
    else if (target < 0) others += 1;
  return own === 0 || others === 0 ? 1 : Math.min(20, (others / own) ** balance);
};

const taken = <A extends Int8Array | Float32Array>(values: A, members: Int32Array): A => {
  const Kind = values.constructor as new (length: number) => A;
  const own = new Kind(members.length);
  for (const [index, member] of members.entries()) own[index] = values[member] as number;
  return own;
};

interface FitContext {
  readonly rows: Rows;
  /** The same without dense features. */
  readonly bare: Rows;
  readonly grams: number;
  readonly members: Int32Array;
  readonly options: FitOptions;
  readonly maxRounds?: number | undefined;
}

/** Weights of one label, as wide as the rows with dense features. */
const fitLabel = (task: FitTask, label: number, context: FitContext): Float32Array => {
  const { rows, bare, grams, members, options } = context;
  const targets = taken(task.targets[label] as Int8Array, members);
  const fit = fitSvm({
    rows: task.usesDense ? rows : bare,
    targets,
    cost: [task.cost * balanceOf(targets, task.balance), task.cost],
    seed: options.seed,
    ...(context.maxRounds === undefined ? {} : { maxRounds: context.maxRounds }),
    ...(task.importance === undefined ? {} : { importance: taken(task.importance, members) }),
  });
  if (fit.kind === "refused") throw new RangeError(fit.sentence);
  const weights = fit.value;
  if (weights.length === rows.width + 1) return weights;
  const wide = new Float32Array(rows.width + 1);
  wide.set(weights.subarray(0, grams));
  wide[rows.width] = weights[grams] as number;
  return wide;
};

/** Weights of every label, task by task; the last entry of each is the bias. The second of two labels is the first turned round. */
const fitAll = (
  tasks: readonly FitTask[],
  context: FitContext,
  pass: number,
): readonly Float32Array[] => {
  const total = tasks.reduce((sum, { labels }) => sum + labels.length, 0) * 2;
  const fits: Float32Array[] = [];
  for (const task of tasks)
    for (const label of task.targets.keys()) {
      context.options.onLabel?.(fits.length + (pass * total) / 2, total);
      const isTurned = task.kind === "one" && task.labels.length === 2 && label === 1;
      const first = isTurned ? fits.at(-1) : undefined;
      fits.push(first?.map((weight) => -weight) ?? fitLabel(task, label, context));
    }
  return fits;
};

const contextOf = (
  examples: Examples,
  table: GramTable,
  base: Pick<FitContext, "members" | "options" | "maxRounds">,
): FitContext => {
  const rows = rowsOf(examples, base.members, table);
  const grams = table.slots.length;
  return { ...base, rows, bare: rows.width > grams ? withoutDense(rows, grams) : rows, grams };
};

/** The grams whose weights matter: largest √texts × ‖w‖, each label's weights measured by their own length. */
const chosen = (
  fits: readonly Float32Array[],
  table: GramTable,
  most: number,
): readonly number[] => {
  const count = table.slots.length;
  const worth = new Float64Array(count);
  for (const weights of fits) {
    let squares = 0;
    for (let column = 0; column < count; column += 1) squares += (weights[column] as number) ** 2;
    if (squares === 0) continue;
    for (let column = 0; column < count; column += 1)
      worth[column] = (worth[column] as number) + (weights[column] as number) ** 2 / squares;
  }
  const order = Array.from(worth.keys());
  for (const column of order)
    worth[column] =
      (worth[column] as number) * (table.texts[table.slots[column] as number] as number);
  order.sort((left, right) => (worth[right] as number) - (worth[left] as number) || left - right);
  return order
    .slice(0, most)
    .toSorted((left, right) => left - right)
    .map((column) => table.slots[column] as number);
};

const headsOf = (tasks: readonly FitTask[]): readonly Head[] => {
  let first = 0;
  return tasks.map(({ name, labels, kind }) => {
    const head: Head = {
      name,
      labels,
      kind,
      first,
      temperature: 1,
      thresholds: labels.map(() => 0.5),
      scopeFrom: -Infinity,
    };
    first += labels.length;
    return head;
  });
};

const quantised = (
  tasks: readonly FitTask[],
  fits: readonly Float32Array[],
  context: { readonly table: GramTable; readonly denseNames: readonly string[] },
): Classifier => {
  const { table, denseNames } = context;
  const columns = fits.length;
  const grams = table.slots.length;
  const weights = new Int8Array(grams * columns);
  const scales = new Float32Array(columns);
  const bias = new Float32Array(columns);
  const denseWeights = new Float32Array(denseNames.length * columns);
  for (const [column, fit] of fits.entries()) {
    let most = 0;
    for (let row = 0; row < grams; row += 1) most = Math.max(most, Math.abs(fit[row] as number));
    const scale = most / 127 || 1;
    scales[column] = scale;
    bias[column] = fit[fit.length - 1] as number;
    for (let row = 0; row < grams; row += 1)
      weights[row * columns + column] = Math.round((fit[row] as number) / scale);
    for (let feature = 0; feature < denseNames.length; feature += 1)
      denseWeights[feature * columns + column] = fit[grams + feature] as number;
  }
  return {
    heads: headsOf(tasks),
    columns,
    rowOf: table.columnOf,
    factors: table.factors,
    weights,
    scales,
    bias,
    dense: denseNames,
    denseWeights,
  };
};

/** The table with factors that follow how unevenly a gram is dealt between two labels. */
const withRatios = (
  table: GramTable,
  examples: Examples,
  how: { readonly members: Int32Array; readonly targets: Int8Array; readonly ratios: number },
): GramTable => {
  const { members, targets, ratios } = how;
  const width = table.slots.length;
  const [inside, outside] = [new Float64Array(width).fill(1), new Float64Array(width).fill(1)];
  let [own, others] = [2, 2];
  for (const member of members) {
    const holds = (targets[member] as number) > 0;
    if (holds) own += 1;
    else others += 1;
    const counts = holds ? inside : outside;
    for (
      let at = examples.starts[member] as number;
      at < (examples.starts[member + 1] as number);
      at += 1
    ) {
      const column = table.columnOf[examples.slots[at] as number] as number;
      if (column >= 0) counts[column] = (counts[column] as number) + 1;
    }
  }
  const factors = table.factors.map((factor, column) => {
    const ratio = Math.abs(
      Math.log((inside[column] as number) / own / ((outside[column] as number) / others)),
    );
    const steps = Math.round((factor * (1 - ratios + ratios * ratio)) / FACTOR_STEP);
    return Math.min(255, Math.max(1, steps)) * FACTOR_STEP;
  });
  return { ...table, factors };
};

/** One classifier with a head for every task, fitted on the examples that `members` names. */
export const fitClassifier = (
  examples: Examples,
  members: Int32Array,
  how: { readonly tasks: readonly FitTask[]; readonly options: FitOptions },
): Classifier => {
  const { tasks, options } = how;
  const { denseNames } = examples;
  const [first] = tasks;
  const ratios = tasks.length === 1 && first?.labels.length === 2 ? (first.ratios ?? 0) : 0;
  const weighed = (table: GramTable): GramTable =>
    ratios === 0
      ? table
      : withRatios(table, examples, { members, targets: first?.targets[0] as Int8Array, ratios });
  let table = weighed(tableOf(examples, members, options.textsMin));
  const most = Math.min(options.rowsMax, Math.ceil(table.slots.length * options.share));
  const base = { members, options };
  const isRanking = most < table.slots.length;
  const ranking = { ...base, maxRounds: isRanking ? options.rankingRounds : undefined };
  let fits = fitAll(tasks, contextOf(examples, table, ranking), 0);
  if (isRanking) {
    table = weighed(tableFrom(chosen(fits, table, most), table.texts, members.length));
    fits = fitAll(tasks, contextOf(examples, table, base), 1);
  }
  return quantised(tasks, fits, { table, denseNames });
};
