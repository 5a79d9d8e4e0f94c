/** Holds the issuer's PIN checks to published values (kind `pin-verify`). */
import { fromHex } from "../../../simulator/acquirer/bytes.ts";
import { cardVerificationValue, ibm3624Offset, ibm3624Pin, visaPvv } from "../../../simulator/acquirer/issuer/pin.ts";
import { type CaseReader, checkByOperation, type Operation } from "./issuer-case.ts";

function ibm3624(read: CaseReader) {
  return {
    conversionTable: read.text("conversionTable"),
    pan: read.text("pan"),
    panVerifyOffset: read.number("panVerifyOffset"),
    panVerifyLength: read.number("panVerifyLength"),
    panPad: read.text("panPad"),
  };
}

const operations: Record<string, Operation> = {
  ibm3624Pin: (read) =>
    read.expect("result", ibm3624Pin(fromHex(read.text("pvk")), read.text("offset"), ibm3624(read))),
  ibm3624Offset: (read) =>
    read.expect("result", ibm3624Offset(fromHex(read.text("pvk")), read.text("pin"), ibm3624(read))),
  visaPvv: (read) =>
    read.expect("result", visaPvv(fromHex(read.text("pvk")), read.text("pvki"), read.text("pin"), read.text("pan"))),
  cvv: (read) =>
    read.expect(
      "result",
      cardVerificationValue(fromHex(read.text("cvk")), read.text("pan"), read.text("expiry"), read.text("serviceCode")),
    ),
};

/** Checks one case; undefined when it holds, otherwise what did not. */
export function check(testCase: unknown): string | undefined {
  return checkByOperation(testCase, operations);
}
