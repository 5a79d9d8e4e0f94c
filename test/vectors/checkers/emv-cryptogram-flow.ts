/** A whole card life of published values: keys of one card, then cryptogram, answer and script commands step by step. */
import { concat, fromHex } from "../../../simulator/acquirer/bytes.ts";
import {
  applicationCryptogram,
  arpcMethod1,
  arpcMethod2,
  cryptogramInput,
  MINIMUM_ELEMENTS,
} from "../../../simulator/acquirer/issuer/cryptogram.ts";
import {
  cardMasterKeyA,
  cardMasterKeyB,
  commonSessionKey,
  commonSessionKeyByAtc,
  mastercardSessionKey,
  visaMessagingKey,
} from "../../../simulator/acquirer/issuer/keys.ts";
import {
  encryptScriptData,
  pinBlockFormat2,
  type ScriptScheme,
  scriptMac,
  visaPinBlock,
} from "../../../simulator/acquirer/issuer/script.ts";
import { CaseError, type CaseReader } from "./issuer-case.ts";

/** How a scheme's cryptogram version does each thing (EMV 4.3 Book 2, annex A; scheme specifications). */
interface Version {
  readonly option: "A" | "B";
  readonly acKey: "none" | "atc" | "atcAndUnpredictable";
  readonly arpcKey: "none" | "atc" | "atcAndUnpredictable";
  readonly padding: 1 | 2;
  readonly arpc: 1 | 2;
  readonly messagingKey: "visa" | "arqc";
  /** What stands between a script's header and its data under the MAC. */
  readonly macWithTransaction: boolean;
  readonly cipher: ScriptScheme;
  readonly pinBlock: "visa" | "format2";
}

const visa10: Version = {
  option: "A",
  acKey: "none",
  arpcKey: "none",
  padding: 1,
  arpc: 1,
  messagingKey: "visa",
  macWithTransaction: true,
  cipher: "VISA",
  pinBlock: "visa",
};
const visa18: Version = { ...visa10, option: "B", acKey: "atc", arpcKey: "atc", padding: 2, arpc: 2 };
const mastercard16: Version = {
  option: "A",
  acKey: "atcAndUnpredictable",
  arpcKey: "none",
  padding: 2,
  arpc: 1,
  messagingKey: "arqc",
  macWithTransaction: true,
  cipher: "MASTERCARD",
  pinBlock: "format2",
};
const mastercard20: Version = { ...mastercard16, acKey: "atc", arpcKey: "atc" };

const versions: Record<string, Version> = {
  "visa 10": visa10,
  "visa 18": visa18,
  "visa 22": { ...visa18, messagingKey: "arqc", pinBlock: "format2" },
  "interac 133": { ...mastercard16, arpcKey: "atcAndUnpredictable", macWithTransaction: false },
  "mastercard 16": mastercard16,
  "mastercard 17": mastercard16,
  "mastercard 20": mastercard20,
  "mastercard 21": mastercard20,
};

/** The card's three keys and what the last cryptogram step said, which later steps may leave out. */
interface Flow {
  readonly version: Version;
  readonly ac: Uint8Array;
  readonly smi: Uint8Array;
  readonly smc: Uint8Array;
  readonly transaction: (tag: string) => Uint8Array;
}

function acKey(flow: Flow, use: Version["acKey"]): Uint8Array {
  if (use === "none") return flow.ac;
  if (use === "atc") return commonSessionKeyByAtc(flow.ac, flow.transaction("9F36"));
  return mastercardSessionKey(flow.ac, flow.transaction("9F36"), flow.transaction("9F37"));
}

function messagingKey(flow: Flow, cardKey: Uint8Array): Uint8Array {
  return flow.version.messagingKey === "visa"
    ? visaMessagingKey(cardKey, flow.transaction("9F36"))
    : commonSessionKey(cardKey, flow.transaction("9F26"));
}

function macInput(flow: Flow, header: Uint8Array, data: Uint8Array): Uint8Array {
  return flow.version.macWithTransaction
    ? concat(header, flow.transaction("9F36"), flow.transaction("9F26"), data)
    : concat(header, data);
}

type Step = (flow: Flow, step: CaseReader) => (string | undefined)[];

const cryptogramStep: Step = (flow, step) => {
  const issuerPart = concat(
    ...["9F10", "cvr", "counters"].filter((name) => step.has(name)).map((name) => step.bytes(name)),
  );
  const input = cryptogramInput((tag) => (step.has(tag) ? step.bytes(tag) : undefined), issuerPart);
  const key = acKey(flow, flow.version.acKey);
  return [
    step.expect("data", input),
    step.expect("sessionKey", key),
    step.expect("result", applicationCryptogram(key, input, flow.version.padding)),
  ];
};

const arpcStep: Step = (flow, step) => {
  const key = acKey(flow, flow.version.arpcKey);
  const arqc = flow.transaction("9F26");
  const proprietary = ["proprietary_auth_data", "prop_auth_data", "proprietaryAuthData"].find((name) => step.has(name));
  const answer =
    flow.version.arpc === 1
      ? arpcMethod1(key, arqc, step.bytes(step.has("arpc_rc") ? "arpc_rc" : "arc"))
      : arpcMethod2(key, arqc, step.bytes("csu"), proprietary ? step.bytes(proprietary) : new Uint8Array(0));
  return [step.expect("sessionKey", key), step.expect("result", answer)];
};

