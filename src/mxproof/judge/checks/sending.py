"""The hosts that send a domain's mail, as receivers look at them: reverse name, HELO name, SPF."""

from collections.abc import Iterator

from mxproof.judge.codes import Code
from mxproof.judge.report import Finding
from mxproof.judge.value import Value
from mxproof.mail.domain import MailDomain
from mxproof.mail.reverse_name import PtrState
from mxproof.mail.sending import Sender
from mxproof.survey.spf_evaluation import SpfResult

_REJECTED = frozenset({SpfResult.FAIL, SpfResult.SOFTFAIL, SpfResult.PERMERROR})
_NOT_PASSED = _REJECTED | {SpfResult.NEUTRAL, SpfResult.NONE}


def check(domain: MailDomain) -> Iterator[Finding]:
    """Judge each sending host (RFC 1912 section 2.1, RFC 5321 section 4.1.4, RFC 7208 section 2)."""
    sending = domain.sending
    if sending is None:
        return
    if not sending.senders and sending.questions is not None:
        yield Finding(Code.SENDER_UNKNOWN, domain.name, {}, sending.questions)
    for one in sending.senders:
        found = tuple(_of(domain, one))
        yield from found
        if not found and _is_in_order(one):
            words: dict[str, Value] = {"domain": domain.name, "names": one.ptr_names, "helo": one.helo}
            greeting = one.greeting.asked if one.greeting is not None else ()
            basis = (*one.ptr_questions, one.helo_question, *one.mail.asked, *greeting)
            yield Finding(Code.SENDER_OK, one.address, words, tuple(dict.fromkeys(basis)))


def _is_in_order(one: Sender) -> bool:
    """Tell whether all of it was answered, and well."""
    greeted = one.greeting is not None and one.greeting.result in {
        SpfResult.PASS,
        SpfResult.NONE,
        SpfResult.NEUTRAL,
    }
    passes = one.ptr_state is PtrState.CONFIRMED and one.mail.result is SpfResult.PASS
    return passes and greeted and one.helo_leads_back is True


def _of(domain: MailDomain, one: Sender) -> Iterator[Finding]:
    words: dict[str, Value] = {"domain": domain.name, "names": one.ptr_names, "helo": one.helo}
    if one.ptr_state is PtrState.ABSENT:
        yield Finding(Code.SENDER_PTR_MISSING, one.address, words, one.ptr_questions)
    if one.ptr_state is PtrState.UNCONFIRMED:
        yield Finding(Code.SENDER_PTR_UNCONFIRMED, one.address, words, one.ptr_questions)
    if one.helo_is_said and one.helo_leads_back is False:
        yield Finding(Code.SENDER_HELO_OTHER, one.address, words, (one.helo_question,))
    if one.mail.result in _NOT_PASSED:
        found: dict[str, Value] = {**words, "result": str(one.mail.result)}
        yield Finding(Code.SENDER_SPF_FAILED, one.address, found, (*one.ptr_questions, *one.mail.asked))
    if one.greeting is not None and one.greeting.result in _REJECTED:
        found = {**words, "result": str(one.greeting.result)}
        basis = (*one.ptr_questions, *one.mail.asked, *one.greeting.asked)
        yield Finding(Code.SENDER_HELO_REJECTED, one.address, found, tuple(dict.fromkeys(basis)))
