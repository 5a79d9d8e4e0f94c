/** Who is at the terminal: changed in place, because much that lives as long as the terminal asks it. */
export interface OnDuty {
  /** Two digits; undefined while nobody is signed on, or where nobody has to. */
  operator: string | undefined;
}

/** The number that goes into the journal, onto paper and to the host: who is signed on, else the parameters'. */
export function operatorOf(services: {
  readonly duty: OnDuty;
  readonly parameters: { readonly operator: string };
}): string {
  return services.duty.operator ?? services.parameters.operator;
}
