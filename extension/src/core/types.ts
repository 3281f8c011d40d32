/** The verdict contract as the server answers it, and what every part says in words. Imports types only. */

import type { Messages } from "./messages/en.js";

export type { Payload, VisibleMessage } from "./api.js";

export type Category =
  | "phishing"
  | "fraud"
  | "sample_seeker"
  | "invitation_seeker"
  | "casual"
  | "information_gathering"
  | "potential_customer"
  | "order_ready"
  | "not_inquiry"
  | "unknown";
export type Grade = "A" | "B" | "C" | "D" | "E" | "F" | "-" | "?";
export type BannerKind = "danger" | "caution" | "none";
export type Outcome = "hit" | "miss" | "not_applicable" | "unknown";
export type Effect = "risk" | "quality" | "gate" | "fact";
export type Sees = "raw" | "headers" | "visible";

/** Where a finding stands. `start` and `end` are Unicode code points of the named part, not UTF-16 units. */
export interface Evidence {
  /** `subject`, `text`, `html`, `header:NAME`, `link:N` or `attachment:N`. */
  readonly part: string;
  readonly quote: string;
  readonly start: number;
  readonly end: number;
}

export interface Finding {
  readonly id: string;
  readonly family: string;
  readonly outcome: Outcome;
  readonly effect: Effect;
  /** Signed as shown: negative speaks against the message. */
  readonly points: number;
  readonly title: string;
  readonly text: string;
  readonly evidence: readonly Evidence[];
  readonly source: string;
}

export interface Hop {
  readonly from: string | null;
  readonly ip: string | null;
  readonly by: string | null;
  readonly with: string | null;
  readonly date: string | null;
  readonly country: string | null;
  readonly network: string | null;
}

export interface Origin {
  readonly ip: string | null;
  readonly country: string | null;
  readonly city?: string | null;
  readonly region?: string | null;
  readonly latitude?: number | null;
  readonly longitude?: number | null;
  readonly time_zone?: string | null;
  readonly asn: number | null;
  readonly network: string | null;
  readonly kind?: string | null;
  readonly hidden_by_provider: string | null;
  readonly hops: readonly Hop[];
  readonly source?: string | null;
}

export interface ClaimSign {
  readonly kind: string;
  readonly country: string;
  readonly quote: string;
}

export interface ClaimedCountry {
  readonly value: string | null;
  readonly confidence?: number;
  readonly from: readonly ClaimSign[];
  readonly disagree?: readonly ClaimSign[];
  readonly latitude?: number | null;
  readonly longitude?: number | null;
}

export interface Sent {
  readonly utc: string | null;
  readonly sender_local: string | null;
  readonly claimed_local: readonly (string | null)[] | string | null;
  readonly ours_local: string | null;
}

export interface Sender {
  readonly name?: string | null;
  readonly address: string | null;
  readonly domain: string | null;
  readonly mailbox: string | null;
  readonly domain_age_days: number | null;
  readonly has_mx: boolean | null;
  readonly has_site: boolean | null;
  readonly resembles?: string | null;
  readonly reply_to?: string | null;
  readonly return_path?: string | null;
}

export interface Authentication {
  readonly spf: string | null;
  readonly dkim: string | null;
  readonly dmarc: string | null;
  readonly arc: string | null;
  readonly by: string | null;
}

export interface Phone {
  readonly number: string;
  readonly country: string | null;
  readonly kind: string;
}

export interface Contact {
  readonly person: string | null;
  readonly title: string | null;
  readonly company: string | null;
  readonly phones: readonly Phone[];
  readonly fax: string | null;
  readonly address: string | null;
  readonly websites: readonly string[];
  readonly messengers: readonly string[];
  readonly registrations?: readonly string[];
}

export interface Quantity {
  readonly value: number;
  readonly unit: string;
  readonly quote?: string;
}

export interface Request {
  readonly products: readonly string[];
  readonly models?: readonly string[];
  readonly quantities: readonly Quantity[];
  readonly specifications: readonly string[];
  readonly materials?: readonly string[];
  readonly certificates: readonly string[];
  readonly incoterm: string | null;
  readonly port: string | null;
  readonly payment: readonly string[];
  readonly delivery: readonly string[];
  readonly packaging: readonly string[];
  readonly price: readonly string[];
  readonly target_price?: readonly string[];
  readonly moq?: readonly string[];
  readonly samples: readonly string[];
  readonly annual_volume?: readonly string[];
  readonly drawings?: readonly string[];
  readonly urgency: readonly string[];
}

