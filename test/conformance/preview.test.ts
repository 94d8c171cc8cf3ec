/** The behaviours on the preview of 2.0. */
import { describeConformance } from "./suite.js";

describeConformance("preview");
