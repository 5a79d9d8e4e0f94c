/** The module that the Moddable SDK starts in p1's test build: the firmware on a laptop's IO, over UART 0. */
import Timer from "timer";
import { boot } from "../../../../firmware/main.ts";
import { lineLife } from "../../../bridge/line-life.ts";
import { linePatience } from "../../../bridge/line-pipe.ts";
import { resource } from "../../sdk/linked-file.ts";
import { endBootWatch, restart } from "../../sdk/reset.js";
import { p1 } from "../wiring.ts";
import { uartLine } from "./port.ts";

const BAUD = 921_600;

export default function main(): void {
  endBootWatch(); // what runs on the line waits for the laptop as long as it takes
  const idle = lineLife(uartLine(BAUD), linePatience(BAUD), resource, (io) => boot(p1(io)));
  /** One callback a turn of the SDK's loop, so that promise jobs are done between them. */
  const turn = (): void => {
    if (idle()) Timer.set(turn);
    else restart();
  };
  Timer.set(turn);
}
