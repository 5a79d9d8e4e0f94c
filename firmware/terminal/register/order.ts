import type { Transaction, TransactionState } from "../../journal/types.ts";
import { askForOrder } from "../asking.ts";
import { refuseExpired } from "../expiry.ts";
import { serveCustomer } from "../held.ts";
import { mustSignOn } from "../operator/duty.ts";
import type { Happening } from "../peripherals/peripherals.ts";
import { readCard } from "../present-card.ts";
import { money, type Services } from "../services.ts";
import { offerSpending } from "../spending.ts";
import { Till } from "../till.ts";
import { UserError } from "../user-error.ts";
import type { OrderStatus, RegisterAnswer, RegisterRequest } from "./messages.ts";

type KeyBlockRequest = Extract<RegisterRequest, { readonly type: "keyBlock" }>;
type Order = Extract<RegisterRequest, { readonly type: "order" }>;

/** How long an order stands on the screen without a card, in milliseconds. */
const patience = 120_000;

/** What a state of a payment is to the register; every other one is in doubt and will be one of these. */
const statuses: Readonly<Partial<Record<TransactionState, OrderStatus>>> = Object.freeze({
  approved: "approved",
  confirmed: "approved",
  receipted: "approved",
  settled: "approved",
  uploaded: "approved",
  offlineApproved: "approved",
  uploading: "approved",
  declined: "declined",
  cancelled: "cancelled",
  reversed: "reversed",
  voided: "reversed",
});

/**
 * Answers the request that waits longest; an order that is not known yet becomes a payment.
 * @returns whether it did
 */
export async function serveRegister(services: Services): Promise<boolean> {
  const { register } = services;
  const request = register.next();
  if (request === undefined || refuseKeyBlock(register, request)) return false;
  const known = await paymentOf(services, request.id);
  if (known !== undefined) register.tell(resultOf(known, request.id));
  else if (request.type === "order" && mustSignOn(services)) {
    register.tell({ type: "error", reason: "locked", field: request.id });
  } else if (request.type === "order") {
    await serveOrder(services, request);
    return true;
  } else register.tell({ type: "result", id: request.id, status: request.type === "cancel" ? "cancelled" : "unknown" });
  return false;
}

/** One payment at most comes of an order: its number is in the journal before the host is asked. */
async function serveOrder(services: Services, order: Order): Promise<void> {
  const { register } = services;
  let ended: OrderStatus = "cancelled";
  const paid = await serveCustomer(services, async (held) => {
    const till = new Till(services, { operation: "sale", amount: order.total });
    till.takesCodes = services.parameters.codePayments !== false;
    const first = await showOrder(services, order);
    if (first.kind === "key") {
      const keyed = await new Till(services, { operation: "sale" }).ask(undefined, undefined, first.key);
      if (keyed !== order.total) {
        ended = "mismatch";
        throw new UserError({
          id: "order-mismatch",
          ordered: money(services, order.total),
          amount: money(services, keyed),
          order: order.id,
        });
      }
    }
    const card = await readCard(services, till, first.kind === "key" ? undefined : first);
    held.card = card;
    refuseExpired(services, card.identity);
    register.tell({ type: "progress", id: order.id, status: "paying" });
    return askForOrder(services, held, card, { type: "sale", amount: order.total, orderId: order.id });
  });
  const known = paid ?? (await paymentOf(services, order.id));
  register.tell(known === undefined ? { type: "result", id: order.id, status: ended } : resultOf(known, order.id));
  await offerSpending(services, paid);
}

/** Shows the customer what is to pay and what for, until a card comes or a digit is typed. */
async function showOrder(services: Services, { id, total, text }: Order): Promise<Happening> {
  const { screen, peripherals, register } = services;
  register.tell({ type: "progress", id, status: "waiting", amount: total });
  await screen.show({
    id: "order-total",
    total: money(services, total),
    order: id,
    ...(text === undefined ? {} : { text }),
  });
  for (;;) {
    const happening = await peripherals.wait({
      keys: true,
      swipe: true,
      chip: "inserted",
      contactless: "card",
      scan: services.parameters.codePayments !== false,
      register: true,
      timeout: patience,
    });
    if (happening.kind === "timeout") throw new UserError({ id: "cancelled", by: "timeout" });
    if (happening.kind === "register") {
      if (register.takeCancel(id)) throw new UserError({ id: "cancelled", by: "merchant" });
      answerWhileWaiting(services, id);
    } else if (happening.kind !== "key" || /^\d{1,2}$/.test(happening.key)) {
      return happening;
    } else if (happening.key === "CANCEL") {
      throw new UserError({ id: "cancelled", by: "merchant" });
    }
  }
}

/** What the register asks while an order stands: how it stands; another order has to wait for its end. */
function answerWhileWaiting({ register }: Services, id: string): void {
  const request = register.next();
  if (request === undefined || refuseKeyBlock(register, request)) return;
  register.tell(
    request.id === id
      ? { type: "progress", id, status: "waiting" }
      : { type: "error", reason: "busy", field: request.id },
  );
}

/** Keys are for a terminal whose supervisor waits for them. */
function refuseKeyBlock(register: Services["register"], request: RegisterRequest): request is KeyBlockRequest {
  if (request.type !== "keyBlock") return false;
  register.tell({ type: "keyBlock", status: "refused", reason: "closed" });
  return true;
}

/** The newest payment of an order in the journal. */
function paymentOf({ journal }: Services, orderId: string): Promise<Transaction | undefined> {
  return journal.find({ types: ["sale"], orderId });
}

function resultOf(payment: Transaction, id: string): RegisterAnswer {
  const { amount, stan, authorisationCode, responseCode, state } = payment;
  return {
    type: "result",
    id,
    status: statuses[state] ?? "doubt",
    amount,
    voucher: String(stan).padStart(6, "0"),
    ...(authorisationCode === undefined ? {} : { authorisationCode }),
    ...(responseCode === undefined ? {} : { responseCode }),
  };
}
