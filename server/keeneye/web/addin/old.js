/* Outlooks that show add-ins in Internet Explorer's engine read this script only. */
document.body.appendChild(document.createElement("p")).appendChild(
  document.createTextNode(
    "Keeneye needs a newer Outlook, or Outlook on the web. / Keeneye \u9700\u8981\u66f4\u65b0\u7684 Outlook \u6216\u7f51\u9875\u7248 Outlook\u3002 / " +
      "Keeneye necesita un Outlook m\u00e1s reciente o Outlook en la web."
  )
);
