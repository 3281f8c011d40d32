/** The settings page in Thunderbird. */

import { readSetup } from "../../core/settings.js";
import { Options } from "../options.js";

await new Options(await readSetup()).draw();
