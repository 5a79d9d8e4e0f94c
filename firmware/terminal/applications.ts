import { hexToBytes } from "../codec/hex.ts";
import { isOfflineOnly, isOnlineOnly, onlineOnlyTypeOf } from "../emv/analysis.ts";
import type { TerminalApplication } from "../emv/application.ts";
import { terminalQualifiers } from "../emv/contactless/qualifiers.ts";
import { clearBit } from "../emv/results.ts";
import type { ApplicationParameters, Parameters } from "../update/parameters.ts";
import type { Parts } from "./card/capabilities.ts";

/** EMV mode, a chip reader, online PIN, signature and phones: what a terminal without parameters says of itself. */
const defaultQualifiers = "36004000";

/**
 * The applications for one transaction: a card may approve a sale alone, and nothing else. For anything else the terminal
 * is one that asks its host every time, and otherwise the same: run by the same party, attended or not (EMV 4.3 Book 4,
 * annex A1). A tapped card is offered (9F66) neither a chip reader nor a signature that this board has no part for.
 */
export function applicationsFor(
  { aids, terminalType }: Pick<Parameters, "aids" | "terminalType">,
  isSale: boolean,
  parts: Parts,
): TerminalApplication[] {
  const known = terminalApplications(aids);
  for (const { transactionQualifiers } of known) {
    if (!parts.chip) {
      clearBit(transactionQualifiers, terminalQualifiers.emvChipSupported);
    }
    if (!parts.printer) {
      clearBit(transactionQualifiers, terminalQualifiers.signatureSupported);
    }
  }
  const own = Number.parseInt(terminalType, 16);
  return isSale
    ? known
    : known.map((application) => ({
        ...application,
        terminalType: onlineOnlyTypeOf(application.terminalType ?? own),
      }));
}

/** True where a card may approve a sale alone though there is a host: the merchant may want it to be asked. */
export function mayForceOnline({ aids, terminalType }: Pick<Parameters, "aids" | "terminalType">): boolean {
  return aids.some((application) => {
    const type = Number.parseInt(application.terminalType ?? terminalType, 16);
    return !isOnlineOnly(type) && !isOfflineOnly(type);
  });
}

/** The acquirer's list of applications as the kernels take it. */
export function terminalApplications(parameters: readonly ApplicationParameters[]): TerminalApplication[] {
  return parameters.map((application) => ({
    aid: hexToBytes(application.aid),
    match: application.exactName === true ? "exact" : "partial",
    label: application.label ?? "",
    kernel: application.kernel,
    actionCodes: {
      denial: hexToBytes(application.tacDenial),
      online: hexToBytes(application.tacOnline),
      default: hexToBytes(application.tacDefault),
    },
    version: hexToBytes(application.applicationVersion),
    floorLimit: application.floorLimit,
    contactlessFloorLimit: application.contactlessFloorLimit ?? application.floorLimit,
    combinedMode: application.cdaMode ?? 1,
    ...(application.terminalType === undefined ? {} : { terminalType: Number.parseInt(application.terminalType, 16) }),
    ...(application.defaultDynamicList === undefined
      ? {}
      : { dynamicDataList: hexToBytes(application.defaultDynamicList) }),
    ...(application.onlinePin === undefined ? {} : { onlinePin: application.onlinePin }),
    ...(application.randomSelection === undefined ? {} : { random: application.randomSelection }),
    contactlessLimit: application.contactlessLimit,
    contactlessDeviceLimit: application.contactlessDeviceLimit ?? application.contactlessLimit,
    contactlessCvmLimit: application.contactlessCvmLimit,
    smallAmountLimit: application.smallAmountLimit ?? 0,
    statusCheck: application.statusCheck ?? false,
    zeroAmountAllowed: application.zeroAmountAllowed ?? false,
    extendedSelection: application.extendedSelection ?? false,
    ...(application.relaySettings === undefined ? {} : { relaySettings: hexToBytes(application.relaySettings) }),
    ...(application.kernelConfiguration === undefined
      ? {}
      : { kernelConfiguration: Number.parseInt(application.kernelConfiguration, 16) }),
    ...(application.tornRecords === undefined && application.tornLifetime === undefined
      ? {}
      : { tornLimits: { most: application.tornRecords ?? 2, lifetime: 1000 * (application.tornLifetime ?? 300) } }),
    transactionQualifiers: qualifiersOf(application),
  }));
}

function qualifiersOf({ ttq, onlinePin }: ApplicationParameters): Uint8Array {
  const qualifiers = hexToBytes(ttq ?? defaultQualifiers);
  if (onlinePin === false) {
    clearBit(qualifiers, terminalQualifiers.onlinePinSupported);
  }
  return qualifiers;
}
