import type { AuthorityKeyParameters, RevokedCertificate } from "../emv/keys.ts";
import type { RandomSelection } from "../emv/risk.ts";
import type { MacMethod } from "../vault/mac-method.ts";
import type { PasswordProof, Role } from "../vault/operators.ts";
import type { KeyScheme, PinBlockFormat } from "../vault/scheme.ts";

/** What the acquirer sets for one application (EMV 4.3 Book 3, 10; contactless Book A, 5). Byte strings in hexadecimal. */
export interface ApplicationParameters {
  /** Application identifier or its beginning, 5 to 16 bytes. */
  readonly aid: string;
  /** The card's name has to be this one; absent: it may go on behind it (application selection indicator; Book 1, 12.3.1). */
  readonly exactName?: boolean;
  /** Shown where the card has no label. */
  readonly label?: string;
  /** Contactless kernel number; absent: contact only. */
  readonly kernel?: number;
  /** Terminal action codes, 5 bytes each. */
  readonly tacDefault: string;
  readonly tacDenial: string;
  readonly tacOnline: string;
  /** Application version number, 2 bytes. */
  readonly applicationVersion: string;
  /** Terminal type (9F35) where this application has its own, 2 digits. */
  readonly terminalType?: string;
  /** When a combined signature (CDA) is asked for: mode 1 to 4 (EMV 4.3 Book 2, 6.6); absent: 1, always. */
  readonly cdaMode?: 1 | 2 | 3 | 4;
  /** What a card without a list of its own signs (default DDOL; Book 2, 6.5.1), 3 to 32 bytes; absent: 9F3704. */
  readonly defaultDynamicList?: string;
  /** False: the host takes no PIN with this application; absent: it does. */
  readonly onlinePin?: boolean;
  /** Minor units, as the limits below. */
  readonly floorLimit: number;
  /** The floor limit of taps; absent: the same. */
  readonly contactlessFloorLimit?: number;
  /** Which amounts under the floor limit go online by chance: minor units and two percentages; absent: none. */
  readonly randomSelection?: RandomSelection;
  /** From it on a tap is refused (kernel 2: above it). */
  readonly contactlessLimit: number;
  /** Kernel 2's limit for phones that verify their owner; absent: the same. */
  readonly contactlessDeviceLimit?: number;
  /** From it on a tap asks for the holder's verification (kernel 2: above it). */
  readonly contactlessCvmLimit: number;
  /** Kernel 7: below it neither PIN nor signature, even where the card asks; absent: the card's word counts. */
  readonly smallAmountLimit?: number;
  /** Terminal transaction qualifiers, 4 bytes. */
  readonly ttq?: string;
  /** One unit of the currency asks whether the card is good (Book B, 3.1.1.3). */
  readonly statusCheck?: boolean;
  readonly zeroAmountAllowed?: boolean;
  /** SELECT says the card's extended selection too (Book B, 3.3.3.3). */
  readonly extendedSelection?: boolean;
  /** Kernel 2's relay resistance: DF8132 to DF8136, 2 bytes each, in 100 microseconds, and DF8137, 1 byte. */
  readonly relaySettings?: string;
  /**
   * Kernel 2's configuration, DF811B, 1 byte: `80` this terminal has no stripe mode over the air (always set), `20`
   * phones verify their owner, `10` relay resistance, `04` all records are read (always done); absent: all of them.
   */
  readonly kernelConfiguration?: string;
  /** Torn taps that kernel 2 remembers (DF811D), at most 4; absent: 2. */
  readonly tornRecords?: number;
  /** Seconds for which it does (DF811C); absent: 300. */
  readonly tornLifetime?: number;
}

/** What may need somebody's password: a work of the menu, or the typing of a card's number. */
export type GuardedWork =
  | "voidSale"
  | "voidPreAuthorisation"
  | "voidCompletion"
  | "refund"
  | "offlineSale"
  | "adjustment"
  | "tip"
  | "manualEntry"
  | "disputes"
  | "report"
  | "reprint"
  | "settlement"
  | "signOut"
  | "download"
  | "keys"
  | "operators";

/** A text in the terminal's languages. */
export interface LocalText {
  readonly zh: string;
  readonly en: string;
}

