import type { Plugin } from "esbuild";

export const ownPlaces: Plugin;
export function bundledCommand(): Promise<string>;