export interface LinkFact {
  readonly text: string;
  readonly href: string;
  readonly host: string;
  readonly kind?: string;
  readonly mismatch?: boolean;
  readonly hidden?: boolean;
}

export interface AttachmentFact {
  readonly name: string;
  readonly type: string;
  readonly size: number | null;
}

export interface History {
  readonly messages_from_sender: number;
  readonly first_seen: string | null;
  readonly last_seen: string | null;
  readonly confirmed_genuine: number;
  readonly confirmed_fake: number;
  /** Whether what this mail answers was seen; null when it answers nothing. */
  readonly thread_known?: boolean | null;
  readonly level_by_hand?: number | null;
  /** Further figures, which the breakdown names where it has words for them. */
  readonly [more: string]: unknown;
}

export interface CountryRisk {
  readonly country: string;
  readonly oecd_0_7?: number | null;
  readonly fatf?: string | null;
  readonly date?: string;
}

export interface Facts {
  readonly origin: Origin;
  readonly claimed_country: ClaimedCountry;
  readonly sent: Sent;
  readonly sender: Sender;
  readonly authentication: Authentication;
  readonly contact: Contact;
  readonly request: Request;
  readonly language: string | null;
  readonly links: readonly LinkFact[];
  readonly attachments: readonly AttachmentFact[];
  readonly country_risk: CountryRisk | null;
  readonly history: History | null;
  /** Figures of the buyer's marketplace profile. */
  readonly profile?: Readonly<Record<string, unknown>>;
  readonly seen?: Sees;
}

export interface Check {
  readonly title: string;
  readonly url: string;
}

export interface Advice {
  readonly handling: readonly string[];
  readonly questions: readonly string[];
  /** The same questions in the buyer's language, ready for the reply. */
  readonly questions_to_buyer?: { readonly language: string; readonly questions: readonly string[] };
  readonly payment: string | null;
  readonly checks: readonly Check[];
}

/** The message as text, only when it was asked for (`include=message`). */
export interface Message {
  readonly subject: string | null;
  readonly from: string | null;
  readonly reply_to: string | null;
  readonly to: string | null;
  readonly date: string | null;
  readonly part: "text" | "html";
  readonly body: string;
  readonly links: readonly MessageLink[];
  readonly attachments: readonly AttachmentFact[];
}

export interface MessageLink {
  /** The N of evidence `link:N`. */
  readonly index?: number;
  readonly text: string;
  readonly href: string;
  readonly host: string;
  /** Code points of the body; null when the link has no visible text. */
  readonly start: number | null;
  readonly end: number | null;
}

export interface Verdict {
  readonly id: string;
  readonly message_id: string | null;
  readonly engine: string;
  readonly policy: string;
  readonly graded_at: string;
  readonly ms: number;
  readonly category: Category;
  readonly subcategory: string | null;
  readonly grade: Grade;
  readonly stars: number | null;
  readonly level: number | null;
  /** What the level rests on, in words. */
  readonly level_reason?: string | null;
  readonly risk: number;
  readonly quality: number;
  readonly coverage: number;
  readonly banner: BannerKind;
  readonly headline: string;
  /** One sentence of what to do, said under the headline. */
  readonly action?: string;
  readonly language?: string;
  /** Words for categories, subcategories and missing keys in the reader's language. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly findings: readonly Finding[];
  readonly reasons?: readonly string[];
  readonly facts: Facts;
  readonly missing: readonly string[];
  readonly advice: Advice;
  readonly pending: readonly string[];
  readonly message?: Message;
}

export type FeedbackLabel = "genuine" | "fake" | "not_inquiry" | Category;

export type WordKey = keyof Messages;
export type Values = Readonly<Record<string, string | number>>;

/** Everything a component needs in order to speak the reader's language. */
export interface Words {
  /** BCP 47 tag, also sent as Accept-Language. */
  readonly language: string;
  readonly dir: "ltr" | "rtl";
  say(key: WordKey, values?: Values): string;
  /** A word that may not exist, such as a key which the server invented later. */
  maybe(key: string): string | null;
  number(value: number, options?: Intl.NumberFormatOptions): string;
  /** Signed, with a true minus sign; "0" without sign. */
  points(value: number): string;
  country(code: string): string;
  /** Weekday, day and time exactly as the ISO string's own clock shows them. */
  clock(iso: string): string;
  size(bytes: number): string;
}
