/** Names that `npm run conformance -- --server` takes. */
export const targetNames = ["1.18.33", "preview", "stand-in-2.1"] as const;
/** One of {@link targetNames}. */
export type TargetName = (typeof targetNames)[number];
