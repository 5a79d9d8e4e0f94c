/** What the C host gives to a bundle (host/main.c); the bundler makes the module. */
declare module "xspos:host" {
  /** Waits for one frame and gives its payload; `undefined` when the world has hung up. */
  export function read(): ArrayBuffer | undefined;
  /** Sends one frame, its payload in parts that follow each other, at the latest when `read` is called. */
  export function write(...parts: readonly (Uint8Array | ArrayBuffer)[]): void;
  /** Sends one frame of the bridge (host/request.c); false, and nothing sent, for arguments that it has no form for. */
  export function request(kind: number, handle: number, method: string, args: readonly unknown[]): boolean;
  export function request(kind: number, value: number | null): boolean;
  /** Waits for one frame and gives the value of an answer that says "done" (host/reply.c); `declined` for any other, which `read` gives. */
  export function reply(declined: unknown): unknown;
  /** Waits for one frame and gives its fields; `undefined` when the world has hung up, `declined` for a frame that `read` gives. */
  export function receive(declined: unknown): unknown;
  /** One line on standard error. */
  export function print(text: string): void;
  /** A file given with `--resource`, mapped read-only: takes no chunk memory. Throws `ReferenceError` for another name. */
  export function resource(name: string): Uint8Array;
}
