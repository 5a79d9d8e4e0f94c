import { test } from "uvu";
import * as assert from "uvu/assert";
import { same, size } from "#native/derive";
import { load, open } from "#native/vault";
import { FormatError } from "../../../firmware/codec/errors.ts";
import { type KeyBlockBench, unwrapKeyBlock, wrapKeyBlock } from "../../../firmware/vault/key-block.ts";
import {
  type KeyAttributes,
  type KeyBlockVersion,
  readKeyBlockHeader,
  writeKeyBlockHeader,
} from "../../../firmware/vault/key-block-header.ts";
import { Seeded } from "../seeded.ts";
import { CountingRandom } from "./secure.ts";

const attributes: KeyAttributes = {
  version: "D",
  usage: "P0",
  algorithm: "A",
  mode: "E",
  keyVersion: "00",
  exportability: "N",
  keyContext: "00",
  optionalBlocks: [],
};

function benchWith(protection: Uint8Array): KeyBlockBench {
  const memory = open(8);
  load(memory, 0, protection);
  return { memory, protection: 0, encryption: 1, authentication: 2, payload: 3 };
}

const isFormat = (error: unknown): boolean => error instanceof FormatError;

const kinds: readonly (readonly [KeyBlockVersion, string, readonly number[], readonly number[]])[] = [
  ["A", "T", [16, 24], [16, 24]],
  ["B", "T", [16, 24], [8, 16, 24]],
  ["C", "T", [8, 16, 24], [16, 24]],
  ["D", "A", [16, 24, 32], [16, 24, 32]],
  ["D", "H", [32], [20, 64, 200]],
  ["E", "A", [16, 24, 32], [16, 32]],
];

test("every version brings keys of every length back", () => {
  const seeded = new Seeded(5);
  for (const [version, algorithm, protections, lengths] of kinds) {
    for (const protection of protections) {
      for (const length of lengths) {
        const bench = benchWith(seeded.bytes(protection));
        load(bench.memory, 4, seeded.bytes(length));
        const block = wrapKeyBlock(bench, { ...attributes, version, algorithm }, 4, new CountingRandom());
        const header = unwrapKeyBlock(bench, block, 5);
        assert.ok(same(bench.memory, 4, 5), `${version} ${protection} ${length}`);
        assert.is(header.length, block.length);
        for (const slot of [1, 2, 3]) assert.is(size(bench.memory, slot), 0, "nothing is left on the bench");
      }
    }
  }
});

test("a block of which any character was changed is refused, and the target stays empty", () => {
  for (const version of ["A", "B", "C", "D", "E"] as const) {
    const bench = benchWith(new Seeded(7).bytes(16));
    load(bench.memory, 4, new Seeded(8).bytes(16));
    const optionalBlocks = [{ id: "KS", data: "00604B120F9292800000" }];
    const block = wrapKeyBlock(
      bench,
      { ...attributes, version, algorithm: "T", optionalBlocks },
      4,
      new CountingRandom(),
    );
    for (let place = 0; place < block.length; place++) {
      for (const other of [block[place] === "0" ? "1" : "0", "Z", " "]) {
        const changed = block.slice(0, place) + other + block.slice(place + 1);
        assert.throws(() => unwrapKeyBlock(bench, changed, 5), isFormat, `${version} ${place} ${other}`);
      }
    }
    for (const cut of [0, 1, 15, 16, 40, block.length - 1]) {
      assert.throws(() => unwrapKeyBlock(bench, block.slice(0, cut), 5), isFormat, `${version} cut ${cut}`);
    }
    assert.throws(() => unwrapKeyBlock(bench, `${block}00`, 5), isFormat);
    assert.throws(() => unwrapKeyBlock(bench, block.toLowerCase(), 5), isFormat);
    assert.is(size(bench.memory, 5), 0);
  }
});

test("a block under another key, or under one of a length that the version has not, is refused", () => {
  const bench = benchWith(new Seeded(7).bytes(16));
  load(bench.memory, 4, new Seeded(8).bytes(16));
  for (const [version, wrong] of [
    ["A", [32, 7, 12]],
    ["B", [8, 32]],
    ["C", [32]],
    ["D", [8, 20]],
    ["E", [8]],
  ] as const) {
    const block = wrapKeyBlock(bench, { ...attributes, version, algorithm: "T" }, 4, new CountingRandom());
    for (const length of [...wrong, 16]) {
      const other = benchWith(new Seeded(9).bytes(length));
      assert.throws(() => unwrapKeyBlock(other, block, 5), isFormat, `${version} ${length}`);
    }
  }
});

test("short keys do not show by the length of their block", () => {
  const lengths = [16, 24, 32].map((length) => {
    const bench = benchWith(new Seeded(7).bytes(32));
    load(bench.memory, 4, new Seeded(8).bytes(length));
    return wrapKeyBlock(bench, attributes, 4, new CountingRandom()).length;
  });
  assert.is(new Set(lengths).size, 1);
});

test("optional blocks of each kind are kept, and padded to whole cipher blocks", () => {
  const optionalBlocks = [
    { id: "KS", data: "00604B120F9292800000" },
    { id: "CT", data: "00".repeat(150) },
    { id: "HM", data: "21" },
    { id: "TS", data: "2026-11-23T01:00:00Z" },
    { id: "KC", data: "0012345678" },
    { id: "LB", data: "" },
  ];
  for (const size of [8, 16]) {
    const text = writeKeyBlockHeader({ ...attributes, optionalBlocks }, size, 0);
    const header = readKeyBlockHeader(text);
    assert.is(header.headerLength, text.length);
    assert.is(text.length % size, 0);
    assert.equal(header.optionalBlocks.slice(0, optionalBlocks.length), optionalBlocks);
    assert.ok(header.optionalBlocks.slice(optionalBlocks.length).every(({ id }) => id === "PB"));
  }
});

test("headers that break their own rules are refused", () => {
  for (const text of [
    "",
    "D0000P0AE00N000",
    "F0000P0AE00N0000",
    "D00X0P0AE00N0000",
    "D0000P?AE00N0000",
    "D0000P0 E00N0000",
    "D0000P0AE0-N0000",
    "D0000P0AE00 0000",
    "D0000P0AE00N0A00",
    "D0000P0AE00N00 0",
    "D0000P0AE00N0100",
    "D0000P0AE00N0100KS",
    "D0000P0AE00N0100KS03",
    "D0000P0AE00N0100KS0a1234",
    "D0000P0AE00N0100KS0001060",
    "D0000P0AE00N0100KS000105",
    "D0000P0AE00N0100KS05\u00e9",
    "D0000P0AE00N0200KS04",
  ]) {
    assert.throws(() => readKeyBlockHeader(text), isFormat, text);
  }
  for (const bad of [{ usage: "P" }, { mode: "EE" }, { algorithm: "" }, { keyVersion: "_0" }, { exportability: "?" }]) {
    assert.throws(() => writeKeyBlockHeader({ ...attributes, ...bad }, 16, 0), isFormat);
  }
});

test.run();
