"""Messages: which text is read, what is quoted in it, invitations, and characters."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.parsers.common.parsed import ParsedFile
from ingest.parsers.registry.registry import default_registry
from ingest.parsers.text import message_markdown, plain_text


def parse(data: bytes) -> ParsedFile:
    return default_registry().parse(data, "a.eml")


def body_of(text: str, header: str = "") -> str:
    """What is read of a plain text, without the headers of the message."""
    data = f"From: ida@boats.example\nContent-Type: text/plain; charset=utf-8{header}\n\n{text}".encode()
    return parse(data).pages[0].text.partition("\n\n")[2]


@pytest.mark.parametrize(
    "lead",
    [
        "On Mon, 2 Mar 2026 at 17:40, Tom <tom@boats.example> wrote",
        "Am 02.03.26 um 17:40 schrieb Tom",
        "Le lun. 2 mars 2026 à 17:40, Tom <tom@boats.example> a écrit",
        "El lun, 2 mar 2026 a las 17:40, Tom escribió",
    ],
)
def test_quoted_words_say_whose_and_from_when_they_are(lead: str):
    """What introduces a quotation, in whatever language, heads it; the marks before its lines go."""
    text = f"The delivery is now on 20 March.\n\n{lead}:\n> Is it on 12 March?\n>\n> > It is on 5 March.\n> Tom\n"
    assert body_of(text) == (
        f"The delivery is now on 20 March.\n\n## Quoted: {lead}\n\nIs it on 12 March?\n\n"
        f"### Quoted: an earlier message\n\nIt is on 5 March.\n\n## Quoted: {lead}\n\nTom"
    )


def test_what_is_written_between_quotations_has_its_author():
    """Answers may stand under each question."""
    assert body_of("> One?\nYes.\n> Two?\nNo.\n") == (
        "## Quoted: an earlier message\n\nOne?\n\n## Written by ida@boats.example\n\nYes.\n\n"
        "## Quoted: an earlier message\n\nTwo?\n\n## Written by ida@boats.example\n\nNo."
    )


@pytest.mark.parametrize(
    ("rule", "names"),
    [
        ("-----Original Message-----", ("From", "Sent", "To", "Subject")),
        ("________________________________", ("Von", "Gesendet", "An", "Betreff")),
        ("---------- Forwarded message ---------", ("From", "Date", "To", "Subject")),
        ("", ("De", "Envoyé", "À", "Objet")),
        ("", ("*From*", "*Sent*", "*To*", "*Subject*")),
    ],
)
def test_a_message_copied_under_another_is_quoted_to_its_end(rule: str, names: tuple[str, ...]):
    """Its sender and date head it; its other headers stay."""
    who, when, to, subject = names
    text = f"Nine euros.\n\n{rule}\n{who}: Tom\n{when}: 2 March 2026 17:40\n{to}: Ida\n{subject}: Fee\n\nWhat is it?\n"
    assert body_of(text) == (
        f"Nine euros.\n\n## Quoted: Tom, 2 March 2026 17:40\n\n{to}: Ida\n{subject}: Fee\n\nWhat is it?"
    )


def test_a_message_without_quotations_is_its_text():
    """Colons, rules and marks within lines are no quotations."""
    text = "Please bring:\n- a rope\n- a map\n\n---\n\nFrom: the quay\n\nIf a > b, go.\n\n# 5 is the number"
    assert body_of(text) == text.replace("# 5", "\\# 5")


@given(st.lists(st.sampled_from([
    "words one", "> words two", ">> words three", "> ", "", "On 2 March Tom wrote:", "> On 1 March Ann wrote:",
    "From: Tom", "Sent: 2 March 2026", "Subject: words four", "-----Original Message-----", "-- ", "see:",
]), max_size=14))  # fmt: skip
def test_no_word_of_a_message_is_lost(lines: list[str]):
    """Whatever is quoted of whatever, every word is in the text as often as it was, or in a heading."""
    shown = message_markdown("\n".join(lines), "", plain_text)
    for number in ("one", "two", "three", "four"):
        assert shown.count(f"words {number}") == sum(f"words {number}" in line for line in lines)
    assert "Tom" in shown or not any("Tom" in line for line in lines)


def alternatives(plain: str, html: str) -> bytes:
    message = EmailMessage()
    message["From"] = "ida@boats.example"
    message.set_content(plain)
    message.add_alternative(html, subtype="html")
    return message.as_bytes()


def test_a_plain_text_that_is_but_a_note_is_not_preferred():
    """Some senders put the message into the HTML text alone; the receipt says which was read."""
    html = f"<p>{'The boat costs 90 euros a day. ' * 9}</p><blockquote><p>What does it cost?</p></blockquote>"
    parsed = parse(alternatives("Please open this message in a browser.", html))
    assert "The boat costs 90 euros a day." in parsed.pages[0].text
    assert "## Quoted: an earlier message\n\nWhat does it cost?" in parsed.pages[0].text
    assert parsed.receipt.notes == ("the plain text has 7 words, the HTML text 68: the HTML text was read",)
    parsed = parse(alternatives("The boat costs 90 euros.", "<p>The <b>boat</b> costs 90 euros.</p>"))
    assert parsed.pages[0].text.endswith("The boat costs 90 euros.")
    assert not parsed.receipt.notes


@pytest.mark.parametrize("note", ["Your mail client does not support HTML.", "\n", "This message was sent as HTML."])
def test_a_short_message_is_read_where_the_plain_text_says_something_else(note: str):
    """However short: the plain text lacks the words of the message."""
    parsed = parse(alternatives(note, "<p>The boat costs 90 euros from 5 May on.</p>"))
    assert parsed.pages[0].text.endswith("The boat costs 90 euros from 5 May on.")


@pytest.mark.parametrize(
    "lead",
    [
        "On 1 Mar 2024, at 09:00, Tom <tom@boats.example> wrote:",
        "On Fri, 1 Mar 2024 at 09:00, Tom Ray of the Boats\n<tom@boats.example> wrote:",
        "Am 01.03.2024 um 09:00 schrieb Tom:",
        "Le 1 mars 2024 à 09:00, Tom a écrit :",
    ],
)
def test_a_quotation_without_marks_is_quoted_to_its_end(lead: str):
    """As some programs copy the earlier message under its sender; a line that only ends in a colon introduces none."""
    quoted = message_markdown(f"Agreed, 70.\n\n{lead}\n\nIt costs 90.\n\nTom\n", "Ida", plain_text)
    assert quoted.startswith("Agreed, 70.\n\n## Quoted: ")
    assert quoted.endswith("It costs 90.\n\nTom")
    listed = "In May 2023 Tom wrote:\n\nIt costs 90."
    assert message_markdown(listed, "Ida", plain_text) == listed


def test_messages_in_html_quote_too():
    """A message that a mail program copied under the answer, and one within a quotation."""
    copied = (
        '<div><p>Nine euros.</p></div><hr><div id="divRplyFwdMsg"><b>From:</b> Tom<br><b>Sent:</b> 2 March 2026 17:40'
        "<br><b>To:</b> Ida<br><b>Subject:</b> Fee</div><div><p>What is it?</p></div>"
    )
    message = EmailMessage()
    message["From"] = "ida@boats.example"
    message.set_content(copied, subtype="html")
    assert parse(message.as_bytes()).pages[0].text.partition("\n\n")[2] == (
        "Nine euros.\n\n## Quoted: Tom, 2 March 2026 17:40\n\nTo: Ida\nSubject: Fee\n\nWhat is it?"
    )
    quoting = (
        '<p>Nine.</p><div class="quote">On 2 March 2026, Tom wrote:<blockquote><p>What is it?</p></blockquote></div>'
    )
    message.set_content(quoting, subtype="html")
    assert parse(message.as_bytes()).pages[0].text.partition("\n\n")[2] == (
        "Nine.\n\n## Quoted: On 2 March 2026, Tom wrote\n\nWhat is it?"
    )


CALENDAR = "\r\n".join([
    "BEGIN:VCALENDAR", "VERSION:2.0", "METHOD:REQUEST", "BEGIN:VEVENT", "UID:1", "SUMMARY:Harbour meeting",
    "DTSTART;TZID=Europe/Berlin:20260305T140000", "DTEND;TZID=Europe/Berlin:20260305T150000", "LOCATION:Room 4",
    "ORGANIZER;CN=Ida:mailto:ida@boats.example", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:tom@boats.example",
    "RRULE:FREQ=WEEKLY;COUNT=4", "DESCRIPTION:Bring the plan.\\nAnd the key.", "END:VEVENT", "END:VCALENDAR", "",
])  # fmt: skip
EVENT = (
    "# Harbour meeting\n\n- Start: 2026-03-05 14:00 (Europe/Berlin)\n- End: 2026-03-05 15:00 (Europe/Berlin)\n"
    "- Repeats: FREQ=WEEKLY;COUNT=4\n- Place: Room 4\n- Organizer: Ida <ida@boats.example>\n"
    "- Attendee: tom@boats.example (accepted)\n\nBring the plan.\nAnd the key."
)


def test_a_calendar_is_its_events():
    """What, when, where and who; a whole day is a date."""
    parsed = default_registry().parse(CALENDAR.encode(), "plan.ics")
    assert parsed.pages[0].text == EVENT
    assert parsed.title == "Harbour meeting"
    whole_day = CALENDAR.replace(";TZID=Europe/Berlin:20260305T140000", ";VALUE=DATE:20260305")
    assert "- Start: 2026-03-05\n" in default_registry().parse(whole_day.encode(), "plan.ics").pages[0].text


@pytest.mark.parametrize(("end", "last"), [("20260306", "05"), ("20260308", "07"), ("20260305", "05")])
def test_whole_days_end_on_the_last_of_them(end: str, last: str):
    """Files name the day after it; some the day itself, where it is the only one."""
    days = CALENDAR.replace(";TZID=Europe/Berlin:20260305T140000", ";VALUE=DATE:20260305").replace(
        ";TZID=Europe/Berlin:20260305T150000", f";VALUE=DATE:{end}"
    )
    text = default_registry().parse(days.encode(), "plan.ics").pages[0].text
    assert f"- Start: 2026-03-05\n- End: 2026-03-{last}\n" in text


def test_an_invitation_in_a_message_is_read():
    """Also where it is another form of the text."""
    message = EmailMessage()
    message["From"] = "ida@boats.example"
    message.set_content("You are invited.")
    message.add_alternative(CALENDAR.encode(), maintype="text", subtype="calendar")
    parsed = parse(message.as_bytes())
    assert parsed.pages[1].label == "calendar.ics"
    assert EVENT in parsed.pages[1].text


@pytest.mark.parametrize(
    ("subject", "read"),
    [
        (b"=?iso-8859-1?Q?20_=80_=96_G=E4ste?=", "20 € – Gäste"),
        (b"Gr\xfc\xdfe aus K\xf6ln", "Grüße aus Köln"),
        ("Grüße aus Köln".encode(), "Grüße aus Köln"),
        (b"=?utf-8?B?R3LDvMOfZQ==?=\n =?utf-8?Q?_aus_K=C3=B6ln?=", "Grüße aus Köln"),
    ],
)
def test_subjects_are_read_whatever_they_are_written_in(subject: bytes, read: str):
    """Encoded words, and bytes that no header may hold."""
    assert parse(b"From: ida@boats.example\nSubject: " + subject + b"\n\nWords.").title == read


def test_latin_1_in_messages_is_windows_1252():
    """Euro signs and dashes are not lost."""
    data = (
        b"From: a@boats.example\nContent-Type: text/plain; charset=iso-8859-1\n\nDas kostet 20 \x80 \x96 f\xfcr alle."
    )
    assert parse(data).pages[0].text.endswith("Das kostet 20 € – für alle.")


def test_flowed_lines_are_joined():
    """Lines that end in a space go on, at their own depth; a signature's line does not."""
    text = "A long line that \ngoes on.\n> Quoted words that \n> go on.\n-- \nIda"
    assert body_of(text, "; format=flowed") == (
        "A long line that goes on.\n\n## Quoted: an earlier message\n\nQuoted words that go on.\n\n"
        "## Written by ida@boats.example\n\n--\nIda"
    )
