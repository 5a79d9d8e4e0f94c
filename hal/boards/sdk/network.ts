import WiFi from "embedded:network/interface/wifi";
import keyValueStorage from "embedded:storage/key-value";
import SNTP from "sntp";
import Time from "time";
import Timer from "timer";

/** The namespace of NVS with "ssid", "password" (absent for an open network) and "timeServer", as strings. */
const NAMESPACE = "network";
const DEFAULT_TIME_SERVER = "pool.ntp.org";
const RECONNECT_MILLISECONDS = 5_000;
const DISCONNECTED = 200;
const CONNECTED = 500;

interface NetworkSettings {
  readonly ssid: string | undefined;
  readonly password: string | undefined;
  readonly timeServer: string;
}

/**
 * Joins the Wi-Fi network that NVS names, again whenever it is lost, and sets the clock once. Does not wait: a terminal
 * starts without a network and says so. Without settings nothing is joined.
 */
export function joinNetwork(): void {
  const { ssid, password, timeServer } = readSettings();
  if (ssid === undefined) return;
  const access = password === undefined ? { SSID: ssid } : { SSID: ssid, password, secure: true };
  let timed = false;
  let waiting = false;
  const wifi = new WiFi({
    onChanged(property) {
      if (property !== "connection") return;
      if (wifi.connection >= CONNECTED && !timed) {
        timed = true;
        setTime(timeServer);
      } else if (wifi.connection <= DISCONNECTED && !waiting) {
        waiting = true;
        Timer.set(() => {
          waiting = false;
          wifi.connect(access);
        }, RECONNECT_MILLISECONDS);
      }
    },
  });
  wifi.connect(access);
}

function readSettings(): NetworkSettings {
  const storage = keyValueStorage.open({ path: NAMESPACE, format: "string" });
  try {
    const text = (key: string): string | undefined => storage.read(key) as string | undefined;
    return { ssid: text("ssid"), password: text("password"), timeServer: text("timeServer") ?? DEFAULT_TIME_SERVER };
  } finally {
    storage.close();
  }
}

/** Asks the time server until it answers. */
function setTime(host: string): void {
  new SNTP({ host }, (message, value) => {
    if (message === SNTP.time && value !== undefined) Time.set(value);
    return message === SNTP.error ? host : undefined;
  });
}
