/** The requests of 2.x in events: permissions, questions of the preview, and forms of later releases. */
import { type JsonRecord, property, recordProperty, stringProperty } from "../../util/json.js";
import type { ApiEvent, OpenPermission } from "../api-event.js";
import { withCallInput } from "./ask-metadata.js";
import type { Dialect } from "./dialects.js";
import { openPermissionV2, openQuestionV2, questionIdOf } from "./request-shapes.js";
import type { WireEvent } from "./wire-event.js";

/** What is known of the session that asks. */
export interface AskingSession {
  readonly cwd: string;
  /** The input of a tool call. */
  readonly inputOf: (call: OpenPermission["call"]) => JsonRecord | undefined;
}

/** `undefined` for an event that is about no request. */
export function requestEvent(event: WireEvent, dialect: Dialect, session: AskingSession): ApiEvent | undefined {
  const { name, data, sessionId, raw } = event;
  const base = { sessionId, raw };
  const unreadable: ApiEvent = { type: "unreadable", ...base };
  switch (name) {
    case "permission.asked": {
      // A dialect on the way from the preview to 2.0 declares the event of 1.x beside its own.
      if (property(data, "action") === undefined && property(data, "permission") !== undefined) return undefined;
      const request = openPermissionV2(dialect, data);
      if (request === undefined) return unreadable;
      const { cwd } = session;
      const { asksWholeLines } = dialect;
      const input = session.inputOf(request.call);
      return { type: "permission-asked", request: withCallInput(request, { input, cwd, asksWholeLines }), ...base };
    }
    case "permission.replied": {
      const reply = data["reply"] ?? data["decision"];
      const requestId = stringProperty(data, "requestID") ?? "";
      return {
        type: "permission-answered",
        requestId,
        reply: reply === "once" || reply === "always" ? reply : "reject",
        ...base,
      };
    }
    case "question.asked":
    case "form.created": {
      const request = openQuestionV2(recordProperty(data, "form") ?? data);
      return request === undefined ? unreadable : { type: "question-asked", request, ...base };
    }
    case "question.replied":
    case "question.rejected":
    case "form.replied":
    case "form.cancelled": {
      const id = stringProperty(data, "requestID") ?? stringProperty(data, "id") ?? "";
      return { type: "question-answered", requestId: questionIdOf(id), ...base };
    }
    default:
      return undefined;
  }
}
