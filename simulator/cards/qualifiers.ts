/** Terminal transaction qualifiers (9F66) as a card reads them, and the card's own (9F6C; EMV Book C-3, annex A). */

const QUICK_SUPPORTED = 0x20;
const SIGNATURE_ONLINE = 0x01;
const SIGNATURE_SUPPORTED = 0x02;
const ONLINE_PIN_SUPPORTED = 0x04;
const ONLINE_REQUIRED = 0x80;
const METHOD_REQUIRED = 0x40;

const OWNER_VERIFIED = 0x80;
const ISSUER_UPDATE = 0x40;
const ONLINE_PIN = 0x80;
const SIGNATURE = 0x40;

/** The reader knows the way by one command (qVSDC, qUICS). */
export function knowsQuick(terminal: Uint8Array): boolean {
  return (terminal[0]! & QUICK_SUPPORTED) !== 0;
}

/** The reader takes no approval from the card alone. */
export function wantsOnline(terminal: Uint8Array): boolean {
  return (terminal[1]! & ONLINE_REQUIRED) !== 0;
}

/** The reader checks the card's signature also when it goes online. */
export function wantsSignatureOnline(terminal: Uint8Array): boolean {
  return (terminal[0]! & SIGNATURE_ONLINE) !== 0;
}

function ownMethod(terminal: Uint8Array): number {
  if ((terminal[1]! & METHOD_REQUIRED) === 0) return 0x00;
  if ((terminal[0]! & ONLINE_PIN_SUPPORTED) !== 0) return ONLINE_PIN;
  return (terminal[0]! & SIGNATURE_SUPPORTED) !== 0 ? SIGNATURE : 0x00;
}

/** Two bytes: what the phone has done, else online PIN or signature where the reader asks for a method; abilities. */
export function cardQualifiers(terminal: Uint8Array, ownerVerified: boolean, issuerUpdate: boolean): Uint8Array {
  const abilities = issuerUpdate ? ISSUER_UPDATE : 0x00;
  return ownerVerified
    ? Uint8Array.of(0x00, OWNER_VERIFIED | abilities)
    : Uint8Array.of(ownMethod(terminal), abilities);
}
