import type { Board } from "../io/board.ts";
import { DcsPanelChip, type DcsPanelFacts, type DcsPanelWires, usuallyIgnored } from "./dcs-panel.ts";

/** Numbers of parameters of commands without a picture (ST7789V data sheet, 9.1 and 9.2). */
const ignored7789: Readonly<Record<number, number>> = {
  ...usuallyIgnored,
  85: 1, // WRCACE
  176: 2, // RAMCTRL
  178: 5, // PORCTRL
  183: 1, // GCTRL
  187: 1, // VCOMS
  192: 1, // LCMCTRL
  194: 2, // VDVVRHEN
  195: 1, // VRHS
  196: 1, // VDVS
  198: 1, // FRCTRL2
  208: 2, // PWCTRL1
  224: 14, // PVGAMCTRL
  225: 14, // NVGAMCTRL
};

/** Numbers of parameters of commands without a picture (ST7796S data sheet, 9.2 and 9.3). */
const ignored7796: Readonly<Record<number, number>> = {
  0: 0, // NOP
  19: 0, // NORON
  53: 1, // TEON
  81: 1, // WRDISBV
  83: 1, // WRCTRLD
  85: 1, // WRCABC
  177: 2, // FRMCTR1
  180: 1, // DIC
  182: 3, // DFC
  192: 2, // PWR1
  193: 1, // PWR2
  194: 1, // PWR3
  197: 1, // VCMPCTL
  224: 14, // PGC
  225: 14, // NGC
  232: 8, // DOCA
  240: 1, // CSCON
};

/** IPS glass turned to the left by a quarter: pages run from left to right, columns from bottom to top. */
const turned = { exchanged: true, mirrorColumns: true, mirrorPages: false };

const facts = {
  /** ST7789V, 320 x 240. */
  st7789: {
    columns: 240,
    pages: 320,
    glass: { columns: { first: 0, count: 240 }, pages: { first: 0, count: 320 } },
    mount: turned,
    filter: "red-green-blue",
    complement: true,
    ignored: ignored7789,
  },
  /** ST7789V, 240 x 135: less glass than memory. */
  st7789Small: {
    columns: 240,
    pages: 320,
    glass: { columns: { first: 52, count: 135 }, pages: { first: 40, count: 240 } },
    mount: turned,
    filter: "red-green-blue",
    complement: true,
    ignored: ignored7789,
  },
  /** ST7796S, 320 x 480, upright; its columns run from right to left. */
  st7796: {
    columns: 320,
    pages: 480,
    glass: { columns: { first: 0, count: 320 }, pages: { first: 0, count: 480 } },
    mount: { exchanged: false, mirrorColumns: true, mirrorPages: false },
    filter: "blue-green-red",
    complement: false,
    ignored: ignored7796,
  },
} satisfies Record<string, DcsPanelFacts>;

/** A panel with a Sitronix controller, by the name of its glass. */
export function sitronixPanel(board: Board, wires: DcsPanelWires, glass: keyof typeof facts): DcsPanelChip {
  return new DcsPanelChip(board, wires, facts[glass]);
}
