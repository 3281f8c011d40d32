/** The settings page of the browser extension. */

import { readSetup } from "../core/settings.js";
import { Options } from "./options.js";

await new Options(await readSetup()).draw();
