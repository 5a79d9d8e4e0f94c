import type { Device } from "../hal/device.ts";
import type { SecureStorage } from "../hal/io.ts";
import { UnionPayAcquirer } from "./acquirer/acquirer.ts";
import { UnionPayBackup } from "./acquirer/backup.ts";
import type { LinkSecurity } from "./acquirer/connection.ts";
import type { AcquirerOptions } from "./acquirer/conversation.ts";
import { KnownChain } from "./acquirer/judge.ts";
import { Link, type LinkOptions } from "./acquirer/link.ts";
import { UnionPayNews } from "./acquirer/news.ts";
import { hostsOf, securityOf } from "./acquirer/security.ts";
import { UnionPaySettlement } from "./acquirer/settlement.ts";
import { StandingLine } from "./acquirer/standing-line.ts";
import { TornLog } from "./emv/contactless/torn.ts";
import { FlowJournal } from "./journal/flow-journal.ts";
import { FlashJournal } from "./journal/journal.ts";
import { FlowNotes, Notes } from "./journal/notes.ts";
import { Paper, type PaperDevice } from "./receipt/paper.ts";
import { Font } from "./screen/font.ts";
import { isCurrency } from "./screen/money.ts";
import { allReaders, type ReaderName } from "./screen/panel-parts.ts";
import type { ScreenOf } from "./screen/screens.ts";
import { ScreenView } from "./screen/view.ts";
import { BackgroundBackup } from "./terminal/backup.ts";
import { BatchNumber } from "./terminal/batch/number.ts";
import type { ParameterUpdate } from "./terminal/download.ts";
import { FundsNews, type FundsNewsOptions } from "./terminal/funds-news.ts";
import { waitForKeys } from "./terminal/keyless.ts";
import { restoreLanguage } from "./terminal/language.ts";
import type { OnDuty } from "./terminal/operator/duty.ts";
import { fontAtStart, messagesAtStart } from "./terminal/packages/at-start.ts";
import { trialAtStart } from "./terminal/packages/trial.ts";
import { Peripherals } from "./terminal/peripherals/peripherals.ts";
import { FlowScreen } from "./terminal/peripherals/screen.ts";
import { Signs } from "./terminal/peripherals/signs.ts";
import { StatusBar } from "./terminal/peripherals/status-bar.ts";
import { PowerWatch } from "./terminal/power-watch.ts";
import { CashRegister } from "./terminal/register/cash-register.ts";
import type { Services } from "./terminal/services.ts";
import { TamperAlarm } from "./terminal/tamper.ts";
import { runTerminal } from "./terminal/terminal.ts";
import { version } from "./terminal/version.ts";
import { inTurnOfItsOwn } from "./turn.ts";
import { readParameters } from "./update/parameter-check.ts";
import type { Parameters } from "./update/parameters.ts";
import { ParameterStore } from "./update/store.ts";
import type { Trial } from "./update/trial.ts";
import { FlowOperators } from "./vault/flow-operators.ts";
import { RegisterKey } from "./vault/register-key.ts";
import { KeyVault } from "./vault/vault.ts";
import { Announcer } from "./voice/announcer.ts";

/**
 * Starts the terminal on a device and never comes back. The case comes first: open, it costs the keys. A terminal that was not told who it is, or that has no master
 * key, says that it is out of service. Rejects only when the device itself fails.
 */
export async function boot(device: Device): Promise<never> {
  await undefined; // in a turn of its own, like every step below that opens drivers or draws
  const alarm = await inTurnOfItsOwn(() => new TamperAlarm(device));
  try {
    const services = await start(device, alarm);
    if (services === undefined) return forEver();
    return await (services.vault.ready ? runTerminal(services) : waitForKeys(services, () => services.vault.ready));
  } catch (error) {
    if (alarm.isRaised) {
      return forEver(); // all flows have ended, the screen says why
    }
    throw error;
  }
}

/** All that flows need, with the parts that only the start knows. */
type Started = Services & { readonly peripherals: Peripherals; readonly vault: KeyVault };

