/** What the generator says of its terminals. */

/** What one terminal was told: approvals, their sum in minor units, their STANs. */
export interface Told {
  count: number;
  total: number;
  readonly stans: number[];
}

/** All of them; `milliseconds` from the first sale to the last answer. */
export interface LoadReport {
  readonly milliseconds: number;
  /** What the generator's process took of a processor in that time. */
  readonly processorMilliseconds: number;
  readonly wrong: readonly string[];
  readonly told: readonly Told[];
}
