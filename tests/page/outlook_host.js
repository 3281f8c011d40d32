// Outlook on the web around the pane, as Office's published script talks with it: JSON by postMessage, a number for each
// method. Set up like the stub, by `outlookSetup`; `outlook` is what the test asks and moves.
(() => {
  "use strict";
  const setup = globalThis.outlookSetup;
  const refuse = new Set(setup.refuse ?? []);
  const state = { bars: {}, replies: [], inserted: [], saved: setup.roaming ?? {}, reads: [] };
  const [REQUEST, RESPONSE, REGISTER] = [0, 1, 1];
  const [READ, COMPOSE] = [1, 4];
  const HTML = 3;
  let current = setup.current === undefined ? 0 : setup.current;
  let changed = null;

  const person = ({ emailAddress, displayName }) => ({ address: emailAddress, name: displayName });

  /** What Outlook tells of the item at first and when another one is chosen. */
  const told = () => {
    const message = setup.items[current];
    const common = {
      itemType: message.writing ? COMPOSE : READ,
      permissionLevel: 3, // ReadWriteItem
      hostVersion: "16.0.0.0",
      userEmailAddress: setup.mailbox ?? "sales@exporter.example",
      conversationId: message.conversation ?? message.id,
      isFromSharedFolder: message.owner !== undefined,
    };
    if (message.writing) return common;
    return {
      ...common,
      id: message.id,
      subject: message.subject,
      internetMessageId: message.messageId,
      dateTimeCreated: Date.parse(message.date),
      from: person(message.from),
      sender: person(message.from),
      to: message.to.map(person),
      attachments: message.attachments.map((file) => ({ ...file, attachmentType: 0 })),
    };
  };

  const bars = (message) => (state.bars[message.id] ??= {});
  const replies = (name) => [name, (_, { htmlBody }) => void state.replies.push({ name, html: htmlBody })];
  const methods = {
    10: replies("displayReplyForm"),
    13: ["setSelectedDataAsync", (_, given) => void state.inserted.push(given)],
    14: ["getTypeAsync", ({ type }) => type],
    35: ["replaceAsync", (message, { key, ...bar }) => void (bars(message)[key] = bar)],
    36: ["removeAsync", (message, { key }) => delete bars(message)[key]],
    37: ["body", (message, { coercionType }) => (coercionType === HTML ? message.html : message.text)],
    108: ["getSharedPropertiesAsync", ({ owner }) => ({ owner })],
    168: ["getAllInternetHeadersAsync", ({ headers }) => headers],
    183: replies("displayReplyFormAsync"),
    404: ["saveAsync", (_, [kept]) => { state.saved = Object.fromEntries(Object.entries(kept).map(([key, value]) => [key, JSON.parse(value)])); }],
  };

  const run = ({ ApiParams: given, MethodData: { DispatchId: number } }) => {
    const [name, method] = methods[number] ?? [`method ${number}`];
    state.reads.push(name);
    if (method === undefined || refuse.has(name)) return { error: true, errorCode: 9018 };
    return { data: method(setup.items[current], given), wasSuccessful: true };
  };

  const answers = {
    ContextActivationManager_getAppContextAsync: () => ({
      _id: "pane", _appName: 64, _appVersion: "16.01", _appUILocale: setup.language ?? "en-US", _dataLocale: "en-US", _docUrl: "",
      _clientMode: 0, _reason: "documentOpened", _requirementMatrix: JSON.stringify({ Mailbox: setup.set }),
      _settings: Object.fromEntries(Object.entries(state.saved).map(([key, value]) => [key, JSON.stringify(value)])),
    }),
    GetInitialData: () => (current === null ? null : told()),
    ExecuteMethod: run,
  };

  addEventListener("message", ({ data, source, origin }) => {
    const asked = JSON.parse(data);
    if (asked._messageType !== REQUEST) return;
    const name = asked._actionName;
    const tell = (kind, value) => {
      const { _conversationId, _correlationId } = asked;
      const response = { _messageType: RESPONSE, _actionName: name, _conversationId, _correlationId, _errorCode: 0, _responseType: kind, _data: value };
      source.postMessage(JSON.stringify(response), origin);
    };
    if (asked._actionType === REGISTER && name === "olkItemSelectedChanged")
      changed = () => { tell(1, current === null ? "" : told()); };
    setTimeout(() => { tell(0, answers[name]?.(asked._data) ?? { Error: 0 }); }, setup.delay ?? 1);
  });

  globalThis.outlook = {
    state,
    open: (index) => {
      current = index;
      changed();
    },
  };
})();
