/** Everything that goes through the inbox: prompts, commands, synthetic texts, compactions. */
import { conflict, Failure, invalidRequest } from "../http/failure.js";
import type { ApiRequest, Route } from "../http/router.js";
import { flag, object, optional, optionalOrNull, text } from "../http/shape.js";
import { admission, attachments, delivery, metadata } from "../http/shapes.js";
import { admit, cancel, type Draft, redeliver } from "../run/inbox.js";
import { readPromptFiles } from "../run/prompt-files.js";
import type { Delivery } from "../types.js";
import { recordOf } from "./sessions.js";

export const promptRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/session/{s}/prompt",
    body: object({ ...admission, ...attachments, text, metadata: optional(metadata) }),
    handle: (request) => {
      const record = recordOf(request);
      return { data: admit(request.world, record, { ...draftOf(request), type: "user", payload: promptOf(request) }) };
    },
  },
  {
    method: "POST",
    path: "/session/{s}/synthetic",
    body: object({ ...admission, text, description: optional(text), metadata: optional(metadata) }),
    handle: (request) => {
      const { text, description, metadata } = request.body;
      const payload = given({ text, description, metadata });
      return { data: admit(request.world, recordOf(request), { ...draftOf(request), type: "synthetic", payload }) };
    },
  },
  {
    method: "POST",
    path: "/session/{s}/compact",
    body: object({ id: admission.id, delivery: admission.delivery }),
    handle: (request) => ({
      data: admit(request.world, recordOf(request), { ...draftOf(request), type: "compaction", payload: {} }),
    }),
  },
  {
    method: "POST",
    path: "/session/{s}/move",
    body: object({ directory: text, delivery: optionalOrNull(delivery) }),
    handle: (request) => {
      const directory = String(request.body["directory"]);
      const projectID = request.world.locations.project(directory).id;
      const payload = { projectID, location: { directory } };
      admit(request.world, recordOf(request), { ...draftOf(request), type: "move", payload });
    },
  },
  {
    // No id, no answer: the message has to be looked for.
    method: "POST",
    path: "/session/{s}/command",
    body: object({ ...attachments, name: text, text, delivery: optionalOrNull(delivery) }),
    handle: (request) => {
      const record = recordOf(request);
      const name = String(request.body["name"]);
      const command = request.world.locations.config(record.info.location.directory).commands[name];
      if (command === undefined) {
        throw new Failure(404, "CommandNotFoundError", `Command not found: ${name}`, { command: name });
      }
      const payload = { ...promptOf(request), text: expand(command.template, String(request.body["text"])) };
      admit(request.world, record, { ...draftOf(request), type: "user", payload });
    },
  },
  {
    method: "POST",
    path: "/experimental/session/{s}/skill",
    body: object({ id: text, resume: optional(flag) }),
    handle: (request) => {
      recordOf(request);
      const { id } = request.body;
      throw new Failure(404, "SkillNotFoundError", `Skill not found: ${id}`, { skill: id });
    },
  },
  { method: "GET", path: "/session/{s}/inbox", handle: (request) => ({ data: recordOf(request).inbox }) },
  {
    method: "PATCH",
    path: "/session/{s}/inbox/{msg}",
    body: object({ delivery }),
    handle: (request) => {
      const record = recordOf(request);
      const item = record.inbox.find(({ id }) => id === request.params["msg"]);
      if (item === undefined) throw conflict("The item is not in the inbox", request.params["msg"] ?? "");
      redeliver(request.world, record, item, request.body["delivery"] as Delivery);
    },
  },
  {
    // Also 204 for one that was delivered.
    method: "DELETE",
    path: "/session/{s}/inbox/{msg}",
    handle: (request) => cancel(request.world, recordOf(request), request.params["msg"] ?? ""),
  },
];

function draftOf({ body }: ApiRequest): Pick<Draft, "id" | "delivery" | "resume"> {
  return body as Pick<Draft, "id" | "delivery" | "resume">;
}

function promptOf({ body }: ApiRequest): Record<string, unknown> {
  const { text, files, agents, skills, metadata } = body;
  if (text === "" && !Array.isArray(files)) throw invalidRequest("The text is empty");
  const stored = Array.isArray(files) ? readPromptFiles(files) : undefined;
  return given({ text, files: stored, agents, skills, metadata });
}

function expand(template: string, args: string): string {
  const words = args.split(/\s+/);
  const filled = template
    .replaceAll("$ARGUMENTS", args)
    .replace(/\$(\d)/g, (_, digit) => words[Number(digit) - 1] ?? "");
  return filled.trim();
}

function given(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
