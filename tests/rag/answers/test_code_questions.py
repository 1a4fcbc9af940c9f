"""What source code answers: the error of a function, the default of a parameter, the value of a constant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answers.code_questions import code_answer
from rag.answers.extractive import NOT_ANSWERED, Extract, ExtractiveAnswerer
from rag.evidence.finder import EvidenceFinder
from rag.text import assignments, default_of, functions, raising_lines
from rag.types import Hit
from tests.fakes.core import HashEmbedder, hit

PYTHON = '''\
"""Berths of a harbour."""
LONGEST_BOAT_M = 24
FLAGS = (
    "NO",
    "SE",
)


class Harbour:
    def moor(self, boat, *, nights: int = 1,
             fee=LONGEST_BOAT_M):
        """Moor a boat. Function `leave` raises LeaveError."""
        if boat.length > LONGEST_BOAT_M:
            raise TooLongError(boat)
        # raise OldError(boat)
        def inner():
            return nights

    async def leave(self, boat):
        """Let a boat go. It never raises what moor raises."""
        return boat


class Marina:
    def moor(self, boat):
        raise FullError("no berth") from None
'''
TYPESCRIPT = """\
export const maxNights: number = 14;
export class Quay {
  private moor(boat: Boat, nights = 2, label?: string = "guest"): void {
    if (!boat) throw new MissingBoatError("boat");
  }
}
const dock = {
  tow(kg = 5) {
    throw new TowError(kg);
  },
  lower: function (depth) {
    throw new DepthError(depth); }
};
module.exports.hoist = function (flags = 2) { throw FlagError; };
export const sail = async (boat: Boat) => {
  throw new WindError();
};
"""
JAVA = """\
class Quay {
    static final int MAX_DRAFT_CM = 310;
    public Berth reserve(Boat boat) throws IOException
    {
        if (boat == null) {
            throw new IllegalArgumentException("no boat");
        }
        return null;
    }
}
"""
GO = """\
const maxWait = 30
func (q *Quay) Reserve(id string) (*Berth, error) {
\tif id == "" {
\t\treturn nil, ErrNoBoat
\t}
\treturn q.find(id)
}
"""
RUST = """\
pub const QUEUE_LENGTH: usize = 12;
pub fn reserve(id: &str) -> Result<Berth, BerthError> {
    if id.is_empty() {
        return Err(BerthError::NoBoat);
    }
    find(id)
}
"""
RUBY = """\
class Quay
  def rent(boat, nights: 3, guest:)
    raise RentError, "no boat" if boat.nil?
    defer reserve(boat)
  end
