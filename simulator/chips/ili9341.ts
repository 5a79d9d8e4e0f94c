import type { Board } from "../io/board.ts";
import { DcsPanelChip, type DcsPanelWires, usuallyIgnored } from "./dcs-panel.ts";

/** Numbers of parameters of commands without a picture (datasheet, 8.2 and 8.3). */
const ignored: Readonly<Record<number, number>> = {
  ...usuallyIgnored,
  85: 1, // WRCABC
  177: 2, // FRMCTR1
  180: 1, // INVTR
  182: 3, // DISCTRL, its fourth parameter is optional
  192: 1, // PWCTRL1
  193: 1, // PWCTRL2
  197: 2, // VMCTRL1
  199: 1, // VMCTRL2
  224: 15, // PGAMCTRL
  225: 15, // NGAMCTRL
};

/** Display controller ILI9341 with a 320 x 240 panel in landscape, whose filter is blue-green-red. */
export class Ili9341Chip extends DcsPanelChip {
  constructor(board: Board, wires: DcsPanelWires) {
    super(board, wires, {
      columns: 240,
      pages: 320,
      glass: { columns: { first: 0, count: 240 }, pages: { first: 0, count: 320 } },
      mount: { exchanged: true, mirrorColumns: false, mirrorPages: false },
      filter: "blue-green-red",
      complement: false,
      ignored,
    });
  }
}
