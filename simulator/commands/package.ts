import { readFileSync, writeFileSync } from "node:fs";
import { FONTS } from "../update/font.ts";
import { makePackage, PACKAGE_KINDS, type PackageWish } from "../update/make-package.ts";
import { ADDRESSES, TOKEN_NAME } from "../web/protocol.ts";
import { portNumber, readArguments, UsageError, wholeNumber } from "./arguments.ts";

/** Of the kinds whose content is written in JSON here and goes out in CBOR. */
const TOLD: readonly string[] = ["parameters", "applications", "caKeys", "messages"];

/**
 * `xspos package KIND --version 1.2.3 [--content FILE] [--security-version N] [--board NAME] [--signed-by maker|acquirer]
 * [--replace-newer] [--entry terminal|hangs|crashes] [--font whole|latin|bold] [--spoil] [--out FILE] [--offer PORT]`: signs a
 * package with the TEST key, writes it to a file, and gives it to the host of the terminal on that port of this machine.
 */
export async function run(args: readonly string[]): Promise<number> {
  const { values, words } = readArguments(args, {
    version: "string",
    content: "string",
    "security-version": "string",
    board: "string",
    "signed-by": "string",
    "replace-newer": "boolean",
    entry: "string",
    font: "string",
    spoil: "boolean",
    out: "string",
    offer: "string",
  });
  const [kindName, more] = words;
  const kind = PACKAGE_KINDS.find((known) => known === kindName);
  if (kind === undefined || more !== undefined) throw new UsageError(`name one kind: ${PACKAGE_KINDS.join(", ")}`);
  const { version, board } = values;
  if (version === undefined) throw new UsageError("--version takes three numbers, such as 1.2.3");
  const offer = portNumber(values.offer, "offer");
  const securityVersion = wholeNumber("security-version", values["security-version"]);
  const signedBy = oneOf("signed-by", values["signed-by"], ["maker", "acquirer"] as const);
  const entry = oneOf("entry", values.entry, ["terminal", "hangs", "crashes"] as const);
  const font = oneOf("font", values.font ?? (kind === "fonts" ? "whole" : undefined), FONTS);
  const content = values.content === undefined ? undefined : contentOf(kind, values.content);
  const bytes = made({
    kind,
    version,
    mayReplaceNewer: values["replace-newer"] === true,
    spoilt: values.spoil === true,
    ...(board === undefined ? {} : { board }),
    ...(securityVersion === undefined ? {} : { securityVersion }),
    ...(signedBy === undefined ? {} : { signedBy }),
    ...(entry === undefined ? {} : { entry }),
    ...(font === undefined || content !== undefined ? {} : { font }),
    ...(content === undefined ? {} : { content }),
  });
  const file = values.out ?? (offer === undefined ? `${kind}-${version}.xpkg` : undefined);
  if (file !== undefined) {
    writeFileSync(file, bytes);
    process.stdout.write(`${file}: ${kind} ${version}, ${bytes.length} bytes\n`);
  }
  return offer === undefined ? 0 : await give(bytes, offer);
}

function oneOf<const Word extends string>(
  name: string,
  text: string | undefined,
  words: readonly Word[],
): Word | undefined {
  const word = words.find((known) => known === text);
  if (text !== undefined && word === undefined) throw new UsageError(`--${name} takes ${words.join(", ")}`);
  return word;
}

/** Bytes as they are, or JSON. */
function contentOf(kind: string, file: string): Uint8Array | object {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch {
    throw new UsageError(`there is no file ${file}`);
  }
  if (!TOLD.includes(kind)) return new Uint8Array(bytes);
  try {
    const value: unknown = JSON.parse(bytes.toString("utf8"));
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // what follows says it
  }
  throw new UsageError(`${file}: a JSON map or list is what ${kind} are made of`);
}

function made(wish: PackageWish): Buffer {
  try {
    return makePackage(wish);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
}

/** Hands the package to `xspos sim` on that port: its host has it for the terminal from now on. */
async function give(bytes: Buffer, port: number): Promise<number> {
  let answer: Response;
  const page = `http://127.0.0.1:${port}`;
  try {
    const headers = { [TOKEN_NAME]: tokenIn(await (await fetch(page)).text()) };
    answer = await fetch(page + ADDRESSES.package, { method: "POST", headers, body: new Uint8Array(bytes) });
  } catch {
    process.stderr.write(`xspos package: no terminal at port ${port}; start one with xspos sim --port ${port}\n`);
    return 1;
  }
  if (!answer.ok) {
    process.stderr.write(`xspos package: refused: ${await answer.text()}\n`);
    return 1;
  }
  process.stdout.write("The host has it. At the terminal: MENU, Terminal, Update (supervisor's password 000000).\n");
  return 0;
}

/** What a page's server hands out in its page to whoever may change something. */
function tokenIn(page: string): string {
  return new RegExp(`name="${TOKEN_NAME}" content="([0-9a-f]*)"`).exec(page)?.[1] ?? "";
}
