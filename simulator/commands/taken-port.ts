/** The port that a server could not have because another one has it; undefined for any other error. */
export function takenPort(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("code" in error) || error.code !== "EADDRINUSE") return undefined;
  return "port" in error && typeof error.port === "number" ? error.port : undefined;
}
