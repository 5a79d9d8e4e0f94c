import { versionText } from "../update/package.ts";
import { thisBuild } from "../update/this-build.ts";

/** The firmware's version, as people read it. */
export const version = versionText(thisBuild.version);
