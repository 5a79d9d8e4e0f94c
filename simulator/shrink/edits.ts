/** Changes to a text, each a part that another text takes the place of. */
export class Edits {
  readonly #edits: { start: number; end: number; text: string }[] = [];

  /** Parts must not overlap; at one place what was said first comes first. */
  replace({ start, end }: { readonly start: number; readonly end: number }, text: string): void {
    this.#edits.push({ start, end, text });
  }

  get count(): number {
    return this.#edits.length;
  }

  /** Throws `Error` where parts overlap. */
  apply(source: string): string {
    const parts: string[] = [];
    let at = 0;
    for (const { start, end, text } of [...this.#edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
      if (start < at) throw new Error(`two changes at ${start}: ${source.slice(start, start + 60)}`);
      parts.push(source.slice(at, start), text);
      at = end;
    }
    return parts.join("") + source.slice(at);
  }
}
