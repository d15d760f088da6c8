/** What a computation cost in processor time of this process: other programs on the machine slow its wall clock, not this. */
export const cpuMs = (work: () => unknown): number => {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
};
