"""A grader that is ready: what stages load at their first message is loaded before anybody waits for it."""

from __future__ import annotations

from keeneye.model import Payload
from keeneye.pipeline import Grader, GraderSettings

# Every stage has something to do with it; nobody's mail.
MESSAGE = Payload(
    raw=b"From: Warm Up <warm@up.example>\r\nTo: us@ours.example\r\nSubject: 500 pcs valves\r\n"
    b"Date: Tue, 24 Nov 2026 08:00:00 +0100\r\nReceived: from a.example ([192.0.2.1]) by b.example;"
    b" Tue, 24 Nov 2026 08:00:01 +0100\r\n\r\nDear Sirs,\r\n\r\nplease quote your best price for 500 pcs of gate valve"
    b" DN50, and tell us the delivery time.\r\n\r\nBest regards\r\nWarm Up\r\nTel. +49 421 555 0100\r\n"
)


def ready_grader(settings: GraderSettings) -> Grader:
    """Build a grader and let it grade once. Raises KeeneyeError when the policy is wrong."""
    grader = Grader(settings)
    grader.verdict(grader.grade(MESSAGE))
    return grader
