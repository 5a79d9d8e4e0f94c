/** Data elements that only contactless kernels name (EMV contactless Books B, C-2, C-3 and C-7); others in ../tags.ts. */
export const tapTags = Object.freeze({
  terminalRiskManagementData: 0x9f1d,
  extendedSelection: 0x9f29,
  recoveryList: 0x9f51,
  cardAuthenticationData: 0x9f69,
  cardholderInteraction: 0xdf4b,
} as const);

/** Where the card's qualifiers stand in 9F69, behind a version byte and the card's unpredictable number (C-3, annex A.2). */
export const qualifiersPlace = 5;
