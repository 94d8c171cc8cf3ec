/** Opening an event stream. */
import { authorized, failure, type PreparedRequest, start } from "./attempt.js";
import { discard } from "./body.js";
import { checkEventStream } from "./response.js";

/** Opens an event stream: one try, and the body left to the caller. Rejects as every call of the client does. */
export async function openStream(request: PreparedRequest): Promise<Response> {
  const answer = await authorized(request, start());
  const { response } = answer;
  if (!response.ok) throw failure(request, answer);
  try {
    checkEventStream(response, request);
    return response;
  } catch (error) {
    discard(response.body);
    throw error;
  }
}
