import { digitsToBcd, numberToBcd } from "../../codec/bcd.ts";
import { integerToBytes } from "../../codec/bytes.ts";
import { bytesToHex } from "../../codec/hex.ts";
import { asciiToBytes } from "../../codec/text.ts";
import type { TerminalApplication } from "../../emv/application.ts";
import { cryptogramType } from "../../emv/cryptogram.ts";
import { SessionData } from "../../emv/data.ts";
import { selectedName } from "../../emv/select.ts";
import { tags } from "../../emv/tags.ts";
import type { ChipSummary } from "../../journal/types.ts";
import { currencyDecimals, currencyNumber } from "../../screen/money.ts";
import type { Operation } from "../../screen/screens.ts";
import { localTime } from "../local-time.ts";
import type { Services } from "../services.ts";
import { capabilitiesOf, partsOf } from "./capabilities.ts";

/** Transaction types (9C): the first two digits of the processing code (ISO 8583). Everything else is a purchase. */
const transactionTypes: Readonly<Partial<Record<Operation, number>>> = Object.freeze({
  preAuthorisation: 0x03,
  balance: 0x31,
});
const purchase = 0x00;

/** A session's data before a card has said anything: the terminal's own elements, without an amount. */
export function newSession(
  services: Pick<Services, "clock" | "random" | "parameters" | "currency" | "peripherals" | "paper">,
  operation: Operation,
): SessionData {
  const { parameters, currency } = services;
  const [terminalCapabilities, additionalCapabilities] = capabilitiesOf(partsOf(services));
  const now = localTime(services.clock.wall(), parameters.utcOffsetMinutes);
  return new SessionData([
    [tags.amountOther, new Uint8Array(6)],
    [tags.transactionType, Uint8Array.of(transactionTypes[operation] ?? purchase)],
    [tags.transactionDate, digitsToBcd(now.year.slice(2) + now.date, "right")],
    [tags.transactionTime, digitsToBcd(now.time, "right")],
    [tags.transactionCurrencyCode, digitsToBcd(currencyNumber(currency), "right")],
    [tags.transactionCurrencyExponent, Uint8Array.of(currencyDecimals(currency))],
    [tags.terminalCountryCode, digitsToBcd(parameters.countryCode, "right")],
    [tags.terminalType, digitsToBcd(parameters.terminalType, "right")],
    [tags.terminalCapabilities, terminalCapabilities],
    [tags.additionalCapabilities, additionalCapabilities],
    [tags.deviceSerialNumber, asciiToBytes(parameters.terminalId)],
    [tags.terminalIdentification, asciiToBytes(parameters.terminalId)],
    [tags.merchantIdentifier, asciiToBytes(parameters.merchantId)],
    [tags.unpredictableNumber, services.random.read(4)],
  ]);
}

/**
 * The amount in both of its forms (Book 3, annex A: 9F02 packed decimal, 81 binary). Minor units; above what four bytes
 * hold the binary one stays at its largest, which is over every limit.
 */
export function setAmount(data: SessionData, amount: number): void {
  data.set(tags.amountAuthorised, numberToBcd(amount, 6));
  data.set(tags.amountBinary, integerToBytes(Math.min(amount, 0xffffffff), 4));
}

/** The transaction's number (9F41), known once the journal has opened it. */
export function setSequenceCounter(data: SessionData, stan: number): void {
  data.set(tags.transactionSequenceCounter, numberToBcd(stan, 4));
}

/** What the receipt says of the chip. */
export function chipSummary(data: SessionData, application: TerminalApplication): ChipSummary {
  const hex = (tag: number): string => bytesToHex(data.get(tag) ?? new Uint8Array(0));
  return {
    aid: hex(tags.dedicatedFileName),
    applicationLabel: selectedName(data) || application.label,
    terminalVerificationResults: hex(tags.terminalVerificationResults),
    transactionStatusInformation: hex(tags.transactionStatusInformation),
    applicationTransactionCounter: hex(tags.transactionCounter),
    cryptogram: hex(tags.applicationCryptogram),
    cryptogramType: cryptogramType(data) ?? "AAC",
  };
}