/** Undefined: the terminal is out of service, and says why. */
async function start(device: Device, alarm: TamperAlarm): Promise<Started | undefined> {
  const trial = await inTurnOfItsOwn(() => trialAtStart(device));
  if (trial === "again") {
    device.restart();
    return undefined;
  }
  if (trial !== "here") device.alive();
  const font = await inTurnOfItsOwn(() => fontAtStart(device));
  const messages = await inTurnOfItsOwn(() => messagesAtStart(device));
  const flash = device.flash({ partition: "parameters" });
  const parameters = readParameters(flash);
  flash.close();
  const language = parameters?.language ?? "zh";
  const screen = new ScreenView({
    display: device.display({}),
    font,
    language,
    messages,
    status: { merchant: parameters?.merchantName[language] ?? "", network: "up", plain: parameters?.link === "plain" },
    readers: readersOf(device),
    keys: device.glassKeys,
    recorder: device.recorder,
  });
  const bar = parameters === undefined ? undefined : statusBarOf(device, parameters);
  const view = new FlowScreen(screen, bar);
  alarm.whenRaised({ giveUp: () => void view.seal({ id: "tampered" }) });
  await view.show({ id: "boot", version });
  const vault = await inTurnOfItsOwn(() => {
    const opened = new KeyVault(device, parameters);
    alarm.guard(opened);
    return opened;
  });
  if (vault.state === "tampered") {
    return stayOutOfService(view, { reason: "tampered" });
  }
  const problem = whatIsMissing(parameters, true);
  if (parameters === undefined || problem !== undefined) {
    return stayOutOfService(view, { detail: problem ?? "parameters" });
  }
  const trust = await inTurnOfItsOwn(() => securityOf(parameters, device.secure));
  if (trust.kind === "missing") {
    return stayOutOfService(view, { detail: trust.problem });
  }
  const linkOptions = linkOptionsOf(device, parameters, trust.security);
  const ways: Ways = {
    newLink: () => {
      const link = new Link(linkOptions);
      alarm.whenRaised(link);
      return link;
    },
    newLine: () => {
      const line = new StandingLine(linkOptions);
      alarm.whenRaised(line);
      return line;
    },
  };
  const services = await servicesOf(device, parameters, view, vault, font, bar, ways, trial);
  if (trial === "here") device.alive();
  const { peripherals, backup, news, torn } = services;
  alarm.whenRaised({
    giveUp: () => {
      peripherals.stop();
      torn.wipe();
      void backup?.pause();
      void news?.pause();
    },
  });
  await restoreLanguage(services);
  return services;
}

/** Only what is used: each name more takes a slot of the device's memory for ever, here and in the link's options. */
function statusBarOf({ clock }: Device, { merchantName, utcOffsetMinutes, link }: Parameters): StatusBar {
  return new StatusBar({ clock, merchantName, utcOffsetMinutes, link });
}

function linkOptionsOf(device: Device, parameters: Parameters, security: LinkSecurity | undefined): LinkOptions {
  const { clock, random } = device;
  const { connectTimeoutMs, answerTimeoutMs } = parameters;
  const hosts = hostsOf(parameters);
  return { device, clock, random, connectTimeoutMs, answerTimeoutMs, hosts, security, known: new KnownChain() };
}

/** @param why a word for the technician, or what the cashier is told */
async function stayOutOfService(
  view: FlowScreen,
  why: Pick<ScreenOf<"out-of-service">, "detail" | "reason">,
): Promise<undefined> {
  await view.show({ id: "out-of-service", ...why });
  return undefined;
}

function forEver(): Promise<never> {
  return new Promise<never>(() => {});
}

/** Where a cash register on the network finds the terminal; undefined: it has a line of its own. */
function registerNetworkOf({ registerPort: port, registerAddress: address }: Parameters) {
  return port === undefined || address === undefined ? undefined : { port, address };
}

/** What keeps this terminal out of service, in a word for the technician. */
function whatIsMissing(parameters: Parameters | undefined, hasMasterKey: boolean): string | undefined {
  if (parameters === undefined) {
    return "parameters";
  }
  if (!isCurrency(parameters.currency)) {
    return "currency";
  }
  return hasMasterKey ? undefined : "master key";
}

/** Ways to the host, each of which is given up when the case is opened. */
interface Ways {
  newLink(): Link;
  newLine(): StandingLine;
}

