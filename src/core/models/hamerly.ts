/**
 * Lloyd's k-means with the bounds of Hamerly ("Making k-means even faster", 2010): a row whose bounds prove that its centre is still
 * the nearest is not measured. An empty cluster takes the row that lies furthest from its centre.
 */
import { assignAll, type KMeansState, scan, squaredTo, tally } from "./kmeans-state.ts";

export interface Stop {
  readonly roundsMax: number;
  /** Ends when the squared moves of the centres sum up to no more than this; 0 goes on until no row changes its cluster. */
  readonly squaredMove: number;
}

/** How far the centres moved in a round: each, the most, the most of all others, and where the most was. */
interface Moves {
  readonly each: Float64Array;
  squared: number;
  most: number;
  second: number;
  mostAt: number;
}

/** The row furthest from its centre among clusters of two rows and more; −1 where every row lies on its centre. */
const furthest = (state: KMeansState): number => {
  let [best, most] = [-1, 0];
  for (let row = 0; row < state.rows; row += 1) {
    const place = state.places[row] as number;
    if ((state.sizes[place] as number) < 2) continue;
    const distance = squaredTo(state, row, place);
    if (distance > most) [best, most] = [row, distance];
  }
  return best;
};

const setCentre = (state: KMeansState, place: number): void => {
  const { width } = state.points;
  const size = state.sizes[place] as number;
  for (let at = place * width; at < (place + 1) * width; at += 1)
    state.centres[at] = (state.sums[at] as number) / size;
};

/** Gives every empty cluster a row of its own. */
const relocate = (state: KMeansState): void => {
  for (let empty = 0; empty < state.k; empty += 1) {
    if (state.sizes[empty] !== 0) continue;
    const row = furthest(state);
    if (row < 0) return;
    const donor = state.places[row] as number;
    tally(state, row, -1);
    state.places[row] = empty;
    tally(state, row, 1);
    setCentre(state, donor);
    setCentre(state, empty);
    // Its own centre was another one's until now: how near the others are is not known.
    state.lower[row] = 0;
  }
};

/** Moves the centres to the means of their rows and notes how far each went. */
const moveCentres = (state: KMeansState, moves: Moves): void => {
  const { width } = state.points;
  const before = state.centres.slice();
  for (let place = 0; place < state.k; place += 1)
    if (state.sizes[place] !== 0) setCentre(state, place);
  relocate(state);
  moves.squared = 0;
  moves.most = 0;
  moves.second = 0;
  for (let place = 0; place < state.k; place += 1) {
    let sum = 0;
    for (let at = place * width; at < (place + 1) * width; at += 1)
      sum += ((state.centres[at] as number) - (before[at] as number)) ** 2;
    const moved = Math.sqrt(sum);
    moves.each[place] = moved;
    moves.squared += sum;
    if (moved > moves.most) {
      moves.second = moves.most;
      moves.most = moved;
      moves.mostAt = place;
    } else if (moved > moves.second) moves.second = moved;
  }
};

/** Half the distance of each centre to its nearest other: nearer rows cannot belong elsewhere. */
const halfGaps = (state: KMeansState, gaps: Float64Array): void => {
  const { width } = state.points;
  gaps.fill(Infinity);
  for (let left = 0; left < state.k; left += 1)
    for (let right = left + 1; right < state.k; right += 1) {
      let sum = 0;
      for (let column = 0; column < width; column += 1)
        sum +=
          ((state.centres[left * width + column] as number) -
            (state.centres[right * width + column] as number)) **
          2;
      const half = Math.sqrt(sum) / 2;
      gaps[left] = Math.min(gaps[left] as number, half);
      gaps[right] = Math.min(gaps[right] as number, half);
    }
};

/** Puts rows to their nearest centres after a move; gives how many changed. */
const reassign = (state: KMeansState, moves: Moves, gaps: Float64Array): number => {
  const { upper, lower, places, rows } = state;
  const { each, most, second, mostAt } = moves;
  let changed = 0;
  for (let row = 0; row < rows; row += 1) {
    const place = places[row] as number;
    const reach = (upper[row] as number) + (each[place] as number);
    const other = (lower[row] as number) - (place === mostAt ? second : most);
    upper[row] = reach;
    lower[row] = other;
    const gap = gaps[place] as number;
    const limit = gap > other ? gap : other;
    if (reach <= limit) continue;
    const exact = Math.sqrt(squaredTo(state, row, place));
    upper[row] = exact;
    if (exact <= limit) continue;
    const nearest = scan(state, row);
    if (nearest === place) continue;
    tally(state, row, -1);
    places[row] = nearest;
    tally(state, row, 1);
    changed += 1;
  }
  return changed;
};

/** Improves the centres of a state in place; gives the number of rounds (moves of the centres). Ends with the centres just moved or at rest. */
export const improve = (state: KMeansState, stop: Stop): number => {
  const moves: Moves = {
    each: new Float64Array(state.k),
    squared: 0,
    most: 0,
    second: 0,
    mostAt: 0,
  };
  const gaps = new Float64Array(state.k);
  assignAll(state);
  for (let round = 1; round <= stop.roundsMax; round += 1) {
    moveCentres(state, moves);
    if (moves.squared <= stop.squaredMove) return round;
    halfGaps(state, gaps);
    if (reassign(state, moves, gaps) === 0) return round;
  }
  return stop.roundsMax;
};
