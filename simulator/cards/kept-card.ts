/** What a card remembers without power; values by tag, in hexadecimal. A torn or unanswered transaction is forgotten. */
export interface KeptCard {
  readonly isBlocked: boolean;
  readonly ownerHere: boolean;
  readonly mayTear: boolean;
  readonly pinTriesLeft: number;
  readonly applications: readonly {
    readonly counter: number;
    readonly lastOnlineCounter: number;
    readonly blocked: boolean;
    readonly data: Readonly<Record<string, string>>;
  }[];
}
