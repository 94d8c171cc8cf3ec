// Written by `npm run generate`. Do not edit.
/** The release of the agent that the types were generated from. */
export const pinnedRelease = "1.18.33";
