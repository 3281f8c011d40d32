/** An invented verdict with every section filled, and the parts of a document that tests need. */

import { Window } from "happy-dom";
import type { Evidence, Facts, Finding, Message, Verdict } from "../../extension/src/core/types.js";

/** A fresh document for the components, which use the global one. Scripts would run if one were made. */
export function freshDocument(): Document {
  const window = new Window({ url: "http://localhost/" });
  Object.assign(globalThis, { window, document: window.document, Node: window.Node });
  return window.document as unknown as Document;
}

export function evidence(part: string, quote: string, start = 0, end = start + Array.from(quote).length): Evidence {
  return { part, quote, start, end };
}

export function finding(id: string, points: number, more: Partial<Finding> = {}): Finding {
  return {
    id,
    family: id.split(".")[0] ?? "",
    outcome: "hit",
    effect: points < 0 ? "risk" : "quality",
    points,
    title: `Title of ${id}`,
    text: "",
    evidence: [],
    source: "S2",
    ...more,
  };
}

export const FACTS: Facts = {
  origin: {
    ip: "190.236.14.77",
    country: "PE",
    city: "Lima",
    latitude: -12,
    longitude: -77,
    asn: 6147,
    network: "Invented Telecom",
    kind: "access",
    hidden_by_provider: null,
    hops: [
      {
        from: "mail.andes-fluidos.example",
        ip: "200.48.225.130",
        by: "mx.exporter.example",
        with: "ESMTPS",
        date: "2026-11-23T14:40:38Z",
        country: "PE",
        network: null,
      },
    ],
  },
  claimed_country: { value: "PE", from: [{ kind: "phone", country: "PE", quote: "+51" }] },
  sent: {
    utc: "2026-11-23T14:40:31Z",
    sender_local: "2026-11-23T09:40:31-05:00",
    claimed_local: null,
    ours_local: "2026-11-23T22:40:31+08:00",
  },
  sender: {
    address: "rquispe@andes-fluidos.example",
    domain: "andes-fluidos.example",
    mailbox: "company",
    domain_age_days: null,
    has_mx: null,
    has_site: null,
  },
  authentication: { spf: "pass", dkim: "pass", dmarc: null, arc: null, by: "mx.exporter.example" },
  contact: {
    person: "Rosa Quispe",
    title: "Jefa de Compras",
    company: "Andes Fluidos S.A.C.",
    phones: [{ number: "+51 1 555 0142", country: "PE", kind: "phone" }],
    fax: null,
    address: "Av. Argentina 2415, Lima",
    websites: ["www.andes-fluidos.example"],
    messengers: [],
  },
  request: {
    products: ["ball valve"],
    quantities: [{ value: 2000, unit: "pcs", quote: "2,000 pcs" }],
    specifications: ["DN50", "PN16"],
    certificates: ["API 598"],
    incoterm: "CIF",
    port: "Callao",
    payment: [],
    delivery: ["March"],
    packaging: [],
    price: [],
    samples: [],
    urgency: [],
  },
  language: "es",
  links: [],
  attachments: [],
  country_risk: null,
  history: null,
  seen: "raw",
};

export const MESSAGE: Message = {
  subject: "RFQ: DN50 ball valves",
  from: "Rosa Quispe <rquispe@andes-fluidos.example>",
  reply_to: null,
  to: "sales@exporter.example",
  date: "Mon, 23 Nov 2026 09:40:31 -0500",
  part: "text",
  body: "Please quote 2,000 pcs of ball valve.",
  links: [],
  attachments: [],
};

export const VERDICT: Verdict = {
  id: "0123",
  message_id: "<b2a1@andes-fluidos.example>",
  engine: "0.1.0",
  policy: "abcdef0123456789",
  graded_at: "2026-11-25T08:00:00Z",
  ms: 1.4,
  category: "potential_customer",
  subcategory: null,
  grade: "B",
  stars: 4,
  level: 3,
  risk: 4,
  quality: 81,
  coverage: 0.86,
  banner: "none",
  headline: "Names product, quantity and terms",
  action: "Quote today.",
  language: "en",
  labels: { potential_customer: "Potential customer", fax: "fax", sales_pitch: "Sales pitch" },
  findings: [
    finding("request.product", 14, { evidence: [evidence("text", "2,000 pcs", 13)] }),
    finding("origin.as-claimed", 6),
    finding("request.no-payment", -3),
    finding("domain.age", 0, { outcome: "unknown", effect: "fact" }),
    finding("links.shortener", 0, { outcome: "miss" }),
  ],
  reasons: ["request.product"],
  facts: FACTS,
  missing: ["fax", "target_price"],
  advice: {
    handling: ["Quote today."],
    questions: ["Which payment terms?"],
    payment: "30 % deposit is usual.",
    checks: [
      { title: "Search the company", url: "https://search.example/?q=andes" },
      { title: "Bad", url: "javascript:alert(1)" },
    ],
  },
  pending: ["domain_age"],
  message: MESSAGE,
};
