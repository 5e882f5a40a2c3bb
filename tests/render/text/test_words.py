"""Words that several sections of the text share."""

from mxproof.render.text.words import cited


def test_each_document_is_named_once() -> None:
    sources = ("RFC 8461 section 4.1", "RFC 5321 section 5.1", "RFC 8461 section 8.4", "RFC 7672 erratum 1")
    assert cited(sources) == "RFC 8461 sections 4.1 and 8.4, RFC 5321 section 5.1, RFC 7672 erratum 1"
