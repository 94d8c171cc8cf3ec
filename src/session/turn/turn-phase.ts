/**
 * How far a turn is, by its events: one phase, and the only place that says how one follows another. Whether all events were
 * heard is no part of it; a turn that has missed some is never `settled`.
 *
 * ```
 * waiting ──prompt-stored──▶ streaming ──idle, failed, disposed──▶ uncertain ──proven──▶ settled
 *                                ▲                                   │   ▲                  │
 *                                └─────────────── busy ──────────────┘   └──── unproven ────┘
 * ```
 */

/** A failure that the server announced before, or instead of, storing it with a message. */
export interface AnnouncedError {
  readonly name: string;
  readonly data: Record<string, unknown>;
}

/** What the events have said about the end of the run. */
export interface EndSigns {
  /** The session is idle. */
  readonly isIdle: boolean;
  /** The run has failed. */
  readonly error: AnnouncedError | undefined;
  /** The directory's instance was disposed, which aborts all runs in it. */
  readonly isDisposed: boolean;
}

export type TurnPhase =
  /** Nothing shows that the server has the prompt. */
  | { readonly name: "waiting" }
  /** The server has the prompt, and nothing shows that its run is over. */
  | { readonly name: "streaming" }
  /** The run may be over: the events do not tell how, or not whether. `isStored`: the server has shown the prompt. */
  | { readonly name: "uncertain"; readonly isStored: boolean; readonly signs: EndSigns }
  /** The events alone prove that the run is over, and how. */
  | { readonly name: "settled"; readonly signs: EndSigns };

export type TurnSignal =
  /** The prompt appears. What the events have said until now was about the turn before. */
  | { readonly type: "prompt-stored" }
  /** A message that answers the prompt appears. */
  | { readonly type: "answer-stored" }
  | { readonly type: "idle" }
  | { readonly type: "busy" }
  | { readonly type: "failed"; readonly error: AnnouncedError }
  | { readonly type: "disposed" }
  /** A prompt that the server could not store is sent again. */
  | { readonly type: "resent" }
  /** A run that has stopped is set going again. */
  | { readonly type: "resumed" }
  /** A run that has failed goes on with another model. */
  | { readonly type: "passed-on" }
  /** All events were heard, and the stored messages have their end. */
  | { readonly type: "proven" }
  | { readonly type: "unproven" };

export type PhaseName = TurnPhase["name"];
export type SignalName = TurnSignal["type"];

/** To which phases a signal leads. A signal that a phase does not name changes nothing in it. */
export const transitions: Readonly<Record<PhaseName, Partial<Record<SignalName, readonly PhaseName[]>>>> = {
  waiting: {
    "prompt-stored": ["streaming"],
    "answer-stored": ["streaming"],
    failed: ["uncertain"],
    disposed: ["uncertain"],
  },
  streaming: {
    idle: ["uncertain"],
    failed: ["uncertain"],
    disposed: ["uncertain"],
  },
  uncertain: {
    "prompt-stored": ["streaming", "uncertain"],
    "answer-stored": ["uncertain"],
    idle: ["uncertain"],
    failed: ["uncertain"],
    disposed: ["uncertain"],
    busy: ["waiting", "streaming", "uncertain"],
    resent: ["waiting", "uncertain"],
    resumed: ["streaming", "uncertain"],
    "passed-on": ["waiting", "streaming"],
    proven: ["settled", "uncertain"],
  },
  settled: {
    failed: ["settled"],
    disposed: ["settled"],
    busy: ["streaming", "uncertain"],
    resumed: ["streaming", "uncertain"],
    "passed-on": ["streaming"],
    unproven: ["uncertain"],
  },
};

const noSigns: EndSigns = { isIdle: false, error: undefined, isDisposed: false };

/** The phase after the signal; the same object when the signal changes nothing. */
export function nextPhase(phase: TurnPhase, signal: TurnSignal): TurnPhase {
  if (transitions[phase.name][signal.type] === undefined) return phase;
  const isStored = isStoredIn(phase);
  const signs = signsOf(phase);
  const withSigns = (change: Partial<EndSigns>): TurnPhase => {
    const changed = { ...signs, ...change };
    if (changed.isIdle && phase.name === "settled") return { name: "settled", signs: changed };
    if (hasAny(changed)) return { name: "uncertain", isStored, signs: changed };
    return isStored ? { name: "streaming" } : { name: "waiting" };
  };
  switch (signal.type) {
    case "prompt-stored":
      return isStored ? phase : { name: "streaming" };
    case "answer-stored":
      return hasAny(signs) ? { name: "uncertain", isStored: true, signs } : { name: "streaming" };
    case "idle":
      // Before the prompt appears idle says nothing of it, unless the server has announced that it failed.
      return isStored || signs.error !== undefined ? withSigns({ isIdle: true }) : phase;
    case "busy":
      return withSigns({ isIdle: false });
    case "resumed":
      return isStored ? withSigns({ isIdle: false, isDisposed: false }) : phase;
    case "passed-on":
      return isStored ? { name: "streaming" } : { name: "waiting" };
    case "failed":
      // The same failure is announced again with a stack trace: the first text is the readable one.
      return withSigns({ error: signs.error ?? signal.error });
    case "disposed":
      return withSigns({ isDisposed: true });
    case "resent":
      return isStored ? phase : withSigns({ error: undefined });
    case "proven":
      return isStored && signs.isIdle ? { name: "settled", signs } : phase;
    case "unproven":
      return { name: "uncertain", isStored, signs };
  }
}

/** The server has shown that it has the prompt. */
export function isStoredIn(phase: TurnPhase): boolean {
  return phase.name === "uncertain" ? phase.isStored : phase.name !== "waiting";
}

/** None while the run goes on. */
export function signsOf(phase: TurnPhase): EndSigns {
  return "signs" in phase ? phase.signs : noSigns;
}

function hasAny({ isIdle, error, isDisposed }: EndSigns): boolean {
  return isIdle || error !== undefined || isDisposed;
}
