/** Permission requests and questions of 1.x. */
import type { OpencodeClient } from "../../client/client.js";
import type { RequestsApi } from "../agent-api.js";
import { openPermission, openQuestion } from "./request-shapes.js";

/** The requests of the client's directory. */
export function requestsV1(client: OpencodeClient): RequestsApi {
  return {
    permissions: async (call) =>
      (await client.GET("/permission", call)).data.flatMap((value) => openPermission(value) ?? []),
    questions: async (call) => (await client.GET("/question", call)).data.flatMap((value) => openQuestion(value) ?? []),
    answerPermission: async (requestID, answer, call) => {
      const { reply } = answer;
      const body =
        answer.reply === "reject" && answer.message !== undefined ? { reply, message: answer.message } : { reply };
      await client.POST("/permission/{requestID}/reply", { ...call, params: { path: { requestID } }, body });
    },
    answerQuestion: async (requestID, given, call) => {
      const answers = given.map((answer) => [...answer]);
      await client.POST("/question/{requestID}/reply", { ...call, params: { path: { requestID } }, body: { answers } });
    },
    rejectQuestion: async (requestID, call) => {
      await client.POST("/question/{requestID}/reject", { ...call, params: { path: { requestID } } });
    },
  };
}
