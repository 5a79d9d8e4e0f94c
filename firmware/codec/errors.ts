/**
 * Bytes from outside (card, host, code, serial line, file) that do not have the promised form.
 * The text names the field, the place and the rule, never the value: values may be secret.
 */
export class FormatError extends Error {
  override readonly name = "FormatError";
  /** What was being read, in the standard's words: `"tlv length"`, `"field 60"`. */
  readonly field: string;
  /** Byte offset from the start of what was given to the parser. */
  readonly offset: number;
  /** The rule that was broken. */
  readonly problem: string;

  /**
   * @param field what was being read
   * @param offset byte offset from the start of the input
   * @param problem the rule that was broken, without any value from the input
   */
  constructor(field: string, offset: number, problem: string) {
    super(`${field} at byte ${offset}: ${problem}`);
    this.field = field;
    this.offset = offset;
    this.problem = problem;
  }
}
