"""Authentication-Results: whose words are believed, and how much."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from keeneye.model import Authentication, Facts, Firm

OURS = "mx.exporter.example"
RECEIVED = f"Received: from out.example ([203.0.113.5]) by {OURS}; Tue, 24 Nov 2026 09:20:05 +0000"
REST = "From: Ann <ann@buyer.example>\r\nTo: sales@exporter.example\r\nSubject: Valves\r\n\r\nPlease quote.\r\n"
PASS = "spf=pass smtp.mailfrom=buyer.example; dkim=pass header.d=buyer.example; dmarc=pass header.from=buyer.example"
FAIL = "spf=softfail smtp.mailfrom=buyer.example; dkim=none; dmarc=fail header.from=buyer.example"


def seen(facts_of: Callable[..., Facts], *lines: str, firm: Firm = Firm()) -> Authentication:  # noqa: B008 (frozen)
    return facts_of("\r\n".join((*lines, REST)), firm=firm).authentication


@pytest.mark.parametrize(
    ("lines", "spf", "dmarc", "aligned"),
    [
        # Written above the first Received line by the host that wrote that line.
        ((f"Authentication-Results: {OURS}; {PASS}", RECEIVED), "pass", "pass", True),
        ((f"Authentication-Results: {OURS}; {FAIL}", RECEIVED), "softfail", "fail", False),
        # Microsoft 365 writes no id: the position speaks for it.
        ((f"Authentication-Results: {PASS}", RECEIVED), "pass", "pass", True),
        # Another host's header, wherever it stands, is the sender's own claim.
        ((f"Authentication-Results: mx.buyer.example; {PASS}", RECEIVED), None, None, None),
        ((RECEIVED, f"Authentication-Results: mx.buyer.example; {FAIL}"), None, None, None),
        # Our host's name below the Received lines: nobody forges what speaks against him, anybody may forge a pass.
        ((RECEIVED, f"Authentication-Results: {OURS}; {PASS}"), None, None, None),
        ((RECEIVED, f"Authentication-Results: {OURS}; {FAIL}"), "softfail", "fail", False),
        # A forged pass below does not outweigh what our host wrote above.
        (
            (f"Authentication-Results: {OURS}; {FAIL}", RECEIVED, f"Authentication-Results: {OURS}; {PASS}"),
            "softfail",
            "fail",
            False,
        ),
        ((RECEIVED,), None, None, None),
    ],
)
def test_only_our_own_receiving_host_is_believed(
    facts_of: Callable[..., Facts], lines: tuple[str, ...], spf: str | None, dmarc: str | None, aligned: bool | None
) -> None:
    found = seen(facts_of, *lines)
    assert (found.spf, found.dmarc, found.aligned) == (spf, dmarc, aligned)


def test_the_firms_own_ids_decide_when_they_are_set(facts_of: Callable[..., Facts]) -> None:
    firm = Firm(authserv_ids=("filter.exporter.example",))
    assert seen(facts_of, f"Authentication-Results: {OURS}; {PASS}", RECEIVED, firm=firm).spf is None
    trusted = seen(facts_of, f"Authentication-Results: filter.exporter.example; {PASS}", RECEIVED, firm=firm)
    assert (trusted.spf, trusted.by) == ("pass", "filter.exporter.example")
