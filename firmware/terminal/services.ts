import type { Clock, Random } from "../../hal/device.ts";
import type { SettlementHost } from "../acquirer/settlement.ts";
import type { Acquirer } from "../acquirer/types.ts";
import type { TornLog } from "../emv/contactless/torn.ts";
import type { NotesPort } from "../journal/notes.ts";
import type { JournalPort } from "../journal/types.ts";
import type { Line } from "../receipt/lines.ts";
import type { PrintResult } from "../receipt/paper.ts";
import type { Language } from "../screen/messages/words.ts";
import type { Currency, Money } from "../screen/money.ts";
import type { Screen } from "../screen/screens.ts";
import type { Parameters } from "../update/parameters.ts";
import type { FlowOperators } from "../vault/flow-operators.ts";
import type { KeyKeeper, Vault } from "../vault/types.ts";
import type { Announcer } from "../voice/announcer.ts";
import type { BackgroundBackup } from "./backup.ts";
import type { BatchNumber } from "./batch/number.ts";
import type { ParameterUpdate } from "./download.ts";
import type { FundsNews } from "./funds-news.ts";
import type { OnDuty } from "./operator/duty.ts";
import type { Peripherals } from "./peripherals/peripherals.ts";
import type { PowerWatch } from "./power-watch.ts";
import type { CashRegister } from "./register/cash-register.ts";

/** What a flow may use of the screen. Both calls resolve when all is drawn. */
export interface ScreenPort {
  readonly language: Language;
  show(screen: Screen): Promise<void>;
  setLanguage(language: Language): Promise<void>;
}

/** What a flow may use of the printer. */
export interface PaperPort {
  print(lines: readonly Line[]): Promise<PrintResult>;
}

/** What a flow may use of keys and readers. */
export type PeripheralsPort = Pick<
  Peripherals,
  | "wait"
  | "wake"
  | "key"
  | "pause"
  | "dropTyping"
  | "hasStripe"
  | "hasScanner"
  | "chip"
  | "contactless"
  | "chipPresent"
  | "endContactless"
  | "sign"
>;

/** All that flows work with; they reach for nothing else. */
export interface Services {
  readonly clock: Pick<Clock, "monotonic" | "wall">;
  readonly random: Random;
  readonly parameters: Parameters;
  readonly currency: Currency;
  readonly screen: ScreenPort;
  readonly peripherals: PeripheralsPort;
  /** Absent on a terminal without a printer. */
  readonly paper: PaperPort | undefined;
  readonly journal: JournalPort;
  readonly vault: Pick<Vault, "pinBlock" | "protectPan" | "revealPan">;
  /** For a supervisor who brings keys. */
  readonly keys: KeyKeeper;
  readonly acquirer: Acquirer;
  readonly settlement: SettlementHost;
  /** The batch that is open. */
  readonly batch: Pick<BatchNumber, "number" | "text" | "adopt">;
  /** Small things that outlive a power cut. */
  readonly notes: NotesPort;
  readonly register: Pick<CashRegister, "next" | "takeCancel" | "tell" | "pair">;
  readonly update: ParameterUpdate;
  /** Absent on a terminal whose host keeps no copy of its journal. */
  readonly backup?: Pick<BackgroundBackup, "host" | "resume" | "pause"> | undefined;
  /** Absent on a terminal that does not listen for news of the merchant's money. */
  readonly news?: Pick<FundsNews, "resume" | "pause" | "hasUnclaimed" | "forgetUnclaimed"> | undefined;
  readonly power?: Pick<PowerWatch, "trouble" | "warning" | "whileIdle">;
  /** Absent on a terminal that says nothing aloud. */
  readonly voice?: Pick<Announcer, "say"> | undefined;
  /** Taps that broke off at their cryptogram. */
  readonly torn: TornLog;
  readonly operators: Pick<FlowOperators, "use">;
  readonly duty: OnDuty;
}

/** An amount of the terminal's currency, in minor units. */
export function money(services: Pick<Services, "currency">, minor: number): Money {
  return { minor, currency: services.currency };
}