async function servicesOf(
  device: Device,
  parameters: Parameters,
  screen: FlowScreen,
  vault: KeyVault,
  font: Uint8Array,
  bar: StatusBar | undefined,
  ways: Ways,
  trial: Trial,
): Promise<Started> {
  const { clock, random } = device;
  const records = await inTurnOfItsOwn(() => {
    const ring = device.flash({ partition: "journal" });
    const history = device.flash({ partition: "history" });
    return new FlashJournal(ring, history, parameters.batch);
  });
  const journal = new FlowJournal(records);
  const batch = new BatchNumber(records);
  const notes = await inTurnOfItsOwn(() => new FlowNotes(new Notes(device.flash({ partition: "notes" }))));
  const duty: OnDuty = { operator: undefined, inMenu: undefined };
  const peripherals = await inTurnOfItsOwn(() => new Peripherals(device, new Signs(device, parameters.beeps)));
  const power = await inTurnOfItsOwn(() => new PowerWatch(device));
  bar?.attachPower(power);
  const update = await updateOf(device, vault, ways, trial);
  const register = await inTurnOfItsOwn(() => {
    const pairing = parameters.registerPairing ? { key: new RegisterKey(device), random } : undefined;
    const line = new CashRegister(device, peripherals, registerNetworkOf(parameters), pairing);
    peripherals.attachRegister(line);
    return line;
  });
  const host = {
    parameters,
    vault,
    link: ways.newLink(),
    clock,
    batch,
    duty,
    journal,
    bar,
  };
  const currency = isCurrency(parameters.currency) ? parameters.currency : "CNY";
  // One link at a time: each of the two makes room for the other.
  const backup = parameters.backup ? backupOf(host, ways.newLink(), device, journal, batch, bar) : undefined;
  let news: FundsNews | undefined;
  // Of keys that change with each message a host that speaks first has none.
  if (parameters.fundsNews && parameters.keyScheme === "master-session") {
    news = new FundsNews({
      ...newsHostOf(host, ways.newLine()),
      clock,
      notes,
      batch,
      neighbour: backup,
      onUnclaimed: () => peripherals.wake(),
      show: ({ state, count, net }) =>
        screen.show({
          id: "idle",
          news: state,
          count,
          amount: { minor: net, currency },
          ...(duty.operator === undefined ? {} : { operator: duty.operator }),
        }),
    });
    backup?.takeTurnsWith(news);
  }
  return {
    clock,
    random,
    parameters,
    currency,
    screen,
    peripherals,
    paper: hasPrinter(device) ? new Paper(device, clock, new Font(font)) : undefined,
    journal,
    vault,
    voice: parameters.voice && currency === "CNY" && device.speaker !== undefined ? new Announcer(device) : undefined,
    torn: new TornLog(),
    operators: new FlowOperators(device, parameters),
    duty,
    keys: vault,
    acquirer: new UnionPayAcquirer(host),
    settlement: new UnionPaySettlement(host),
    batch,
    notes,
    register,
    power,
    update,
    backup,
    news,
  };
}

/** News come on a line of their own, on which the terminal also signs in where it has to. */
function newsHostOf(options: AcquirerOptions, line: StandingLine): Pick<FundsNewsOptions, "host" | "acquirer"> {
  const host = { ...options, link: line };
  return { host: new UnionPayNews(host, line), acquirer: new UnionPayAcquirer(host) };
}

/** Nothing is remembered of parameters that do not count yet. */
function onlyRead(secure: SecureStorage): SecureStorage {
  return { read: (name) => secure.read(name), write: () => {}, erase: () => {}, close: () => {} };
}

/** Downloads go into the bank that is not in use; what would keep the terminal out of service is not taken. */
async function updateOf(device: Device, vault: KeyVault, { newLine }: Ways, trial: Trial): Promise<ParameterUpdate> {
  const store = await inTurnOfItsOwn(() => new ParameterStore(device.flash({ partition: "parameters" })));
  return {
    store,
    problemOf: (parameters) => {
      const trust = securityOf(parameters, onlyRead(device.secure));
      return (
        whatIsMissing(parameters, vault.hasKeysFor(parameters.keyScheme)) ??
        (trust.kind === "missing" ? trust.problem : undefined)
      );
    },
    restart: () => device.restart(),
    newLine,
    device,
    trial,
  };
}

/** The backup speaks to the host over a link of its own, which it can give up. */
function backupOf(
  options: AcquirerOptions,
  link: Link,
  { clock }: Device,
  journal: FlowJournal,
  batch: BatchNumber,
  bar: StatusBar | undefined,
): BackgroundBackup {
  const host = { ...options, link };
  return new BackgroundBackup({
    clock,
    journal,
    acquirer: new UnionPayAcquirer(host),
    host: new UnionPayBackup(host),
    link,
    restoreHost: new UnionPayBackup(options),
    batch,
    bar,
  });
}

function hasPrinter(device: Device): device is Device & PaperDevice {
  return device.printer !== undefined;
}

/** How cards can be presented; absent where it is every way that there is. */
function readersOf({ chip, contactless, magstripe }: Device): readonly ReaderName[] | undefined {
  if (chip !== undefined && contactless !== undefined && magstripe !== undefined) {
    return undefined;
  }
  const there = { chip, tap: contactless, swipe: magstripe };
  return allReaders.filter((reader) => there[reader] !== undefined);
}
