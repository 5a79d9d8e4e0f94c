/** The whole terminal over real TLS, on Node and on XS. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { issue } from "../../simulator/acquirer/certificates/issue.ts";
import { hostCertificates } from "../../simulator/acquirer/certificates/store.ts";
import { VIRTUAL_HOST_NAME } from "../../simulator/acquirer/certificates/virtual.ts";
import { type ServerIdentity, serveTls } from "../../simulator/acquirer/tls.ts";
import type { Ground } from "../../simulator/runtime/ground.ts";
import { groundOf } from "../../simulator/runtime/grounds.ts";
import { live } from "../../simulator/runtime/life.ts";
import { LoopbackNetwork, takenDownWith } from "../../simulator/world/loopback-network.ts";
import { Simulation } from "../../simulator/world/simulation.ts";
import { availableOf } from "../available.ts";
import { pace, saleOver, when } from "./real-sale.ts";

const folder = mkdtempSync(join(tmpdir(), "xspos-tls-"));
const made = hostCertificates(VIRTUAL_HOST_NAME, folder);

/** A sale that ends at that screen; what the host was debited, and how many messages it got. */
async function sale(
  ground: Ground,
  identity: ServerIdentity,
  ends: string,
  prepare: (simulation: Simulation) => void = () => {},
): Promise<readonly [number, number]> {
  const simulation = new Simulation({
    seed: 1,
    parameters: { language: "en", hostAuthorities: [made.authority], connectTimeoutMs: 100_000 },
  });
  let messages = 0;
  const host = {
    receive: (message: Uint8Array) => {
      messages++;
      return simulation.bank.receive(message);
    },
  };
  const server = await serveTls(host, identity);
  const sockets = new LoopbackNetwork(simulation.world, server.port);
  simulation.board.network = takenDownWith(simulation.network, sockets);
  prepare(simulation);
  saleOver(simulation);
  when(simulation, ends, () => simulation.world.stop());
  const end = await live(ground, simulation.board, pace());
  await server.close();
  assert.is(end.crashed, undefined);
  assert.equal(simulation.audit(), []);
  return [simulation.ledger.debited("magstripe-credit"), messages];
}

for (const name of await availableOf(["node", "xs"], "sales over real TLS")) {
  test(`${name}: a sale goes over real TLS, certificate judged, to the host's books`, async () => {
    const identity = { certificates: [made.certificate], key: made.key };
    assert.equal(await sale(await groundOf(name), identity, "approved"), [1234, 2]);
  });

  test(`${name}: a host with another authority's certificate gets no message, and the terminal is offline`, async () => {
    const other = issue({ name: "Other authority", isAuthority: true, from: new Date("2026-01-01"), key: made.key });
    const stranger = issue({ name: VIRTUAL_HOST_NAME, issuer: other, from: new Date("2026-01-01"), key: made.key });
    const identity = { certificates: [stranger.certificate], key: stranger.key };
    assert.equal(await sale(await groundOf(name), identity, "offline"), [0, 0]);
  });
}

test("a network that is taken down is down over real sockets too, and a line that stood breaks", async () => {
  const identity = { certificates: [made.certificate], key: made.key };
  const ground = await groundOf("node");
  const down = ({ network }: Simulation) => network.set({ kind: "down" });
  assert.equal(await sale(ground, identity, "offline", down), [0, 0]);
  const later = (simulation: Simulation) => when(simulation, "enter-pin", () => down(simulation));
  assert.is((await sale(ground, identity, "offline", later))[0], 0);
});

test("the certificates of a machine are made once, and again for another name", () => {
  const again = hostCertificates(VIRTUAL_HOST_NAME, folder);
  assert.equal([again.authority, again.certificate], [made.authority, made.certificate]);
  assert.not.equal(hostCertificates("elsewhere.xspos.test", folder).certificate, made.certificate);
});

test.after(() => rmSync(folder, { recursive: true }));

test.run();
