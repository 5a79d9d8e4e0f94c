import type { Board } from "../io/board.ts";
import { DcsPanelChip, type DcsPanelWires, usuallyIgnored } from "./dcs-panel.ts";

/** Numbers of parameters of commands without a picture (ILI9342C data sheet, 8.2 and 8.3). */
const ignored: Readonly<Record<number, number>> = {
  ...usuallyIgnored,
  176: 1, // IFMODE
  182: 3, // DISCTRL, its fourth parameter is optional
  192: 2, // PWCTRL1
  193: 1, // PWCTRL2
  197: 1, // VMCTRL1
  200: 3, // SETEXTC
  224: 15, // PGAMCTRL
  225: 15, // NGAMCTRL
};

/** Display controller ILI9342C under IPS glass of 320 x 240, as the M5Stack Core boards have it: columns run from left to right. */
export class Ili9342Chip extends DcsPanelChip {
  constructor(board: Board, wires: DcsPanelWires) {
    super(board, wires, {
      columns: 320,
      pages: 240,
      glass: { columns: { first: 0, count: 320 }, pages: { first: 0, count: 240 } },
      mount: { exchanged: false, mirrorColumns: false, mirrorPages: false },
      filter: "blue-green-red",
      complement: true,
      ignored,
    });
  }
}
