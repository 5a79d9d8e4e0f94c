import type { PackageBlock } from "../../acquirer/package-blocks.ts";
import type { StandingLine } from "../../acquirer/standing-line.ts";
import { FormatError } from "../../codec/errors.ts";
import type { UpdateFailure } from "../../screen/screens.ts";
import { inTurnOfItsOwn } from "../../turn.ts";
import {
  beginDelivery,
  type Delivery,
  type DeliveryProblem,
  deliver,
  deliveredProblemOf,
} from "../../update/delivery.ts";
import { inForce, rulesOf } from "../../update/in-force.ts";
import { headLength, kindNames, type PackageHead, parsePackageHead, versionText } from "../../update/package.ts";
import { headIn, markFailed, type Spare } from "../../update/spare.ts";
import { askForPiece, prepareDownload } from "../download.ts";
import { showResult } from "../results.ts";
import type { Services } from "../services.ts";
import { UserError } from "../user-error.ts";
import { closeSpare, openSpare } from "./device.ts";
import { takers } from "./take.ts";

/** The connection that stands from block to block. */
type Line = Pick<StandingLine, "exchange" | "giveUp" | "start">;

/** The message that brings packages, for the technician. */
const message = "969";

/** What the screen says of each problem. */
const failures: Readonly<Record<DeliveryProblem, UpdateFailure>> = Object.freeze({
  kind: "answerWrong",
  signer: "notGenuine",
  signature: "notGenuine",
  board: "otherBoard",
  "security version": "lessSafe",
  version: "older",
  room: "tooLong",
  incomplete: "damaged",
  content: "damaged",
});

/**
 * Fetches the signed package that the host has for this terminal, if any, and takes it. What was delivered before a cut or a
 * lost host is not asked for again. Nothing changes before all of it is there and is what its signer signed. Throws
 * `UserError` for how else it ended.
 */
export async function updateTerminal(services: Services): Promise<void> {
  await prepareDownload(services);
  const spare = openSpare(services.update.device);
  const line = services.update.newLine();
  try {
    const head = await inTurnOfItsOwn(() => fetchPackage(services, line, spare));
    line.giveUp();
    if (head === undefined) return await showResult(services, { id: "up-to-date", what: "package" });
    await inTurnOfItsOwn(() => judgeWhole(services, spare, head));
    await inTurnOfItsOwn(() => takers[head.kind](services, spare, head));
  } finally {
    line.giveUp();
    closeSpare(spare);
  }
}

/** Block after block into the spare slot; undefined where the host has nothing new. */
async function fetchPackage(services: Services, line: Line, spare: Spare): Promise<PackageHead | undefined> {
  const first = await nextBlock(services, line, "", 0);
  if (first.name === "") return undefined;
  const delivery = await inTurnOfItsOwn(() => begun(services, spare, first));
  if (delivery.offset === 0) await inTurnOfItsOwn(() => deliver(delivery, first.bytes.subarray(headLength)));
  let shown = -1;
  const { kind, version } = headIn(spare.record)!;
  while (delivery.offset < delivery.length) {
    const percent = Math.floor((delivery.offset * 100) / delivery.length);
    if (percent !== shown) {
      await services.screen.show({ id: "updating", percent, what: kind, version: versionText(version) });
    }
    shown = percent;
    const { name, size, bytes } = await nextBlock(services, line, first.name, headLength + delivery.offset);
    if (name !== first.name || size !== first.size) throw failed("answerWrong", message);
    await inTurnOfItsOwn(() => deliver(delivery, bytes));
  }
  return headIn(spare.record);
}

async function nextBlock(services: Services, line: Line, name: string, offset: number): Promise<PackageBlock> {
  const { acquirer, update } = services;
  const { board, secure } = update.device;
  const have: Record<string, string> = {};
  for (const kind of kindNames) {
    const { version } = inForce(secure, kind);
    if (version !== undefined) have[kind] = versionText(version);
  }
  const question = { have, board, name, offset };
  const { block } = await askForPiece(services, message, async () => {
    const outcome = await acquirer.askPackage(question, line);
    // Room for a sign-in, whose connection is another one: two of TLS do not fit the device.
    if (outcome.kind !== "block") {
      line.giveUp();
      line.start();
    }
    return outcome;
  });
  return block;
}

/** Where the delivery goes on; throws `UserError` for a package that is not for this terminal. */
function begun({ update }: Services, spare: Spare, { bytes, size }: PackageBlock): Delivery {
  const { secure, board } = update.device;
  let head: PackageHead;
  try {
    head = parsePackageHead(bytes);
  } catch (error) {
    if (error instanceof FormatError) throw failed("damaged", error.field);
    throw error;
  }
  const delivery = beginDelivery(spare, bytes.subarray(0, headLength), rulesOf(secure, board, head.kind));
  if (typeof delivery === "string") throw failed(failures[delivery], said(head));
  if (size !== headLength + delivery.length) throw failed("damaged", said(head));
  return delivery;
}

/** All of it again, as it stands in flash. What is not as its signer left it is delivered anew the next time. */
function judgeWhole({ update }: Services, spare: Spare, head: PackageHead): void {
  const { secure, board } = update.device;
  const problem = deliveredProblemOf(spare, rulesOf(secure, board, head.kind));
  if (problem === undefined) return;
  markFailed(spare.record);
  throw failed(failures[problem], said(head));
}

const said = ({ kind, version }: PackageHead): string => `${kind} ${versionText(version)}`;

const failed = (reason: UpdateFailure, detail: string): UserError =>
  new UserError({ id: "update-failed", reason, detail });