/** What one terminal was told to be. */
export interface Parameters {
  /** Field 41, 8 characters. */
  readonly terminalId: string;
  /** Field 42, 15 characters. */
  readonly merchantId: string;
  /** With `merchantCity` it has to make a code of the shop's (codes/merchant-code.ts) where payments by code are taken. */
  readonly merchantName: LocalText;
  readonly language: "zh" | "en";
  /** ISO 4217 letters. */
  readonly currency: string;
  /** ISO 3166 numeric, 3 digits. */
  readonly countryCode: string;
  /** What codes that customers scan say of the shop beside its name: 15 characters of the city, ISO 3166 letters, category (ISO 18245). */
  readonly merchantCity: LocalText;
  readonly merchantCountry: string;
  readonly merchantCategory: string;
  /** The acquirer and who forwards to it, as UnionPay numbers institutions, 8 digits each; without the second both are one. */
  readonly acquirerIin: string;
  readonly forwardingIin?: string;
  /** A payment's code: all of it (EMVCo), or a wallet's link to it. The shop's own is always EMVCo's. */
  readonly codeForm: "emv" | "unionpay" | "wechat" | "alipay";
  /** What the shop's own code has phones add: `asked`, an amount (`5.00`) or a percentage (`10%`); absent: nothing. */
  readonly codeTip?: string;
  /** Whether payments that have come through are said aloud. */
  readonly voice: boolean;
  /** Whether taps are heard. */
  readonly beeps: boolean;
  readonly hostAddress: string;
  readonly hostPort: number;
  /** Stands in where the first cannot be reached; absent: there is none. */
  readonly secondHostAddress?: string;
  /** Absent: as the first. */
  readonly secondHostPort?: number;
  /** `plain`: nothing is encrypted on the way, and every screen says so. */
  readonly link: "tls" | "plain";
  /** What the hosts' certificates must name; absent: `hostAddress`. */
  readonly serverName?: string;
  /** Certificates of the authorities that may sign a host's, as DER. */
  readonly hostAuthorities: readonly Uint8Array[];
  /** Shown to a host that asks for them, as DER, our own first; its key is in the secure storage. */
  readonly clientCertificates: readonly Uint8Array[];
  /** Hosts' certificates that are no longer good (firmware/acquirer/README.md). */
  readonly denyList?: { readonly list: Uint8Array; readonly signature: Uint8Array };
  /** RSA key that signs deny lists, in hexadecimal. */
  readonly denyListKey?: { readonly modulus: string; readonly exponent: string };
  /** 5 bytes in hexadecimal: `60`, destination, source. */
  readonly tpdu: string;
  /** 6 bytes in hexadecimal. */
  readonly header: string;
  readonly connectTimeoutMs: number;
  /** From the last byte of the request to the last byte of the answer. */
  readonly answerTimeoutMs: number;
  readonly confirmApproval: "automatic" | "manual";
  /** Highest amount of a sale, minor units. */
  readonly saleLimit: number;
  /** Two digits: who takes payments where nobody signs on. */
  readonly operator: string;
  /** Whether operators sign on with their passwords before anything can be paid. */
  readonly operatorSignOn: boolean;
  /** After so many minutes without a key, a card or an order the terminal locks itself, 1 to 1440; 0: never. */
  readonly operatorIdleMinutes: number;
  /** Whose password a work needs, where it is another's than usual (terminal/operator/authority.ts). */
  readonly authority: Readonly<Partial<Record<GuardedWork, Role>>>;
  /** Batch number in use until the journal has one of its own, 1 to 999999. */
  readonly batch: number;
  readonly receiptCopies: number;
  /** Whether the cardholder may press ENTER without a PIN: credit cards without one are common in China. */
  readonly pinBypass: boolean;
  /** Whether what takes a transaction back or completes it needs its card again, and then the PIN. */
  readonly voidCard: boolean;
  readonly voidPin: boolean;
  /**
   * So many insertions of a chip that does not answer open the stripe of a chip card, 1 to 3. One insertion powers the
   * chip three times; acquirers that count insertions ask for 3.
   */
  readonly fallbackInsertions: number;
  /** Whether a supervisor may have a card's number typed. */
  readonly manualEntry: boolean;
  /** Whether sales that the bank authorised by telephone are taken. */
  readonly offlineSales: boolean;
  /** The largest tip in per cent of what it is given on top of; 0: no tips. */
  readonly tipPercent: number;
  /** Where working keys come from: a sign-in under the terminal master key, or DUKPT. */
  readonly keyScheme: KeyScheme;
  /** ISO 9564-1 format of the PIN block. */
  readonly pinBlockFormat: PinBlockFormat;
  /** How field 64 is computed; absent: as the key scheme usually has it. */
  readonly macMethod?: MacMethod;
  /** Tracks go out enciphered. */
  readonly encryptTracks: boolean;
  /** The cardholder reads the language that the card prefers (EMV 4.3 Book 4, 11.1), where the terminal has it. */
  readonly cardLanguage: boolean;
  /** Terminal type (EMV 4.3 Book 4, annex A1; 9F35): `21` asks its host always, `22` may do without, `23` has none. */
  readonly terminalType: string;
  /** Whether the host keeps a copy of each journal record (private extension). */
  readonly backup: boolean;
  /** "hh:mm", local: an idle terminal settles by itself then; absent: people do. */
  readonly settlementTime?: string;
  /** Whether the terminal listens for news of the merchant's money while nobody needs it (private extension). */
  readonly fundsNews: boolean;
  /** Whether a customer is offered the sum of the month at this merchant (private extension); absent: nobody is. */
  readonly customerSpending?: boolean;
  /** Whether customers may pay by code (wallets' codes, codes that are shown); absent: they may. */
  readonly codePayments?: boolean;
  /** Whether the shop has a code of its own, to which customers pay what they type; absent: it has none. */
  readonly shopCode?: boolean;
  /** How long a customer who pays by code may take on the phone, and how long a code is shown, in seconds; absent: 90 and 120. */
  readonly codeWaitSeconds?: number;
  readonly codeShowSeconds?: number;
  /** TCP port on which a cash register finds the terminal, with the one IP address that it has; absent: a serial line. */
  readonly registerPort?: number;
  readonly registerAddress?: string;
  /** Whether that cash register has to share a key with the terminal (terminal/README.md). */
  readonly registerPairing: boolean;
  /** Local time minus UTC, in minutes. */
  readonly utcOffsetMinutes: number;
  readonly aids: readonly ApplicationParameters[];
  /** The payment systems' public keys. */
  readonly caKeys: readonly AuthorityKeyParameters[];
  /** Issuers' certificates that are no longer good. */
  readonly revokedCertificates: readonly RevokedCertificate[];
  /** SHA-256 of the numbers (ASCII digits) of cards that are reported stolen, so that no number lies in flash. */
  readonly exceptionFile: readonly string[];
  /** Of operators, supervisor and administrator; without a supervisor's nobody can do what needs one. */
  readonly passwords: readonly PasswordProof[];
  /** Whether those passwords have to be changed when they are first used. */
  readonly initialPasswords: "change" | "keep";
}
