"""OpenDocument files: texts, sheets and slides of LibreOffice and others."""

from ingest.parsers.opendocument.document import opendocument_kind
from ingest.parsers.opendocument.odp import OdpParser
from ingest.parsers.opendocument.ods import OdsParser
from ingest.parsers.opendocument.odt import OdtParser

__all__ = ["OdpParser", "OdsParser", "OdtParser", "opendocument_kind"]