/** A step that shows one key: by method, for the card key given or for the application cryptogram. */
const sessionKeyStep: Step = (flow, step) => {
  const cardKey = step.has("icc_mk_sm") ? step.bytes("icc_mk_sm") : flow.ac;
  const method = step.text("method");
  const methods: Record<string, () => Uint8Array> = {
    none: () => cardKey,
    "Mastercard (ATC||0000||UN)": () =>
      mastercardSessionKey(cardKey, flow.transaction("9F36"), flow.transaction("9F37")),
    "EMV common (ARQC)": () => commonSessionKey(cardKey, flow.transaction("9F26")),
    "EMV common (ATC)": () => commonSessionKeyByAtc(cardKey, flow.transaction("9F36")),
    "Visa secure messaging": () => visaMessagingKey(cardKey, flow.transaction("9F36")),
  };
  const known = methods[method] ?? methods[otherSpelling(method, step)];
  if (!known) throw new CaseError(`unknown session key method ${method}`);
  return [step.expect("result", known())];
};

/** Other spellings of a method's name, told apart by what it mentions and what the step gives. */
function otherSpelling(method: string, step: CaseReader): string {
  if (method.includes("UN")) return "Mastercard (ATC||0000||UN)";
  if (method.toUpperCase().includes("VISA")) return "Visa secure messaging";
  if (!method.includes("common")) return method;
  return method.includes("ARQC") || step.has("9F26") ? "EMV common (ARQC)" : "EMV common (ATC)";
}

function bytesByName(step: CaseReader, ...names: string[]): Uint8Array {
  const name = names.find((candidate) => step.has(candidate));
  return name ? step.bytes(name) : new Uint8Array(0);
}

const scriptMacStep: Step = (flow, step) => {
  const key = messagingKey(flow, flow.smi);
  const header = bytesByName(step, "command_header", "commandHeader");
  const input = macInput(flow, header, bytesByName(step, "command_data", "commandData"));
  return [
    step.expect("macInput", input),
    step.expect("sessionKeySmi", key),
    step.expect("result", scriptMac(key, input)),
  ];
};

const scriptEncryptStep: Step = (flow, step) => {
  const key = messagingKey(flow, flow.smc);
  const data = bytesByName(step, "command_data", "commandData", "data");
  return [step.expect("sessionKeySmc", key), step.expect("result", encryptScriptData(key, data, flow.version.cipher))];
};

const pinChangeStep: Step = (flow, step) => {
  const pin = step.text("pin");
  const current = ["current_pin", "currentPin"].find((name) => step.has(name));
  const useVisa = flow.version.pinBlock === "visa" || current !== undefined;
  const block = useVisa ? visaPinBlock(flow.ac, pin, current && step.text(current)) : pinBlockFormat2(pin);
  const smc = messagingKey(flow, flow.smc);
  const smi = messagingKey(flow, flow.smi);
  const enciphered = encryptScriptData(smc, block, flow.version.cipher);
  const header = Uint8Array.of(0x84, 0x24, 0x00, current ? 0x01 : 0x02, enciphered.length + 8);
  const input = macInput(flow, header, enciphered);
  return [
    step.expect("pinBlock", block),
    step.expect("encryptedPinBlock", enciphered),
    step.expect("sessionKeySmc", smc),
    step.expect("sessionKeySmi", smi),
    step.expect("macInput", input),
    step.expect("result", concat(header, enciphered, scriptMac(smi, input))),
  ];
};

const steps: Record<string, Step> = {
  applicationCryptogram: cryptogramStep,
  arpc: arpcStep,
  sessionKey: sessionKeyStep,
  scriptMac: scriptMacStep,
  scriptEncrypt: scriptEncryptStep,
  pinChangeCommand: pinChangeStep,
};

/** Derives the card's keys and checks every step; undefined when all hold. */
export function checkFlow(read: CaseReader): string | undefined {
  const version = versions[`${read.text("scheme").toLowerCase()} ${read.number("cvn")}`];
  if (!version) throw new CaseError("unknown scheme or cryptogram version");
  const derive = version.option === "A" ? cardMasterKeyA : cardMasterKeyB;
  const sequence = read.has("psn") ? read.text("psn") : "00";
  const cardKey = (name: string) => derive(read.bytes(name), read.text("pan"), sequence);
  const keys = {
    ac: cardKey("issuerMasterKeyAc"),
    smi: cardKey("issuerMasterKeySmi"),
    smc: cardKey("issuerMasterKeySmc"),
  };
  const wrong = [
    read.expect("cardMasterKeyAc", keys.ac),
    read.expect("cardMasterKeySmi", keys.smi),
    read.expect("cardMasterKeySmc", keys.smc),
  ];
  const seen = new Map<string, Uint8Array>();
  for (const [index, step] of read.list("steps").entries()) {
    const run = steps[step.text("step")];
    if (!run) throw new CaseError(`unknown step ${step.text("step")}`);
    for (const tag of [...MINIMUM_ELEMENTS, "9F26"]) if (step.has(tag)) seen.set(tag, step.bytes(tag));
    if (step.text("step") === "applicationCryptogram" && step.has("result"))
      seen.set("9F26", fromHex(step.text("result")));
    const transaction = (tag: string) => {
      const value = seen.get(tag);
      if (!value) throw new CaseError(`${tag} was not given`);
      return value;
    };
    wrong.push(
      ...run({ version, ...keys, transaction }, step).map((message) => message && `step ${index + 1}: ${message}`),
    );
  }
  return wrong.find((message) => message !== undefined);
}
