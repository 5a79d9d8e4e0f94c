import { ADDRESSES, type PageAction, type PageEvents, TOKEN_NAME } from "../protocol.ts";
import { element } from "./dom.ts";
import { say } from "./language.ts";

const SENTENCE_STANDS = 6_000;
/** Actions after which the world begins anew: that takes a moment. */
const ANEW: ReadonlySet<PageAction["do"]> = new Set(["back", "ground", "restart"]);

/** How the page hears of the world and acts in it. A refusal is shown in a sentence. */
export class Connection {
  readonly #events = new EventSource(ADDRESSES.events);
  readonly #message = element("message");
  readonly #token = document.querySelector<HTMLMetaElement>(`meta[name="${TOKEN_NAME}"]`)?.content ?? "";
  #sending: Promise<unknown> = Promise.resolve();
  #lost = false;
  #fading: number | undefined;

  constructor() {
    this.#events.addEventListener("error", () => {
      this.#lost = true;
      this.#show(say("gone"));
    });
    this.#events.addEventListener("open", () => {
      this.#lost = false;
      this.#show("");
    });
  }

  /** Calls `handle` with the data of each event of that name. */
  on<Name extends keyof PageEvents>(name: Name, handle: (data: PageEvents[Name]) => void): void {
    this.#events.addEventListener(name, (event) =>
      handle(JSON.parse((event as MessageEvent<string>).data) as PageEvents[Name]),
    );
  }

  /** Calls `handle` whenever the page is told everything from the start. */
  onOpen(handle: () => void): void {
    this.#events.addEventListener("open", handle);
  }

  /** Sends what the person did; why it was refused, if it was. Actions go one after the other, as fingers do. */
  readonly act = (action: PageAction): Promise<string | undefined> => {
    const done = this.#sending.then(() => this.#send(action));
    this.#sending = done;
    return done;
  };

  async #send(action: PageAction): Promise<string | undefined> {
    const headers = { [TOKEN_NAME]: this.#token };
    if (ANEW.has(action.do)) this.#show(say("starting"), true);
    const sent = fetch(ADDRESSES.act, { method: "POST", headers, body: JSON.stringify(action) });
    const answer = await sent.catch(() => undefined);
    if (answer?.ok === true) {
      if (!this.#lost) this.#show("");
      return undefined;
    }
    const refusal = answer === undefined ? say("gone") : (await answer.text()) || answer.statusText;
    if (answer === undefined) this.#show(refusal);
    else this.#tell(refusal);
    return refusal;
  }

  /** A sentence that goes by itself. */
  #tell(sentence: string): void {
    this.#show(sentence);
    this.#fading = setTimeout(() => this.#show(""), SENTENCE_STANDS);
  }

  #show(sentence: string, calm = false): void {
    clearTimeout(this.#fading);
    this.#message.textContent = sentence;
    this.#message.classList.toggle("calm", calm);
  }
}

export type Act = Connection["act"];
