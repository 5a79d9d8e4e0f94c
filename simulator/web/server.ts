import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { buildPage } from "./build.ts";
import { Guard } from "./guard.ts";
import { ADDRESSES, type PageEvent, TOKEN_NAME } from "./protocol.ts";

/** What the person on the page did: a name and plain values. */
export type Action = Readonly<Record<string, unknown>>;

export interface PageOptions {
  readonly port: number;
  /** All that a page that has just been opened must be told. */
  readonly snapshot: () => readonly PageEvent[];
  /** Throws to refuse, with a sentence for the person. */
  readonly act: (action: Action) => void | Promise<void>;
  /** Gives a signed package to the terminal's host; throws to refuse. */
  readonly offer: (bytes: Uint8Array) => void;
  /** What else can be had, by address; undefined: not (any more). */
  readonly documents?: Readonly<Record<string, (query: URLSearchParams) => Document | undefined | Promise<Document>>>;
}

/** Something to be had from the server. */
export interface Document {
  readonly type: string;
  readonly bytes: string | Uint8Array;
  /** Of a file to be saved. */
  readonly name?: string;
}

/** No other site's page shows this one in a frame, where a person would press its buttons unknowingly, or takes its files for others. */
const CLOSED = {
  "x-frame-options": "DENY",
  "content-security-policy": "frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "cross-origin-resource-policy": "same-origin",
} as const;
const PAGE = new URL("./page/", import.meta.url);
const MOST_BYTES = 65_536;
/** Of a package: a slot of the largest board. */
const MOST_PACKAGE = 4 << 20;

/** Serves the page on the loopback address and streams events to every browser that shows it. */
export class PageServer {
  readonly #options: PageOptions;
  readonly #listeners = new Set<ServerResponse>();
  readonly #server: Server;
  readonly #guard = new Guard();
  #built = new Map<string, string>();

  constructor(options: PageOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => {
      for (const [name, value] of Object.entries(CLOSED)) response.setHeader(name, value);
      this.#serve(request, response).catch((error: unknown) => {
        response.writeHead(500, { "content-type": "text/plain; charset=utf-8" });
        response.end(error instanceof Error ? error.message : "error");
      });
    });
  }

  /** Builds the page and listens; the address to open. Port 0 takes any free one. */
  async start(): Promise<string> {
    this.#built = await buildPage();
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(this.#options.port, "127.0.0.1", resolve);
    });
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("no address");
    return `http://localhost:${address.port}/`;
  }

  publish(event: PageEvent): void {
    const text = `event: ${event.name}\ndata: ${JSON.stringify(event.data)}\n\n`;
    for (const listener of this.#listeners) listener.write(text);
  }

  async stop(): Promise<void> {
    for (const listener of this.#listeners) listener.end();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!this.#guard.isLocal(request) || (request.method === "POST" && !this.#guard.mayChange(request))) {
      response.writeHead(403).end();
      return;
    }
    const asked = addressOf(request);
    if (asked === undefined || this.#guard.isForeign(request, asked.pathname)) {
      response.writeHead(asked === undefined ? 400 : 403).end();
      return;
    }
    const { pathname: path, searchParams: query } = asked;
    const { documents = {} } = this.#options;
    if (request.method === "GET" && path === ADDRESSES.events) this.#stream(request, response);
    else if (request.method === "POST" && path === ADDRESSES.act)
      await this.#take(request, response, MOST_BYTES, this.#act);
    else if (request.method === "POST" && path === ADDRESSES.package)
      await this.#take(request, response, MOST_PACKAGE, this.#options.offer);
    else if (request.method === "GET" && Object.hasOwn(documents, path))
      await this.#document(response, documents[path]!, query);
    else if (request.method === "GET") await this.#file(path, response);
    else response.writeHead(405).end();
  }

  /** A document that there is not now is refused with its sentence. */
  async #document(
    response: ServerResponse,
    document: NonNullable<PageOptions["documents"]>[string],
    query: URLSearchParams,
  ) {
    let given: Awaited<ReturnType<typeof document>>;
    try {
      given = await document(query);
    } catch (error) {
      response.writeHead(409, { "content-type": "text/plain; charset=utf-8" });
      response.end(error instanceof Error ? error.message : "refused");
      return;
    }
    give(response, given);
  }

  #stream(request: IncomingMessage, response: ServerResponse): void {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    for (const event of this.#options.snapshot()) {
      response.write(`event: ${event.name}\ndata: ${JSON.stringify(event.data)}\n\n`);
    }
    this.#listeners.add(response);
    request.on("close", () => this.#listeners.delete(response));
  }

  readonly #act = (bytes: Uint8Array): void | Promise<void> => {
    const action: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
    if (typeof action !== "object" || action === null) throw new Error("an action is an object");
    return this.#options.act(action as Action);
  };

  async #take(
    request: IncomingMessage,
    response: ServerResponse,
    most: number,
    use: (bytes: Uint8Array) => void | Promise<void>,
  ): Promise<void> {
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of request) {
      length += (chunk as Buffer).length;
      if (length > most) {
        response.writeHead(413).end();
        return;
      }
      chunks.push(chunk as Buffer);
    }
    try {
      await use(new Uint8Array(Buffer.concat(chunks)));
      response.writeHead(204).end();
    } catch (error) {
      response.writeHead(400, { "content-type": "text/plain; charset=utf-8" });
      response.end(error instanceof Error ? error.message : "refused");
    }
  }

  async #file(path: string, response: ServerResponse): Promise<void> {
    const built = this.#built.get(path);
    if (built !== undefined) {
      const type = path.endsWith(".css") ? "text/css" : "text/javascript";
      response.writeHead(200, { "content-type": `${type}; charset=utf-8` }).end(built);
      return;
    }
    if (path !== "/") {
      response.writeHead(404).end();
      return;
    }
    const page = await readFile(new URL("index.html", PAGE), "utf8");
    response.writeHead(200, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" });
    response.end(this.#withToken(page));
  }

  #withToken(text: string): string {
    const place = `<meta name="${TOKEN_NAME}" content="`;
    return text.replace(place, place + this.#guard.token);
  }
}

/** Undefined where it is no address. */
function addressOf({ url = "/" }: IncomingMessage): URL | undefined {
  try {
    return new URL(url, "http://localhost");
  } catch {
    return undefined;
  }
}

function give(response: ServerResponse, document: Document | undefined): void {
  if (document === undefined) {
    response.writeHead(404).end();
    return;
  }
  const { type, bytes, name } = document;
  const save = name === undefined ? {} : { "content-disposition": `attachment; filename="${name}"` };
  response.writeHead(200, { "content-type": type, "cache-control": "no-store", ...save }).end(bytes);
}
