import { read, receive, reply, request, write } from "xspos:host";
import type { FramePipe } from "../../../hal/bridge/protocol.ts";

/** The C host's standard input and output as a pipe of frames. */
export const hostPipe: FramePipe = Object.freeze({
  read(): Uint8Array | undefined {
    const payload = read();
    return payload === undefined ? undefined : new Uint8Array(payload);
  },
  write,
  request,
  reply,
  receive,
});
