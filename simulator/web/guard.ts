import { randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { TOKEN_NAME } from "./protocol.ts";

const TOKEN_BYTES = 24;

/**
 * Who may talk to the page's server: this machine under its own names, no other site's page; and who wants to change
 * something must know the token that is handed out in the page, another one at each start.
 */
export class Guard {
  readonly token = randomBytes(TOKEN_BYTES).toString("hex");

  /** Whether the request means this server by a name of this machine, and comes from its own page or from no page. */
  isLocal({ headers, socket }: IncomingMessage): boolean {
    const names = ["localhost", "127.0.0.1"].map((name) => `${name}:${socket.localPort}`);
    if (!names.includes(headers.host ?? "")) return false;
    return headers.origin === undefined || headers.origin === `http://${headers.host}`;
  }

  /** Whether a browser says that another site's page asks: it may lead a person to the page itself, and to nothing else. */
  isForeign({ headers }: IncomingMessage, path: string): boolean {
    const site = headers["sec-fetch-site"];
    if (site === undefined || site === "same-origin" || site === "none") return false;
    return path !== "/" || headers["sec-fetch-dest"] !== "document";
  }

  /** Whether the request carries the page's token; takes as long for every wrong one of its length. */
  mayChange({ headers }: IncomingMessage): boolean {
    const given = Buffer.from(String(headers[TOKEN_NAME] ?? ""), "latin1");
    const wanted = Buffer.from(this.token, "latin1");
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  }
}