end
"""
SHELL = "MAX_BOATS=40\n#MAX_BOATS=60\n"
ALL = {
    "berths.py": PYTHON,
    "quay.ts": TYPESCRIPT,
    "Quay.java": JAVA,
    "quay.go": GO,
    "quay.rs": RUST,
    "quay.rb": RUBY,
    "quay.sh": SHELL,
}


def extract(question: str, *names: str) -> Extract:
    hits: list[Hit] = [hit(ALL[name], name, markdown=False) for name in names or ALL]
    return ExtractiveAnswerer(threshold=0.35).answer([question], EvidenceFinder(HashEmbedder()).pool(hits))


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Which exception does Harbour.moor raise?", ["raise TooLongError(boat)"]),
        ("What does the method moor of Marina raise?", ['raise FullError("no berth") from None']),
        ("Which error does tow throw?", ["throw new TowError(kg);"]),
        ("Which error does lower throw?", ["throw new DepthError(depth); }"]),
        ("Which error is thrown by sail?", ["throw new WindError();"]),
        ("What does moor of Quay throw?", ['if (!boat) throw new MissingBoatError("boat");']),
        ("Which exception does Quay.reserve throw in Quay.java?", ['throw new IllegalArgumentException("no boat");']),
        ("Which error does Reserve return?", ["return nil, ErrNoBoat"]),
        ("Which error does rent raise?", ['raise RentError, "no boat" if boat.nil?']),
    ],
)
def test_an_error_is_told_with_its_function(question: str, told: list[str]):
    """The line, after the signature of the function that is asked about; neither comments nor other functions."""
    found = extract(question).verdicts
    assert [verdict.text.rpartition(" … ")[2] for verdict in found] == told
    assert all(verdict.evidence[-1].quote == line for verdict, line in zip(found, told, strict=True))
    assert all(len(verdict.evidence) == 2 for verdict in found)


def test_rust_returns_its_errors():
    """They are thrown by nobody."""
    (verdict,) = extract("Which error does reserve return?", "quay.rs").verdicts
    assert verdict.text.endswith("return Err(BerthError::NoBoat);")


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (
            "What is the default of nights in Harbour.moor?",
            "def moor(self, boat, *, nights: int = 1, fee=LONGEST_BOAT_M):",
        ),
        (
            "What is the default label of moor in quay.ts?",
            'private moor(boat: Boat, nights = 2, label?: string = "guest"): void {',
        ),
        ("What is the default of nights in rent?", "def rent(boat, nights: 3, guest:)"),
        ("What is the value of LONGEST_BOAT_M?", "LONGEST_BOAT_M = 24"),
        ("What is FLAGS?", 'FLAGS = ( "NO", "SE", )'),
        ("What is maxNights set to?", "export const maxNights: number = 14;"),
        ("How large is MAX_DRAFT_CM?", "static final int MAX_DRAFT_CM = 310;"),
        ("What is maxWait?", "const maxWait = 30"),
        ("What is QUEUE_LENGTH?", "pub const QUEUE_LENGTH: usize = 12;"),
        ("What value does MAX_BOATS have?", "MAX_BOATS=40"),
    ],
)  # fmt: skip
def test_a_value_is_told_with_its_line(question: str, told: str):
    """Of a parameter the signature, of a constant the whole of what it is set to; not what is commented out."""
    (verdict,) = extract(question).verdicts
    assert verdict.text == told
    assert " ".join(verdict.evidence[0].quote.split()) == told


@pytest.mark.parametrize(
    "question", ["Which exception does leave raise?", "What is the default of boat in Marina.moor?"]
)
def test_what_code_does_not_say_is_refused(question: str):
    """A comment that speaks of another function is no answer."""
    assert extract(question, "berths.py") == Extract(reason=NOT_ANSWERED)


def test_another_name_is_not_answered():
    """A name is asked for as it is written."""
    assert not any("=" in verdict.text for verdict in extract("What is MAX_NIGHTS?").verdicts)


@given(st.text(alphabet=st.sampled_from("af \n\t(){}[]:=;,#\"'./>"), max_size=80), st.sampled_from(["a", "f"]))
def test_spans_of_definitions_lie_in_their_source(source: str, name: str):
    """Whatever the source is: signature before body, lines within the body, values begin with no space."""
    source = f"def f(a=1):\n{source}\n"
    for function in functions(source, name):
        assert 0 <= function.start < function.head <= function.end <= len(source)
        for start, end in raising_lines(source, function):
            assert function.head <= start < end <= len(source)
        default = default_of(source, function, "a")
        assert default is None or function.start <= default[1] <= function.head
    for start, end in assignments(source, name):
        assert 0 <= start < end <= len(source)
        assert source[start:end].lstrip() == source[start:end]


def test_a_sentence_that_tells_a_value_goes_before_the_line_of_a_file() -> None:
    """It has the unit."""
    line, sentence = "poll_every_s = 40", "The default value of poll_every_s is 40 seconds."
    pool = EvidenceFinder().pool([hit(line, "app.toml", markdown=False), hit(sentence, "guide.md")])
    assert code_answer("What is the default value of poll_every_s?", pool).verdicts == ()
    alone = EvidenceFinder().pool([hit(line, "app.toml", markdown=False)])
    assert [each.text for each in code_answer("What is the value of poll_every_s?", alone).verdicts] == [line]
