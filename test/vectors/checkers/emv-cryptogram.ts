/** Holds the issuer's cryptography to published values (kind `emv-cryptogram`). */
import {
  applicationCryptogram,
  arpcMethod1,
  arpcMethod2,
  cryptogramInput,
  cvc3,
  type IssuerDataPart,
  issuerDataPart,
  type Padding,
  pad,
} from "../../../simulator/acquirer/issuer/cryptogram.ts";
import {
  cardMasterKeyA,
  cardMasterKeyB,
  commonSessionKey,
  treeSessionKey,
  visaMessagingKey,
} from "../../../simulator/acquirer/issuer/keys.ts";
import {
  encryptScriptData,
  pinBlockFormat2,
  type ScriptScheme,
  scriptMac,
  visaPinBlock,
} from "../../../simulator/acquirer/issuer/script.ts";
import { checkFlow } from "./emv-cryptogram-flow.ts";
import { CaseError, type CaseReader, checkByOperation, type Operation } from "./issuer-case.ts";

function padding(read: CaseReader): Padding {
  const method = read.number("padding");
  if (method !== 1 && method !== 2) throw new CaseError("padding is neither 1 nor 2");
  return method;
}

function lengthOr8(read: CaseReader): number {
  return read.has("length") ? read.number("length") : 8;
}

function scheme(read: CaseReader): ScriptScheme {
  const name = read.text("scheme");
  if (name !== "VISA" && name !== "MASTERCARD" && name !== "EMV") throw new CaseError(`unknown scheme ${name}`);
  return name;
}

const sessionKeys: Record<string, (read: CaseReader) => Uint8Array> = {
  "EMV common (CSK)": (read) => commonSessionKey(read.bytes("cardMasterKey"), read.bytes("diversifier")),
  "Visa secure messaging": (read) => visaMessagingKey(read.bytes("cardMasterKey"), read.bytes("atc")),
  "EMV2000 tree": (read) =>
    treeSessionKey(read.bytes("cardMasterKey"), read.bytes("atc"), {
      height: read.number("height"),
      branchFactor: read.number("branchFactor"),
      iv: read.bytesOr("iv", new Uint8Array(16)),
    }),
};

/** What each named builder covers of 9F10, and how its input is padded when the case asks for that. */
const builders: Record<string, { part: IssuerDataPart; padding: Padding }> = {
  CVN10: { part: "cvr", padding: 1 },
  CVN18: { part: "all", padding: 2 },
  CVN22: { part: "all", padding: 2 },
  CVNCPA: { part: "all", padding: 2 },
  CVNMC: { part: "cvr", padding: 2 },
};

const operations: Record<string, Operation> = {
  masterKey: (read) => {
    const derive = read.text("option") === "B" ? cardMasterKeyB : cardMasterKeyA;
    const sequence = read.has("psn") ? read.text("psn") : "00";
    return read.expect("cardMasterKey", derive(read.bytes("issuerMasterKey"), read.text("pan"), sequence));
  },
  sessionKey: (read) => {
    const derive = sessionKeys[read.text("method")];
    if (!derive) throw new CaseError("unknown session key method");
    return read.expect("sessionKey", derive(read));
  },
  applicationCryptogram: (read) =>
    read.expect(
      "cryptogram",
      applicationCryptogram(read.bytes("sessionKey"), read.bytes("data"), padding(read), lengthOr8(read)),
    ),
  arpc: (read) =>
    read.expect(
      "arpc",
      read.number("method") === 1
        ? arpcMethod1(read.bytes("sessionKey"), read.bytes("arqc"), read.bytes("arc"))
        : arpcMethod2(
            read.bytes("sessionKey"),
            read.bytes("arqc"),
            read.bytes("csu"),
            read.bytesOr("proprietaryAuthData", new Uint8Array(0)),
          ),
    ),
  scriptMac: (read) => read.expect("mac", scriptMac(read.bytes("sessionKey"), read.bytes("data"), lengthOr8(read))),
  scriptEncrypt: (read) =>
    read.expect("ciphertext", encryptScriptData(read.bytes("sessionKey"), read.bytes("data"), scheme(read))),
  pinBlockFormat2: (read) => read.expect("pinBlock", pinBlockFormat2(read.text("pin"))),
  visPinBlock: (read) =>
    read.expect(
      "pinBlock",
      visaPinBlock(
        read.bytes("cardMasterKeyAc"),
        read.text("pin"),
        read.has("currentPin") ? read.text("currentPin") : undefined,
      ),
    ),
  cvc3: (read) => {
    const number = cvc3(read.bytes("cardKey"), read.bytes("trackTemplate"), read.bytes("atc"), read.bytes("un"));
    // Some tables give the whole number, some the digits that go into the track.
    return read.expect("result", read.has("result") ? number.slice(-read.text("result").length) : number);
  },
  cryptogramInput: (read) => {
    const builder = builders[read.text("builder")];
    if (!builder) throw new CaseError("unknown builder");
    const tags = read.group("tags");
    const element = (tag: string) => (tags.has(tag) ? tags.bytes(tag) : undefined);
    const input = cryptogramInput(element, issuerDataPart(tags.bytes("9F10"), builder.part));
    return read.expect("result", read.text("call").endsWith("_padded") ? pad(input, builder.padding) : input);
  },
  cvnFlow: (read) => checkFlow(read),
};

/** Checks one case; undefined when it holds, otherwise what did not. */
export function check(testCase: unknown): string | undefined {
  return checkByOperation(testCase, operations);
}
