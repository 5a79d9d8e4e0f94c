import { main } from "../../simulator/cli.ts";

/** What a command came to: its exit status, and what it wrote to standard output and to standard error. */
export interface Ended {
  readonly status: number;
  readonly wrote: string;
  readonly said: string;
}

/** Runs the `xspos` command in this process, which saves the start of another; nothing else may write meanwhile. */
export async function xspos(...args: string[]): Promise<Ended> {
  const { stdout, stderr } = process;
  const writes = [stdout.write, stderr.write] as const;
  let [wrote, said] = ["", ""];
  stdout.write = (text: string | Uint8Array) => {
    wrote += text;
    return true;
  };
  stderr.write = (text: string | Uint8Array) => {
    said += text;
    return true;
  };
  try {
    const status = await main(args);
    return { status, wrote, said };
  } finally {
    [stdout.write, stderr.write] = writes;
  }
}
