"""Writes lexicons/domains/free_mail.txt from the npm package free-email-domains (MIT).

Run by a maintainer: ``python tools/free_mail_data.py``. Leaves out what the package disposable-email-domains already
knows, because the server holds that list too, and the names that `NOT_FREE` gives with the reason.
"""

from __future__ import annotations

import io
import json
import subprocess
import tarfile
import tempfile
from pathlib import Path

from disposable_email_domains import blocklist

PACKAGE = "free-email-domains@1.12.6"
OUT = Path(__file__).parents[1] / "server/keeneye/lexicons/domains/free_mail.txt"

NOT_FREE = {
    "sakura.ne.jp",  # hosting: each customer has a name of its own below it
    "recycler.com",  # classified advertisements
    "postmaster.twitter.com",  # a service of its own, not a mailbox
    "docs.google.com",
    "alibaba.com",  # the platform's own notices and staff
    "facebook.com",
    "facebookmail.com",
    "amazonses.com",  # sends for others
    "googlegroups.com",
}


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=scratch, check=True, stdout=subprocess.DEVNULL)  # noqa: S603, S607
        (packed,) = Path(scratch).glob("*.tgz")
        with tarfile.open(fileobj=io.BytesIO(packed.read_bytes())) as archive:
            listed = json.load(archive.extractfile("package/domains.json"))
    domains = sorted({d.strip().lower() for d in listed} - blocklist - NOT_FREE)
    OUT.write_text(
        f"# source: npm {PACKAGE}, MIT, (c) 2017 Kiko Beats; without disposable ones; tools/free_mail_data.py\n"
        "# date: 2026-11-25\n" + "\n".join(domains) + "\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
