/** What a card does whose chip has no say: the host decides alone, and hears nothing of a chip. */
export abstract class ChiplessCard {
  readonly mayApproveAlone = false;

  decide(): Promise<"online"> {
    return Promise.resolve("online");
  }

  chipData(): undefined {
    return undefined;
  }

  complete(): Promise<"agreed"> {
    return Promise.resolve("agreed");
  }

  summary(): undefined {
    return undefined;
  }
}
