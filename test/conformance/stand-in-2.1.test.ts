/** The behaviours on the stand-in of 2.1. */
import { describeConformance } from "./suite.js";

describeConformance("stand-in-2.1");
