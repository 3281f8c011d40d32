/** What a reply may begin with: the questions as the buyer can read them, and the advice as a note to the writer. */

import type { Advice, Words } from "../../core/types.js";

/** Lines of text; none when there is nothing to ask. */
export function replyLines(advice: Advice, words: Words, withAdvice: boolean): string[] {
  const questions = (advice.questions_to_buyer?.questions ?? advice.questions).map((text) => `- ${text}`);
  const notes = withAdvice ? [...advice.handling, ...(advice.payment === null ? [] : [advice.payment])] : [];
  // Above the questions, so that nobody sends it unseen.
  const note = notes.length === 0 ? [] : [`[${words.say("outlook.reply.note")}`, ...notes.map((text) => `* ${text}`), "]", ""];
  return [...note, ...questions];
}
