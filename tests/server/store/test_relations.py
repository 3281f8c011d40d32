"""Whom a message concerns: the other side, and the mailbox of ours."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from keeneye import mail
from keeneye.model import About, Firm, Payload
from keeneye.store.relations import Keys, keys
from keeneye.store.secret import Secret

SECRET = Secret(b"0123456789abcdef0123456789abcdef")
FIRM = Firm(domains=("exporter.example",))


def keys_of(own: bool, **headers: str) -> Keys:
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    read = mail.read(Payload(raw=f"{head}\r\nHello".encode()))
    return keys(About(read, FIRM, read.from_, None, own, datetime(2026, 11, 25, tzinfo=UTC)), SECRET)


@pytest.mark.parametrize("colleague", ["wu@exporter.example", "wu@cn.exporter.example"])
def test_the_other_side_of_our_own_mail_is_no_colleague(colleague: str) -> None:
    made = keys_of(own=True, From="li@exporter.example", To=f"{colleague}, ann@buyer.example")
    assert made.party == SECRET.address("ann@buyer.example")


@pytest.mark.parametrize("ours", ["wu@exporter.example", "wu@cn.exporter.example"])
def test_the_mailbox_that_a_message_reached_may_be_of_a_branch(ours: str) -> None:
    made = keys_of(own=False, From="ann@buyer.example", To=f"bo@other.example, {ours}")
    assert made.mailbox == SECRET.short("mailbox", ours)


def test_a_name_that_only_ends_like_ours_is_not_ours() -> None:
    assert keys_of(own=False, From="ann@buyer.example", To="wu@notexporter.example").mailbox is None
