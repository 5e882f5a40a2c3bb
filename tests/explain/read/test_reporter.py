"""Who reports: by the host, else by the program or its phrases, else by who alone writes such words."""

import pytest

from mxproof.explain.causes import CATALOGUE
from mxproof.explain.explanation import Reporter
from mxproof.explain.read.material import Material, MaterialForm
from mxproof.explain.read.reporter import reporter
from mxproof.judge.vocabulary import Security

POSTFIX_PHRASE = "this is the mail system at host mail.example.com."
OUTLOOK = "am0pr01.outbound.protection.outlook.com"


def who(host: str = "", marks: str = "", program: str = "", author: str = "") -> Reporter:
    material = Material(form=MaterialForm.BOUNCE, reporting_host=host, marks=marks, program=program)
    return reporter(material, None, author)


def name_of(host: str = "", marks: str = "", program: str = "", author: str = "") -> str | None:
    return who(host, marks, program, author).name


@pytest.mark.parametrize(
    "host", ["outlook.com", OUTLOOK, OUTLOOK.upper(), f"{OUTLOOK}.", f"{OUTLOOK} (10.0.0.1)"]
)
def test_a_host_belongs_to_the_system_whose_domain_it_is_in(host: str) -> None:
    found = who(host)
    assert (found.sender, found.host) == ("microsoft", host)


@pytest.mark.parametrize("host", ["notoutlook.com", "outlook.com.example.net", "com", "mx.example.com", "."])
def test_a_host_of_another_domain_belongs_to_nobody(host: str) -> None:
    assert who(host) == Reporter(host=host)


def test_where_nothing_is_known_nothing_is_said() -> None:
    assert who() == Reporter()


def test_the_host_outweighs_the_phrases_and_these_the_author_of_the_words() -> None:
    postfix, google = name_of(marks=POSTFIX_PHRASE), name_of("mail.google.com")
    assert None not in {postfix, google}
    assert name_of("mail.google.com", POSTFIX_PHRASE, "postfix", "microsoft") == google
    assert name_of("mx.example.com", POSTFIX_PHRASE, author="microsoft") == postfix
    assert name_of(author="google") == google
    assert name_of(author="nobody") is None


def test_a_program_is_known_by_the_log_that_it_writes_and_by_its_phrases() -> None:
    assert name_of(program="postfix") == name_of(marks=POSTFIX_PHRASE) == name_of(author="postfix")
    assert name_of(program="of nobody", marks="nothing that is known") is None


def test_of_a_program_and_a_phrase_of_two_systems_that_which_is_listed_first_is_told() -> None:
    microsoft = name_of(author="microsoft")
    assert name_of(program="postfix", marks="mail from .prod.outlook.com") == microsoft
    assert name_of(program="exchange", marks=POSTFIX_PHRASE) == microsoft


def test_which_sender_postfix_is_follows_from_what_was_demanded_alone() -> None:
    material = Material(form=MaterialForm.BOUNCE, program="postfix")
    by_demand = {cause.demanded_by: reporter(material, cause, "").sender for cause in CATALOGUE.values()}
    assert (by_demand[Security.DANE], by_demand[Security.MTA_STS]) == ("postfix-dane", "postfix-sts")
    assert by_demand.get(None) is None
    assert reporter(material, None, "").sender is None
