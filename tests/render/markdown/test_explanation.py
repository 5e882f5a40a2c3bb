"""Explanations in Markdown: what the bounce means, at whose side the fault lies, what a check finds now, what to do next."""

import msgspec

from mxproof.explain.explanation import Explanation, LookedFor
from mxproof.render.markdown.explanation import document
from support_told_explanation import LEAD, LIVE, UNKNOWN, WHOLE

NOTHING = "# `bounce.eml`: Nothing is known of this.\n\n"


def text_of(*several: Explanation) -> str:
    return "".join(document(several))


def test_an_explanation_says_all_that_is_known_of_a_bounce() -> None:
    assert text_of(WHOLE) == (
        "# `bounce.eml`: The MX host is not in the `policy`.\n\n"
        "**transport security** It was `mx.example.com`.\n\n"
        "- fault: recipient: its policy\n"
        "- reported by: Postfix, mail.example.net\n"
        "- codes: 451 and 4.4.8\n\n"
        "## Cause: `mtasts_mx_mismatch` (observed)\n\n"
        "Said: `MX hosts failed MTA-STS validation` about `mx.example.com`\n\n"
        "Look at the `mx` lines.\n\n"
        "Known from a page; a sample\n\n"
        "## Possible: `queue_expired` (claimed)\n\n"
        "Said: `Message expired`\n\n"
        "Look at the queue.\n\n"
        "## Now in lab scenario `incident`: confirmed\n\n"
        "The `policy` does not list it.\n\n"
        "1. List it:\n\n"
        "```text\nmx: mx.example.com\n```\n\n"
        "2. Then change the id.\n\n"
        "Or retire the host.\n\n"
        "Who acts: you, in the `policy`\n\n"
        "Verified: With it every sender delivers.\n\n"
        "- ns1.example.com 192.0.2.53: UDP 12 ms, TCP timeout, 100 bytes\n\n"
        "`example.com`, asked 2026-06-01 12:00:00 UTC.\n\n"
        "## Next\n\n"
        "```sh\nmxproof check example.com\nmxproof finding mx-alias\n```\n"
    )


def test_of_a_text_that_nobody_knows_no_more_is_said_than_that() -> None:
    assert text_of(UNKNOWN) == f"{NOTHING}**unknown**\n"
    assert text_of(msgspec.structs.replace(UNKNOWN, understood=True)) == f"{NOTHING}**another kind**\n"


def test_what_was_not_looked_for_was_asked_of_no_domain() -> None:
    live = msgspec.structs.replace(LIVE, joined=LookedFor.NOT_LOOKED_FOR, domain="")
    assert text_of(msgspec.structs.replace(UNKNOWN, live=live)) == (
        f"{NOTHING}**unknown**\n\n## Now: not looked for\n\nThe `policy` does not list it.\n"
    )


def test_a_single_step_that_is_advised_now_has_no_number() -> None:
    live = msgspec.structs.replace(LIVE, steps=("List it.",))
    assert text_of(msgspec.structs.replace(UNKNOWN, live=live)) == (
        f"{NOTHING}**unknown**\n\n"
        "## Now: confirmed\n\n"
        "The `policy` does not list it.\n\n"
        "List it.\n\n"
        "`example.com`, asked 2026-06-01 12:00:00 UTC.\n"
    )


def test_of_several_explanations_each_has_its_heading_behind_an_empty_line() -> None:
    supposing = msgspec.structs.replace(UNKNOWN, source="log", leads=(LEAD,))
    assert text_of(UNKNOWN, supposing) == (
        f"{NOTHING}**unknown**\n\n"
        "# `log`: Nothing is known of this.\n\n**unknown**\n\n"
        "## Possible: `queue_expired` (claimed)\n\nSaid: `Message expired`\n\nLook at the queue.\n"
    )
