"""The pages of findings in Markdown, and their index."""

import re

from mxproof.judge.codes import Code
from mxproof.render.markdown.finding_page import index, page


def test_the_index_links_every_page() -> None:
    assert set(re.findall(r"\(([a-z0-9-]+)\.md\)", index())) == set(Code)


def test_the_page_of_the_incident_says_with_which_words_it_bounces() -> None:
    assert "`451 4.4.8 MX hosts of 'example.com' failed MTA-STS validation`" in page(Code.MX_ALIAS)
