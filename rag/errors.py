"""All errors that Footnote raises on purpose.

    FootnoteError
    ├── SettingError          a setting is wrong; names the setting and says what to do
    ├── QuestionError         a question is empty
    ├── StoreError
    │   ├── StoreUnavailable  the store cannot be reached
    │   ├── StoreLocked       another process owns the embedded store
    │   └── CollectionNotFound
    ├── ModelError
    │   ├── ModelUnavailable  a model server did not answer, or not in time
    │   ├── ModelCorrupt      a model's weights are not the published ones
    │   └── AnswerCutOff      a language model reached its limit of tokens in the middle of its answer
    ├── ServiceError          the service that owns the store or the queue did not answer, or refused
    ├── ParseError            a file cannot be read; says why
    │   └── UnsupportedFile   the format of a file is not supported
    ├── SourceChanged         a source changed while it was read
    ├── QueueError            the work queue failed
    │   └── QueueLocked       another process owns the work queue
    ├── SourceError           a file, page or object cannot be fetched; says which, why and what to do
    ├── FilterError           a metadata filter is malformed
    ├── DatasetError          a benchmark or golden file is malformed
    └── NoGuarantee           labelled sentences do not support the requested guarantee; says what would

HTTP statuses and exit codes are decided in `api`, from these types.
"""


class FootnoteError(Exception):
    """Base of all of Footnote's own errors; its text is meant for the user."""


class SettingError(FootnoteError):
    """A setting is wrong."""


class QuestionError(FootnoteError):
    """A question is empty."""


class StoreError(FootnoteError):
    """The vector store failed."""


class StoreUnavailable(StoreError):
    """The vector store cannot be reached."""


class StoreLocked(StoreError):
    """Another process owns the embedded store."""


class CollectionNotFound(StoreError):
    """No collection has this name."""


class ModelError(FootnoteError):
    """A model failed."""


class ModelUnavailable(ModelError):
    """A model server did not answer, or not in time."""


class ModelCorrupt(ModelError):
    """A model's weights are not the published ones."""


class AnswerCutOff(ModelError):
    """A language model reached its limit of tokens in the middle of its answer."""


class ServiceError(FootnoteError):
    """The service that owns the store or the queue did not answer, or refused."""


class ParseError(FootnoteError):
    """A file cannot be read."""


class UnsupportedFile(ParseError):
    """The format of a file is not supported."""


class SourceChanged(FootnoteError):
    """A source changed while it was read."""


class QueueError(FootnoteError):
    """The work queue failed."""


class QueueLocked(QueueError):
    """Another process owns the work queue."""


class SourceError(FootnoteError):
    """A source cannot be fetched."""


class FilterError(FootnoteError):
    """A metadata filter is malformed."""


class DatasetError(FootnoteError):
    """A benchmark or golden file is malformed."""


class NoGuarantee(FootnoteError):
    """Labelled sentences do not support the requested guarantee."""
