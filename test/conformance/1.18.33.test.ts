/** The behaviours on the pinned release of 1.x. */
import { describeConformance } from "./suite.js";

describeConformance("1.18.33");
