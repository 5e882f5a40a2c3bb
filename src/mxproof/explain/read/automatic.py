"""What a program sent by itself: to many, or in answer to a message that arrived.

Programs say so in a field (RFC 3834 section 5); those that do not are known by how they begin the subject. A word such
as `away` within a subject or a text tells nothing: people write it, too.
"""

from mxproof.formats.bounce.mime import Mail, decode_words

_LIST_FIELDS = ("list-id", "list-unsubscribe", "list-post")
_PRECEDENCE_TO_MANY = frozenset({"bulk", "list", "junk"})
_PRECEDENCE_OF_REPLY = "auto_reply"
_AUTO_REPLIED = "auto-replied"
_REPLY_FIELDS = ("x-autoreply", "x-autorespond")
_REPLY_OPENINGS = frozenset(
    {
        # Exchange and Outlook, in the language of the mailbox.
        "automatic reply",
        "automatische antwort",
        "réponse automatique",
        "respuesta automática",
        "risposta automatica",
        "automatisch antwoord",
        "resposta automática",
        "automatyczna odpowiedź",
        "autosvar",
        "автоматический ответ",
        "自動応答",
        # What older programs and people set; the vacation action of Sieve has the field.
        "autoreply",
        "auto-reply",
        "auto reply",
        "auto response",
        "auto-response",
        "out of office",
        "out of the office",
        "out of office autoreply",
        "out of office auto-reply",
        "abwesenheitsnotiz",
        "absence du bureau",
        "fuera de la oficina",
        "fuori sede",
        "afwezigheidsbericht",
        "不在通知",
    }
)
"""What stands before the first colon of the subject, or is the whole of it."""
_REPLY_PHRASES = ("away until ", "away from my mail", "away from the office", "away from my desk")


def is_automatic(mail: Mail) -> bool:
    """Tell whether a program sent this to many or in answer (RFC 2919, RFC 3834 section 5): it only quotes bounces."""
    if any(mail.header(name) for name in _LIST_FIELDS):
        return True
    return mail.header("auto-submitted").strip().lower().startswith("auto-") or (
        mail.header("precedence").strip().lower() in _PRECEDENCE_TO_MANY
    )


def is_automatic_reply(mail: Mail) -> bool:
    """Tell whether a program answered for a person who is away: by a field, or by how the subject begins."""
    keyword = mail.header("auto-submitted").partition(";")[0].partition("(")[0].strip().lower()
    if keyword == _AUTO_REPLIED or any(mail.header(name) for name in _REPLY_FIELDS):
        return True
    if mail.header("precedence").strip().lower() == _PRECEDENCE_OF_REPLY:
        return True
    subject = decode_words(mail.header("subject")).strip().lower()
    opening = subject.replace("\N{FULLWIDTH COLON}", ":").partition(":")[0].strip()
    return opening in _REPLY_OPENINGS or subject.startswith(_REPLY_PHRASES)
