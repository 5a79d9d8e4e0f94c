/** A file that cannot be read, with the line where; the first is 1. */
export class LineError extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(`line ${line}: ${message}`);
    this.line = line;
  }
}
