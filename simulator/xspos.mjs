#!/usr/bin/env node
// The `xspos` command: the TypeScript beside it, loaded through tsx.
import { register } from "tsx/esm/api";

register();
const { main } = await import("./cli.ts");
process.exitCode = await main(process.argv.slice(2));
