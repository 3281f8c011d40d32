"""The second message is judged with the first: whole stories told over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from flask.testing import FlaskClient

Grade = Callable[..., dict[str, Any]]
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SIGNATURE = """
Best regards,
Rosa Quispe
Purchasing Manager
Apurimac Riego S.A.C.
Av. Argentina 2458, Lima, Peru
Tel. +51 1 564 8200, WhatsApp +51 987 654 321
www.apurimac-riego.example
"""


class Thread:
    """Mails between one buyer and us, each answering the last."""

    def __init__(self, client: FlaskClient, name: str) -> None:
        self.client = client
        self.name = name
        self.ids: list[str] = []
        self.buyer = f"Rosa Quispe <rosa@{name}.example>"

    def mail(self, text: str, *, ours: bool = False, sender: str | None = None, **headers: str) -> dict[str, Any]:
        """Grade the next mail of the thread; its verdict."""
        message = EmailMessage()
        us = "Li Wei <sales@exporter.example>"
        message["From"] = sender or (us if ours else self.buyer)
        message["To"] = self.buyer if ours else us
        message["Subject"] = headers.pop("subject", "Re: Inquiry" if self.ids else "Inquiry")
        message["Date"] = format_datetime(START + timedelta(days=len(self.ids)))
        domain = message["From"].addresses[0].domain
        message["Message-ID"] = f"<{self.name}-{len(self.ids)}@{domain}>"
        if self.ids:
            message["References"] = " ".join(self.ids)
            message["In-Reply-To"] = self.ids[-1]
        for name, value in headers.items():
            message[name.replace("_", "-")] = value
        self.ids.append(message["Message-ID"])
        message.set_content(text)
        answer = self.client.post(
            "/api/v1/grade?mailbox=sales@exporter.example", data=message.as_bytes(), content_type="message/rfc822"
        )
        assert answer.status_code == 200, answer.json
        verdict: dict[str, Any] = answer.json
        return verdict


def ids(verdict: Mapping[str, Any]) -> set[str]:
    return {f["id"] for f in verdict["findings"] if f["outcome"] == "hit"}


def test_one_buyer_from_level_four_on(client: FlaskClient) -> None:
    thread = Thread(client, "apurimac-riego")
    first = thread.mail("Hello, please send me your products and prices.\nRosa")
    assert (first["level"], first["stars"] in (1, 2)) == (4, True)
    assert "history.first-mail" in ids(first)

    ours = thread.mail("Dear Rosa, thank you. Which valves do you need?\nLi Wei", ours=True)
    assert ours["stars"] is None

    third = thread.mail("Dear Mr. Li, we need brass ball valves, model BV-20. What is your price?\nRosa")
    assert (third["category"], third["level"]) == ("potential_customer", 3)
    assert third["facts"]["history"]["messages_in_thread"] == 2
    assert third["facts"]["history"]["ours_in_thread"] == 1

    thread.mail("Dear Rosa, BV-20 is 2.10 USD FOB Ningbo.\nLi Wei", ours=True)
    fifth = thread.mail("Thank you, I will talk to my boss and come back to you next week.\nRosa")
    assert (fifth["category"], fifth["level"]) == ("potential_customer", 3)
    assert {"history.ongoing", "history.wrote-before"} <= ids(fifth)
    assert fifth["banner"] == "none"

    thread.mail("Dear Rosa, any news?\nLi Wei", ours=True)
    seventh = thread.mail(
        "Dear Mr. Li, we need 3,000 pcs of the BV-20 ball valve in brass CW617N, PN25, packed 20 pcs a carton,"
        " CIF Callao, 30% deposit, delivery in May." + SIGNATURE
    )
    assert seventh["level"] == 2
    assert seventh["stars"] >= 4

    eighth = thread.mail("When can you ship?\nRosa")
    assert (eighth["level"], eighth["category"]) == (2, "potential_customer")

    known = client.get("/api/v1/senders/rosa@apurimac-riego.example").json
    assert [(c["before"], c["after"]) for c in known["level_changes"]] == [(None, 4), (4, 3), (3, 2)]
    assert all(c["cause"] for c in known["level_changes"][1:])
    assert (known["messages"], known["ours"]) == (5, 3)

    order = thread.mail(
        "Please confirm our order, 3,000 pcs of BV-20. We accept the proforma and pay the deposit today."
    )
    assert order["category"] == "order_ready"
    assert order["stars"] == 5

    listed = [{"name": "Apurimac Riego", "emails": ["rosa@apurimac-riego.example"], "ordered": 1}]
    assert client.put("/api/v1/customers", json=listed).status_code == 200
    thanks = thread.mail("Thank you, the goods arrived in good order. We will need more in autumn.\nRosa")
    assert (thanks["level"], thanks["level_because"]) == (1, ["ordered"])
    assert "company.known-customer" in ids(thanks)
    assert thanks["banner"] == "none"
    known = client.get("/api/v1/senders/rosa@apurimac-riego.example").json
    assert known["level"] == 1
    assert known["level_changes"][-1]["cause"] == ["ordered"]


def test_a_stranger_goes_on_with_the_thread_and_changes_the_bank_account(client: FlaskClient) -> None:
    thread = Thread(client, "pampa-riego")
    thread.mail("Dear Li, we need brass ball valves DN20, 2,000 pcs, FOB Ningbo. Please quote." + SIGNATURE)
    thread.mail("Dear Rosa, 2.10 USD.\nLi Wei", ours=True)
    honest = thread.mail(
        "Dear Li, my colleague here. Please tell me the carton size.", sender="Luis <luis@pampa-riego.example>"
    )
    assert "history.stranger-in-thread" not in ids(honest)
    taken = thread.mail(
        "Dear Li, our bank account has changed because of an audit. Please send the refund to the new account"
        " IBAN GB33BUKB20201555555555, beneficiary Global Trade Ltd.",
        sender="Rosa Quispe <rosa@pampariego.example>",
    )
    assert "history.stranger-in-thread" in ids(taken)
    assert (taken["category"], taken["banner"]) == ("fraud", "danger")


def test_confirmed_twice_is_not_alarmed_about_unless_something_new_speaks_against(client: FlaskClient) -> None:
    thread = Thread(client, "delta-pumps")
    text = "Dear Sir, URGENT: kindly quote 500 pcs brass ball valve DN20, CIF Callao. Drawings: https://bit.ly/abcd ."
    odd = {"Reply_To": "deltapumps@mailbox-free.example"}
    before = thread.mail(text + SIGNATURE, **odd)
    against = {f["id"] for f in before["findings"] if f["outcome"] == "hit" and f["points"] < 0}
    assert against
    for verdict in (before, thread.mail(text + " Thank you." + SIGNATURE, **odd)):
        assert client.post(f"/api/v1/verdicts/{verdict['id']}/feedback", json={"label": "genuine"}).status_code == 201
    after = thread.mail(text + " Waiting for your reply." + SIGNATURE, **odd)
    settled = {f["id"]: f for f in after["findings"] if f["id"] in against and f["outcome"] == "hit"}
    assert settled
    assert all(f["points"] == 0 and f["effect"] == "fact" for f in settled.values())
    assert after["risk"] < before["risk"]
    worse = thread.mail("Your mailbox is full. Confirm your password here: http://192.0.2.9/webmail/login.php", **odd)
    assert worse["category"] == "phishing"

    assert client.delete(f"/api/v1/verdicts/{before['id']}/feedback").status_code == 204
    again = thread.mail(text + " Please answer." + SIGNATURE, **odd)
    assert any(f["points"] < 0 for f in again["findings"] if f["id"] in against)


def test_reported_as_fake_warns_the_colleague(client: FlaskClient) -> None:
    thread = Thread(client, "norte-tools")
    first = thread.mail("Please quote 500 pcs brass ball valve DN20, CIF Callao." + SIGNATURE)
    assert first["banner"] == "none"
    client.post(f"/api/v1/verdicts/{first['id']}/feedback", json={"label": "fake"})
    second = thread.mail("Please quote 600 pcs brass ball valve DN25, CIF Callao." + SIGNATURE)
    assert "history.confirmed-fake" in ids(second)
    assert second["banner"] == "caution"


def test_a_message_graded_again_is_not_its_own_history(client: FlaskClient) -> None:
    thread = Thread(client, "sur-riego")
    first = thread.mail("Please quote 500 pcs brass ball valve DN20, CIF Callao." + SIGNATURE)
    thread.ids.clear()
    again = thread.mail("Please quote 500 pcs brass ball valve DN20, CIF Callao." + SIGNATURE)
    for key in ("category", "grade", "stars", "level", "risk", "quality", "banner"):
        assert again[key] == first[key]
    assert again["facts"]["history"]["messages_from_sender"] == 0
