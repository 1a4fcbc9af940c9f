"""Mailboxes: each message is read as mail is."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from ingest.parsers.common.parsed import ParsedFile
from ingest.parsers.registry.registry import default_registry
from rag.errors import ParseError

FROM = "From ida@boats.example Mon Mar  2 17:40:00 2026"


def message(subject: str, text: str, *headers: str) -> str:
    return "\n".join(("From: Ida <ida@boats.example>", f"Subject: {subject}", *headers, "", text))


def mbox(*messages: str) -> bytes:
    return "".join(f"{FROM}\n{one}\n\n" for one in messages).encode()


def parse(data: bytes, name: str = "inbox.mbox") -> ParsedFile:
    return default_registry().parse(data, name)


def test_each_message_is_a_page():
    """With its subject, its headers and its text, in the order of the file; whatever the file is called."""
    data = mbox(message("Ferry", "It leaves at six."), message("Crane", "It lifts 4 tonnes."))
    for name in ("inbox.mbox", "Inbox", "inbox.txt"):
        parsed = parse(data, name)
        assert [page.text for page in parsed.pages] == [
            "# message 1\n\n# Ferry\n\nFrom: Ida <ida@boats.example>\n\nIt leaves at six.",
            "# message 2\n\n# Crane\n\nFrom: Ida <ida@boats.example>\n\nIt lifts 4 tonnes.",
        ]
    assert parsed.title == "inbox"


def test_a_line_that_begins_with_from_parts_no_message():
    """Programs write `>` before it, or leave it as it is."""
    text = "The log says:\n\nFrom Sarn to Orlo it takes an hour.\n>From there on it is slow."
    parsed = parse(mbox(message("Log", text), message("Crane", "It lifts.")))
    assert len(parsed.pages) == 2
    assert "From Sarn to Orlo it takes an hour. From there on it is slow." in " ".join(parsed.pages[0].text.split())


@pytest.mark.parametrize("mark", ["X-Mozilla-Status: 0009", "X-Status: AD"])
def test_deleted_messages_are_left_out_and_counted(mark: str):
    """A program may keep them in the file for long."""
    parsed = parse(mbox(message("Old", "The ferry leaves at nine.", mark), message("New", "It leaves at six.")))
    assert [page.text.split("\n")[0] for page in parsed.pages] == ["# message 2"]
    assert parsed.receipt.skipped == ("1 message(s) that are marked as deleted",)


def test_attachments_are_read_and_what_is_not_is_told_by_message():
    """As those of a message by itself."""
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "ida@boats.example", "List"
    mail.set_content("See the list.")
    mail.add_attachment(b"boat,seats\nNorholm,120\n", maintype="text", subtype="csv", filename="boats.csv")
    mail.add_attachment(b"\x00\x01\x02" * 50, maintype="application", subtype="x-odd", filename="odd.bin")
    parsed = parse(mbox(mail.as_string()))
    assert "| Norholm | 120 |" in parsed.pages[1].text
    assert parsed.receipt.skipped[0].startswith("message 1: attachment odd.bin")


def test_a_mailbox_without_a_message_is_refused():
    """With what is wrong."""
    with pytest.raises(ParseError, match=r"inbox\.mbox: the mailbox holds no message"):
        parse(b"Dear all,\n\nthe ferry leaves at six.\n")
