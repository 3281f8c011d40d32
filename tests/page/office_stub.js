// Stands in for Office's script: Outlook with one requirement set, strict about what it has and what it takes.
// `outlookSetup` is put before it: {set, items, theme, roaming, language, refuse}. `outlook` is what the test asks and moves.
(() => {
  "use strict";
  const setup = globalThis.outlookSetup;
  const has = (version) => {
    const [a, b] = [version, setup.set].map((text) => Number(text.split(".")[1]));
    return a <= b;
  };
  const refuse = new Set(setup.refuse ?? []);
  const handlers = {};
  const state = { bars: {}, replies: [], inserted: [], saved: setup.roaming ?? {}, reads: [], removed: 0 };
  const answer = (name, value, last) => {
    state.reads.push(name);
    if (typeof last !== "function") throw new TypeError(`${name} was called without a callback`);
    setTimeout(() => {
      if (refuse.has(name)) last({ status: "failed", value: undefined, error: { code: 9018, message: "refused", name } });
      else last({ status: "succeeded", value, error: undefined });
    }, setup.delay ?? 1);
  };

  const notifications = (id) => ({
    replaceAsync: (key, details, last) => {
      const bars = (state.bars[id] ??= {});
      const error = details.type === "errorMessage";
      if (key.length > 32 || details.icon?.length > 32) throw new RangeError("key and icon have 32 characters at most");
      if (details.message.length > 150) throw new RangeError("message is longer than 150 characters");
      if (error && ("icon" in details || "persistent" in details)) throw new TypeError("errorMessage takes no icon or persistent");
      if (!error && (!details.icon || typeof details.persistent !== "boolean")) throw new TypeError("icon and persistent are needed");
      if (!(key in bars) && Object.keys(bars).length >= 5) throw new RangeError("five bars at most");
      bars[key] = details;
      answer("replaceAsync", undefined, last);
    },
    removeAsync: (key, last) => {
      state.removed += 1;
      if (!(key in (state.bars[id] ?? {}))) refuse.add("removeAsync");
      else refuse.delete("removeAsync");
      delete (state.bars[id] ?? {})[key];
      answer("removeAsync", undefined, last);
    },
  });

  const reply = (name) => (html, last) => {
    if (typeof html !== "string" || html.length > 32 * 1024) throw new RangeError("the form is too long");
    state.replies.push({ name, html });
    if (last) answer(name, undefined, last);
  };

  /** What a message open for reading has at this requirement set. */
  const reading = (message) => {
    const item = {
      itemId: message.id,
      itemType: message.itemType ?? "message",
      subject: message.subject,
      from: message.from,
      sender: message.from,
      to: message.to,
      dateTimeCreated: new Date(message.date),
      internetMessageId: message.messageId,
      conversationId: message.conversation ?? message.id,
      attachments: message.attachments,
      body: { getAsync: (type, last) => { answer(`body.${type}`, type === "html" ? message.html : message.text, last); } },
      notificationMessages: notifications(message.id),
      displayReplyForm: reply("displayReplyForm"),
    };
    if (has("1.8")) {
      item.getAllInternetHeadersAsync = (last) => { answer("getAllInternetHeadersAsync", message.headers, last); };
      if (message.owner) item.getSharedPropertiesAsync = (last) => { answer("getSharedPropertiesAsync", { owner: message.owner }, last); };
    }
    if (has("1.9")) item.displayReplyFormAsync = reply("displayReplyFormAsync");
    if (has("1.14")) item.getAsFileAsync = (last) => { answer("getAsFileAsync", message.eml, last); };
    return item;
  };

  /** A message that is being written: fields are objects, not texts. */
  const writing = (message) => ({
    itemType: "message",
    conversationId: message.conversation,
    subject: { getAsync: (last) => { answer("subject", message.subject, last); } },
    body: {
      setSelectedDataAsync: (text, options, last) => {
        if (!["html", "text"].includes(options.coercionType)) throw new TypeError("coercionType");
        state.inserted.push({ text, options });
        answer("setSelectedDataAsync", undefined, last);
      },
      getTypeAsync: (last) => { answer("getTypeAsync", message.type ?? "html", last); },
    },
  });

  const made = (index) => {
    if (index === null) return null;
    const message = setup.items[index];
    return message.writing ? writing(message) : reading(message);
  };

  const mailbox = {
    item: made(setup.current === undefined ? 0 : setup.current),
    userProfile: { emailAddress: setup.mailbox ?? "sales@exporter.example", displayName: "Sales" },
    diagnostics: { hostName: "Outlook", hostVersion: "16.0" },
  };
  if (has("1.5"))
    mailbox.addHandlerAsync = (type, handler, last) => {
      if (type === "officeThemeChanged" && !has("1.14")) throw new TypeError("OfficeThemeChanged is of 1.14");
      handlers[type] = handler;
      if (last) answer("addHandlerAsync", undefined, last);
    };

  const pending = new Map(Object.entries(state.saved));
  const context = {
    mailbox,
    displayLanguage: setup.language ?? "en-US",
    requirements: { isSetSupported: (name, version) => name === "Mailbox" && has(version) },
    roamingSettings: {
      get: (key) => pending.get(key),
      set: (key, value) => { pending.set(key, value); },
      remove: (key) => { pending.delete(key); },
      saveAsync: (last) => {
        if (!refuse.has("saveAsync")) state.saved = Object.fromEntries(pending);
        answer("saveAsync", undefined, last);
      },
    },
  };
  if (has("1.14")) context.officeTheme = setup.theme;

  globalThis.Office = {
    context,
    onReady: (call) => {
      const told = { host: "Outlook", platform: "OfficeOnline" };
      if (call) call(told);
      return Promise.resolve(told);
    },
    actions: { associate: (name, action) => { (state.actions ??= {})[name] = action; } },
    EventType: { ItemChanged: "olkItemSelectedChanged", OfficeThemeChanged: "officeThemeChanged", SpamReporting: "olkSpamReporting" },
    CoercionType: { Html: "html", Text: "text" },
    MailboxEnums: { MoveSpamItemTo: { JunkFolder: "junkFolder", NoMove: "noMove" } },
  };
  globalThis.outlook = {
    state,
    open: (index) => {
      mailbox.item = made(index);
      handlers.olkItemSelectedChanged({ type: "olkItemSelectedChanged" });
    },
    allow: (name) => { refuse.delete(name); },
    theme: (theme) => { handlers.officeThemeChanged({ type: "officeThemeChanged", officeTheme: theme }); },
    run: (name, event) => new Promise((done) => { state.actions[name]({ ...event, completed: done }); }),
  };
})();
