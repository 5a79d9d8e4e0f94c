/** The firmware's version, as people read it. */
export const version = "0.1.0";
