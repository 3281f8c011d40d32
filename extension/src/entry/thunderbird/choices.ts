/** What the reader has chosen for Thunderbird alone. Nothing of it leaves Thunderbird. */

export type AfterFake = "nothing" | "tag" | "junk";

export interface Choices {
  /** Graded messages are tagged in the list. */
  readonly tags: boolean;
  /** New mail is graded as it arrives, and not only when it is opened. */
  readonly arrival: boolean;
  readonly fake: AfterFake;
}

const KEY = "thunderbird";
const USUAL: Choices = { tags: true, arrival: false, fake: "tag" };

export async function readChoices(): Promise<Choices> {
  const stored: unknown = (await chrome.storage.local.get(KEY))[KEY];
  return { ...USUAL, ...(stored as Partial<Choices> | undefined) };
}

export async function writeChoices(change: Partial<Choices>): Promise<void> {
  await chrome.storage.local.set({ [KEY]: { ...(await readChoices()), ...change } });
}
