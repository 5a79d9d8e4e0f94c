import { request } from "node:http";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ADDRESSES, TOKEN_NAME } from "../../simulator/web/protocol.ts";
import { type Action, PageServer } from "../../simulator/web/server.ts";

interface Served {
  readonly port: number;
  readonly token: string;
  readonly acts: readonly Action[];
}

async function served(use: (served: Served) => Promise<void>): Promise<void> {
  const acts: Action[] = [];
  const server = new PageServer({
    port: 0,
    snapshot: () => [],
    act: (action) => void acts.push(action),
    offer: () => {},
    documents: {
      "/refused": () => {
        throw new Error("no scenario can say this");
      },
    },
  });
  try {
    const address = await server.start();
    const page = await (await fetch(address)).text();
    const token = new RegExp(`<meta name="${TOKEN_NAME}" content="([0-9a-f]{48})"`).exec(page)?.[1] ?? "none";
    await use({ port: Number(new URL(address).port), token, acts });
  } finally {
    await server.stop();
  }
}

/** The status of a request with just these headers; Host is the server's own where none is named. */
function ask(port: number, method: string, path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request({ port, host: "127.0.0.1", method, path, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
    asked.on("error", reject);
    asked.end(method === "POST" ? '{"do":"remove"}' : undefined);
  });
}

test("nobody changes anything at the terminal without the token that its page was given", async () => {
  await served(async ({ port, token, acts }) => {
    const other = token.replace(/.$/, (last) => (last === "0" ? "1" : "0"));
    for (const headers of [{}, { [TOKEN_NAME]: "" }, { [TOKEN_NAME]: other }, { [TOKEN_NAME]: `${token}0` }]) {
      for (const path of [ADDRESSES.act, ADDRESSES.package]) assert.is(await ask(port, "POST", path, headers), 403);
    }
    assert.equal(acts, []);
    assert.is(await ask(port, "POST", ADDRESSES.act, { [TOKEN_NAME]: token }), 204);
    assert.equal(acts, [{ do: "remove" }]);
  });
});

test("each start of the page has a token of its own", async () => {
  const tokens: string[] = [];
  for (let start = 0; start < 2; start++) await served(async ({ token }) => void tokens.push(token));
  assert.is(new Set(tokens).size, 2);
});

test("another site's page can neither show the terminal in a frame nor have it do any work", async () => {
  await served(async ({ port }) => {
    for (const site of ["cross-site", "same-site"]) {
      for (const [mode, target] of [
        ["no-cors", "image"],
        ["no-cors", "script"],
        ["navigate", "iframe"],
      ] as const) {
        const headers = { "sec-fetch-site": site, "sec-fetch-mode": mode, "sec-fetch-dest": target };
        for (const path of ["/", "/page.js", ADDRESSES.events, ADDRESSES.recording])
          assert.is(await ask(port, "GET", path, headers), 403, `${site} ${target} ${path}`);
      }
      const link = { "sec-fetch-site": site, "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
      assert.is(await ask(port, "GET", "/", link), 200);
      assert.is(await ask(port, "GET", ADDRESSES.recording, link), 403);
    }
    const { headers } = await fetch(`http://localhost:${port}/`);
    assert.is(headers.get("x-frame-options"), "DENY");
    assert.is(headers.get("x-content-type-options"), "nosniff");
  });
});

test("an address that is none is the asker's mistake", async () => {
  await served(async ({ port }) => {
    for (const path of ["//", "http://["]) assert.is(await ask(port, "GET", path, { host: `localhost:${port}` }), 400);
  });
});

test("another name of this machine, or another site's page, reaches nothing, with the token or without", async () => {
  await served(async ({ port, token, acts }) => {
    const strangers = [
      { host: "terminal.example" },
      { host: `terminal.example:${port}` },
      { host: "localhost" },
      { host: `localhost:${port}`, origin: "http://terminal.example" },
      { host: `localhost:${port}`, origin: `http://localhost:${port + 1}` },
      { host: `localhost:${port}`, origin: `https://localhost:${port}` },
      { host: `localhost:${port}`, origin: "null" },
    ];
    for (const headers of strangers) {
      for (const path of ["/", "/page.js", ADDRESSES.events]) assert.is(await ask(port, "GET", path, headers), 403);
      assert.is(await ask(port, "POST", ADDRESSES.act, { ...headers, [TOKEN_NAME]: token }), 403);
    }
    assert.equal(acts, []);
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`]) {
      assert.is(await ask(port, "GET", "/", { host }), 200);
      assert.is(await ask(port, "POST", ADDRESSES.act, { host, origin: `http://${host}`, [TOKEN_NAME]: token }), 204);
    }
  });
});

test("a document that is refused is no fault of the server's, and says why", async () => {
  await served(async ({ port }) => {
    const answer = await fetch(`http://localhost:${port}/refused`);
    assert.is(answer.status, 409);
    assert.is(await answer.text(), "no scenario can say this");
  });
});

test.run();
