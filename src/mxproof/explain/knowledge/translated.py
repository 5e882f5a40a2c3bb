"""The same words in German, French, Spanish, Italian, Portuguese, Dutch and Japanese.

What a server answers is nearly always English, within a notice in any language; these are the few words that stand in
translation only. The errors of a connection are those of the C library (glibc po/*.po, ETIMEDOUT and ECONNREFUSED),
which programs hand on in the language of their machine; Google's demand for TLS is known by what no translation
changes.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from mxproof.explain.knowledge.rule import Chapter, Rule, Side
from mxproof.judge.vocabulary import Confidence

_GLIBC: Final = "glibc po/de.po, fr.po, es.po, it.po, pt_BR.po, nl.po, ja.po"

_RECEIVER: Final = (
    Rule(
        cause="tls_required",
        texts=("4.7.0 tls {gap}rcpt", "4.7.0 rcpt {gap}tls"),
        codes="421 4.7.0",
        sample="421 4.7.0 TLS für RCPT-Domain erforderlich, Verbindung wird beendet.",
        unlike=("421 4.7.0 TLS not available", "421 4.7.0 RCPT rejected, try again later"),
        source="https://eifert.net/project/uebersicht-e-mail/e-mail-fehlermeldungen ; Google's page of its replies, translated",
        confidence=Confidence.OBSERVED,
    ),
)

_CONNECTION: Final = (
    Rule(
        cause="connect_timeout",
        texts=(
            "wartezeit für die verbindung abgelaufen",
            "zeitüberschreitung der verbindung",
            "connexion terminée par expiration du délai",
            "délai de connexion dépassé",
            "expiró el tiempo de conexión",
            "tiempo de conexión agotado",
            "connessione scaduta",
            "connessione terminata per timeout",
            "tempo esgotado para conexão",
            "tempo limite da conexão",
            "time-out van verbinding",
            "接続がタイムアウトしました",
        ),
        sample="451 4.4.1 Die Wartezeit für die Verbindung abgelaufen",
        unlike=("Verbindungsaufbau abgebrochen", "Verbindungsaufbau abgelehnt"),
        source=_GLIBC,
        confidence=Confidence.DOCUMENTED,
        lead=True,
    ),
    Rule(
        cause="connect_refused",
        texts=(
            "verbindungsaufbau abgelehnt",
            "verbindung verweigert",
            "verbindung wurde verweigert",
            "connexion refusée",
            "conexión rehusada",
            "conexión rechazada",
            "connessione rifiutata",
            "conexão recusada",
            "verbinding is geweigerd",
            "verbinding geweigerd",
            "接続を拒否されました",
        ),
        sample="connect to mx.example.com: Verbindungsaufbau abgelehnt",
        unlike=("Verbindungsaufbau abgebrochen", "Die Wartezeit für die Verbindung abgelaufen"),
        source=_GLIBC,
        confidence=Confidence.DOCUMENTED,
        lead=True,
    ),
)

CHAPTERS: Final = (
    Chapter("google", Side.RECEIVER, _RECEIVER),
    Chapter(None, Side.UNKNOWN, _CONNECTION),
)

OTHER_KIND_TEXTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "mailbox-full": (
            "postfach voll",
            "postfach ist voll",
            "postfach des empfängers ist voll",
            "mailbox voll",
            "boîte pleine",
            "boîte aux lettres pleine",
            "boîte aux lettres est pleine",
            "boîte de réception est pleine",
            "buzón lleno",
            "buzón está lleno",
            "buzón {gap}está lleno",
            "casella piena",
            "casella di posta piena",
            "casella {gap}è piena",
            "caixa de entrada cheia",
            "caixa de correio cheia",
            "caixa {gap}está cheia",
            "postbus is vol",
            "postvak is vol",
            "mailbox is vol",
            "メールボックスがいっぱい",
            "メールボックスの容量",
        ),
        "user-unknown": (
            "empfänger unbekannt",
            "unbekannter empfänger",
            "benutzer unbekannt",
            "utilisateur inconnu",
            "destinataire inconnu",
            "usuario desconocido",
            "destinatario desconocido",
            "utente sconosciuto",
            "destinatario sconosciuto",
            "usuário desconhecido",
            "destinatário desconhecido",
            "gebruiker onbekend",
            "onbekende gebruiker",
            "geadresseerde onbekend",
            "宛先が見つかりません",
            "ユーザーが見つかりません",
            "ユーザーは存在しません",
        ),
        "spam-refused": ("als spam", "comme spam", "como spam", "come spam", "スパムと"),
        "message-size": (
            "nachricht zu groß",
            "nachricht ist zu groß",
            "message trop volumineux",
            "message est trop volumineux",
            "mensaje demasiado grande",
            "mensaje es demasiado grande",
            "messaggio troppo grande",
            "mensagem muito grande",
            "bericht te groot",
            "bericht is te groot",
        ),
    }
)
"""Words for other kinds, by the id of the kind."""
