import { digitalContract } from "./digital.contract.ts";
import { Bench } from "./pump.ts";

const PIN = 7;

digitalContract("simulated wire", () => {
  const bench = new Bench();
  const wire = bench.board.digitalWire(PIN);
  return {
    Digital: bench.io.Digital,
    pin: PIN,
    run: (milliseconds) => bench.run(milliseconds),
    drive: (level) => wire.drive(level),
    level: () => wire.level,
    delivering: () => bench.delivering,
  };
});
