"""Reading mail: bytes or visible fields → ``Mail``. See ``read``.

``Mail.body`` is what its reader sees: the rendered HTML when there is an HTML alternative, else the decoded plain
text (soft line ends of format=flowed joined), line ends LF. Characters that take no room (zero-width,
soft hyphens, directional controls) are taken out of subject and body and counted; all offsets are places in
the text without them. ``own`` covers the writer's words only: no signature, quotation, disclaimer or
list footer; in a forward or a marketplace's notice it is the inner writer's words, and the cover note and the
platform's phrases belong to nobody. When a message holds another one as its only substance
(message/rfc822), body, links and attachments are the inner one's, headers stay the outer one's, and
``forwarded`` names the inner writer.
"""

from keeneye.mail.limits import Limits
from keeneye.mail.read import read
from keeneye.model import Mail

__all__ = ["Limits", "Mail", "read"]
