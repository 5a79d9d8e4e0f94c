import { equal } from "../../codec/bytes.ts";
import { FormatError } from "../../codec/errors.ts";
import { parseOneTlv, tagValue } from "../../codec/tlv.ts";
import { externalAuthenticateCommand, selectCommand } from "../commands.ts";
import type { SessionData } from "../data.ts";
import { type CardChannel, exchange } from "../exchange.ts";
import type { IssuerData } from "../field55.ts";
import { setStatus, setVerification } from "../results.ts";
import { runScripts } from "../scripts.ts";
import { tags } from "../tags.ts";
import { isSameCard } from "./returning-card.ts";

const step = "issuer update";

/** True when the host's answer has something that a card would want to hear. */
export function hasIssuerUpdate(issuer: IssuerData): boolean {
  return issuer.authentication !== undefined || issuer.scripts.length > 0;
}

/**
 * Issuer update processing (EMV contactless Book C-3; Book B, start B and 3.3.3.3): the same card in a second tap gets its
 * issuer's authentication and, when it believes that, the scripts. Their results go into `data`; they change no decision.
 * @returns "otherCard" for one that is another, or does not show that it is the same: it hears nothing
 */
export async function updateByIssuer(
  card: CardChannel,
  data: SessionData,
  issuer: IssuerData,
): Promise<"heard" | "otherCard"> {
  const aid = data.need(tags.dedicatedFileName, step);
  const selected = await exchange(card, selectCommand(aid), step);
  if (selected.status !== 0x9000 || !isApplication(selected.data, aid) || !(await isSameCard(card, data))) {
    return "otherCard";
  }
  const { authentication } = issuer;
  if (authentication !== undefined) {
    const fits = authentication.length >= 8 && authentication.length <= 16;
    const accepted =
      fits && (await exchange(card, externalAuthenticateCommand(authentication), step)).status === 0x9000;
    setStatus(data, "issuerAuthenticationPerformed");
    if (!accepted) {
      setVerification(data, "issuerAuthenticationFailed");
      return "heard";
    }
  }
  await runScripts(card, data, issuer.scripts, "before");
  await runScripts(card, data, issuer.scripts, "after");
  return "heard";
}

function isApplication(response: Uint8Array, aid: Uint8Array): boolean {
  try {
    const name = tagValue([parseOneTlv(response)], tags.dedicatedFileName);
    return name !== undefined && equal(name, aid);
  } catch (error) {
    if (error instanceof FormatError) {
      return false;
    }
    throw error;
  }
}
