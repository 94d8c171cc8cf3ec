/** The worlds: how bad it gets, under names. */
import { everyRequestFault, everyStreamFault, type Faults } from "./faults.js";

/** What happens to the world as a whole. */
export type Calamity =
  /** The agent's process dies and comes back with what it had stored. */
  | "crash"
  /** Nobody reaches the agent for a while. */
  | "outage"
  /** Every connection is dead, and nobody is told. */
  | "dead connections"
  /** The client's event loop stands. */
  | "blocked client"
  /** The agent stands, as under SIGSTOP. */
  | "stopped agent"
  /** The client's machine sleeps for an hour; the agent's does not. */
  | "sleeping client"
  /** Client and agent sleep for an hour: their timers stand, the date does not. */
  | "sleeping machine"
  /** The date of the processes jumps, forward or back. */
  | "clock jump";

/** One kind of world. */
export interface World {
  readonly name: string;
  readonly faults: Faults;
  /** How many calamities come over a run, at most, and which. */
  readonly calamities: { readonly most: number; readonly kinds: Readonly<Partial<Record<Calamity, number>>> };
  /** The date at the beginning lies shortly before the ids of the agent begin again. */
  readonly wrapsIds?: boolean | undefined;
  /** In a git directory the agent tells of a prompt once more, long after its run. */
  readonly git?: boolean | undefined;
  /** The agent takes up to so many ms between two steps of its inside. Default: none. */
  readonly pace?: number | undefined;
  /** A call may take so long (ms of simulated time) on top of what its own plan takes. */
  readonly patience: number;
  /** Share of the prompts that may end in a typed error although their plan is an answer. */
  readonly errors: number;
  /** Requests that a prompt may cost without rules of its own; `undefined`: not looked at. */
  readonly requests?: number | undefined;
}

const calmFaults: Faults = {
  requests: 0,
  streams: 0,
  requestKinds: everyRequestFault,
  streamKinds: everyStreamFault,
  latency: [1.2, 4],
  service: [0.3, 3],
  chunked: 0,
};

const rate = (requests: number, streams: number = requests * 2): Faults => ({
  ...calmFaults,
  requests,
  streams: Math.min(streams, 0.9),
  chunked: 0.2,
});

const none = { most: 0, kinds: {} } as const;

/** All of them. Every name is a word for `--world`. */
export const worlds: readonly World[] = [
  { name: "calm", faults: calmFaults, calamities: none, patience: 60_000, errors: 0, requests: 5 },
  { name: "late-events", faults: calmFaults, calamities: none, git: true, patience: 60_000, errors: 0, requests: 5 },
  {
    name: "chunked",
    faults: { ...calmFaults, chunked: 1 },
    calamities: none,
    patience: 60_000,
    errors: 0,
    requests: 5,
  },
  {
    name: "overtaking",
    faults: { ...calmFaults, latency: [1.2, 900], service: [0.3, 400], chunked: 0.3 },
    calamities: none,
    pace: 60,
    patience: 120_000,
    errors: 0,
  },
  {
    name: "slow-server",
    faults: { ...calmFaults, service: [200, 12_000] },
    calamities: none,
    patience: 400_000,
    errors: 0,
    requests: 8,
  },
  { name: "faults-05", faults: rate(0.05), calamities: none, patience: 300_000, errors: 0.003 },
  { name: "faults-15", faults: rate(0.15), calamities: none, patience: 300_000, errors: 0.003 },
  { name: "faults-30", faults: rate(0.3), calamities: none, patience: 600_000, errors: 0.1 },
  {
    name: "bad-streams",
    faults: { ...rate(0.02, 0.9), streamKinds: everyStreamFault },
    calamities: none,
    patience: 300_000,
    errors: 0.003,
  },
  {
    name: "no-streams",
    faults: { ...rate(0.15), streams: 1, streamKinds: { "no stream": 1 } },
    calamities: none,
    patience: 300_000,
    errors: 0.003,
  },
  {
    name: "crashes",
    faults: rate(0.03),
    calamities: { most: 3, kinds: { crash: 1 } },
    pace: 20,
    patience: 400_000,
    errors: 0.003,
  },
  {
    name: "crashes-git",
    faults: calmFaults,
    calamities: { most: 2, kinds: { crash: 1 } },
    git: true,
    patience: 400_000,
    errors: 0.003,
  },
  {
    name: "outages",
    faults: rate(0.03),
    calamities: { most: 3, kinds: { outage: 3, "dead connections": 2 } },
    patience: 400_000,
    errors: 0.003,
  },
  {
    name: "stopped",
    faults: rate(0.02),
    calamities: { most: 4, kinds: { "blocked client": 3, "stopped agent": 2 } },
    patience: 400_000,
    errors: 0.003,
  },
  {
    name: "sleep",
    faults: rate(0.02),
    calamities: { most: 2, kinds: { "sleeping client": 1, "sleeping machine": 1 } },
    patience: 8_000_000,
    errors: 0.003,
  },
  {
    name: "clock-jumps",
    faults: rate(0.05),
    calamities: { most: 4, kinds: { "clock jump": 1 } },
    patience: 400_000,
    errors: 0.003,
  },
  { name: "id-wrap", faults: rate(0.05), calamities: none, wrapsIds: true, patience: 300_000, errors: 0.003 },
  {
    name: "everything",
    faults: rate(0.15),
    calamities: {
      most: 3,
      kinds: {
        crash: 3,
        outage: 2,
        "dead connections": 2,
        "blocked client": 2,
        "stopped agent": 1,
        "sleeping client": 1,
        "sleeping machine": 1,
        "clock jump": 1,
      },
    },
    git: true,
    patience: 8_000_000,
    errors: 0.01,
  },
];

export function worldNamed(name: string): World {
  const found = worlds.find((world) => world.name === name);
  if (found === undefined) {
    throw new Error(`there is no world "${name}"; there are ${worlds.map((world) => world.name).join(", ")}`);
  }
  return found;
}
