"""Stored answers and their feedback."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session

from api.storage.database import Database
from api.storage.errors import NotStored
from api.storage.tables import AnswerDocumentRow, AnswerRow, FeedbackRow

_DAY_S = 86_400
_GROUPS = "groups"


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """A stored answer.

    `kind` is the API that gave it, `asked` has the question and its parameters, `record` the whole evidence. `response`
    and `events` are those sent to a Responses client, `documents` the ids of the quoted documents.
    """

    id: str
    kind: str
    collection: str
    created_at: int
    asked: Mapping[str, Any]
    record: Mapping[str, Any]
    response: Mapping[str, Any] | None = None
    events: tuple[Mapping[str, Any], ...] = ()
    documents: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Feedback:
    """Feedback on an answer, or on the sentence with this number, counted from 0."""

    id: str
    answer_id: str
    created_at: int
    said: Mapping[str, Any] = field(default_factory=dict)


class Answers:
    """The stored answers of one tenant, until they expire.

    With `groups`, only answers from documents of these groups: those stored for no other group.

    Every method raises DatabaseFailed if the database fails.
    """

    def __init__(self, database: Database, tenant: str, *, days: int, groups: frozenset[str] = frozenset()) -> None:
        self._database = database
        self._tenant = tenant
        self._days = days
        self._groups = groups

    def save(self, given: GivenAnswer) -> None:
        """Remember an answer, and forget those whose time has come."""
        now = self._database.now()
        row = AnswerRow(
            id=given.id,
            kind=given.kind,
            collection=given.collection,
            created_at=given.created_at,
            expires_at=now + self._days * _DAY_S,
            asked={**given.asked, _GROUPS: sorted(self._groups)},
            record=dict(given.record),
            response=None if given.response is None else dict(given.response),
            events=[dict(event) for event in given.events],
        )
        with self._database.writing(self._tenant) as session:
            due = session.scalars(select(AnswerRow.id).where(AnswerRow.expires_at <= now)).all()
            _forget(session, due)
            session.add(row)
            session.flush()
            session.add_all(AnswerDocumentRow(answer_id=given.id, document_id=each) for each in given.documents)

    def get(self, answer_id: str) -> GivenAnswer:
        """One answer.

        Raises:
            NotStored: there is none of this id, or not any more.
        """
        with self._database.reading(self._tenant) as session:
            return _answer_of(session, self._live(session, answer_id))

    def delete(self, answer_id: str) -> None:
        """Delete an answer and its feedback.

        Raises:
            NotStored: there is none with this id, or it has expired.
        """
        with self._database.writing(self._tenant) as session:
            self._live(session, answer_id)
            _forget(session, [answer_id])

    def add_feedback(self, feedback: Feedback) -> None:
        """Store feedback for as long as its answer.

        Raises:
            NotStored: there is no answer with this id, or it has expired.
        """
        with self._database.writing(self._tenant) as session:
            self._live(session, feedback.answer_id)
            session.add(
                FeedbackRow(
                    id=feedback.id,
                    answer_id=feedback.answer_id,
                    created_at=feedback.created_at,
                    said=dict(feedback.said),
                )
            )

    def feedback(self, answer_id: str) -> list[Feedback]:
        """The feedback on an answer, oldest first."""
        wanted = select(FeedbackRow).where(FeedbackRow.answer_id == answer_id).order_by(FeedbackRow.number)
        with self._database.reading(self._tenant) as session:
            return [Feedback(row.id, row.answer_id, row.created_at, row.said) for row in session.scalars(wanted)]

    def _live(self, session: Session, answer_id: str) -> AnswerRow:
        row = _live(session, answer_id, self._database.now())
        of = set(row.asked[_GROUPS])
        if self._groups and not (of and of <= self._groups):
            raise NotStored("answer", answer_id)
        return row


def any_answer(database: Database, answer_id: str) -> GivenAnswer:
    """One answer, of whichever tenant; for who owns the machine, never on behalf of a client.

    Raises:
        NotStored: there is none of this id, or not any more.
        DatabaseFailed.
    """
    with database.everyone() as session:
        return _answer_of(session, _live(session, answer_id, database.now()))


def forget_documents(database: Database, collection: str, document_ids: Iterable[str]) -> int:
    """Forget every answer from a collection that has words of these documents; how many there were.

    Answers from other collections that hold the same documents stay.

    Raises:
        DatabaseFailed.
    """
    with database.everyone(writes=True) as session:
        wanted = (
            select(AnswerDocumentRow.answer_id)
            .join(AnswerRow, AnswerRow.id == AnswerDocumentRow.answer_id)
            .where(AnswerDocumentRow.document_id.in_(list(document_ids)), AnswerRow.collection == collection)
        )
        found = sorted(set(session.scalars(wanted)))
        _forget(session, found)
        return len(found)


def _forget(session: Session, answer_ids: Iterable[str]) -> None:
    gone = list(answer_ids)
    if not gone:
        return
    session.execute(delete(AnswerDocumentRow).where(AnswerDocumentRow.answer_id.in_(gone)))
    session.execute(delete(FeedbackRow).where(FeedbackRow.answer_id.in_(gone)))
    session.execute(delete(AnswerRow).where(AnswerRow.id.in_(gone)))


def _live(session: Session, answer_id: str, now: int) -> AnswerRow:
    row = session.scalars(select(AnswerRow).where(AnswerRow.id == answer_id, _lives(now))).one_or_none()
    if row is None:
        raise NotStored("answer", answer_id)
    return row


def _lives(now: int) -> ColumnElement[bool]:
    return or_(AnswerRow.expires_at.is_(None), AnswerRow.expires_at > now)


def _answer_of(session: Session, row: AnswerRow) -> GivenAnswer:
    documents = select(AnswerDocumentRow.document_id).where(AnswerDocumentRow.answer_id == row.id)
    return GivenAnswer(
        id=row.id,
        kind=row.kind,
        collection=row.collection,
        created_at=row.created_at,
        asked={name: value for name, value in row.asked.items() if name != _GROUPS},
        record=row.record,
        response=row.response,
        events=tuple(row.events),
        documents=frozenset(session.scalars(documents)),
    )
