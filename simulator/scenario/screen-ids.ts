/** Every screen a terminal can show: a name that is not here is a mistake in the scenario. */
export const SCREEN_IDS: ReadonlySet<string> = new Set(
  `boot idle menu enter-amount order-total present-card insert-card swipe-card use-chip choose-application enter-pin
  pin-retry processing confirm-approval approved declined refused reversing reversed remove-card printing paper-out
  printer-error show-qr scan-code waiting-payment paid settlement settlement-result settlement-status history detail
  sign-in signed-in password card-expired card-unreadable card-blocked zero-amount over-limit cancelled one-card-only
  see-phone no-answer disputed amount-mismatch order-mismatch offline error out-of-service tampered updating updated up-to-date
  update-failed face-look face-found face-unknown face-two face-not-live too-dark listening heard offer rating
  settings enter-number dispute-cleared no-original balance load-keys spending stored payment-state report
  operator-sign-on operator-changed battery-low battery-empty card-not-accepted other-card`.split(/\s+/),
);
