/** What a computation cost in processor time of this process: other programs on the machine slow its wall clock, not this. */
const cpuMs = (work: () => unknown): number => {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
};

/** The compiler and the collector work in threads of the same process, so one run may cost many times its own work. */
const MOST_RUNS = 20;

/**
 * The least that a computation cost, over runs until one is under `enoughMs`, at most twenty.
 * What is slow by its nature is slow in all of them; what a cold or a shared machine adds is not in each.
 */
export const leastCpuMs = (work: () => unknown, enoughMs: number): number => {
  let least = Infinity;
  for (let run = 0; run < MOST_RUNS && least >= enoughMs; run += 1)
    least = Math.min(least, cpuMs(work));
  return least;
};
