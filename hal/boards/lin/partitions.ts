/**
 * The sizes in bytes of the desktop simulator's partitions, each a file: as p1 has them (`../p1/sdkconfig/partitions.csv`). The
 * firmware itself is not among them: packages come into "incoming", as on a board with one slot.
 */
export const linPartitions: Readonly<Record<string, number>> = Object.freeze({
  journal: 0x20000,
  history: 0x400000,
  notes: 0x8000,
  parameters: 0x4000,
  keys: 0x4000,
  operators: 0x4000,
  update: 0x4000,
  incoming: 0x40000,
  fonts: 0x40000,
  messages: 0x4000,
});
