"""Authentication-Results (RFC 8601), ARC-Authentication-Results (RFC 8617) and Received-SPF (RFC 7208 section 9.1).

Read as they are written, not only as they should be: without authserv-id (Microsoft), with a host name where a result
belongs, with several results before the next semicolon, with properties outside any type. Comments nest and are kept,
because the reason for a temperror stands in them: `spf=temperror (sender IP is 192.0.2.1)`. Not understood is a
comment between a method and its `=`, which the grammar allows and nobody writes.

    results   = [ authserv-id [ version ] ] *( ";" result )          RFC 8601 section 2.2
    result    = method "=" word [ "reason" "=" value ] *( [ ptype "." ] property "=" value )
"""

import re
from collections.abc import Iterator

import msgspec

VALUE_CHARACTERS_MAX = 16 * 1024
RESULTS_MAX = 100
COMMENT_DEPTH_MAX = 8

_HEADERS = re.compile(
    r"(?:arc-|x-[a-z0-9-]{1,40}-)?authentication-results(?:-original)?|received-spf", re.IGNORECASE
)
_RESULT_WORDS = frozenset(
    {"pass", "fail", "softfail", "hardfail", "neutral", "none", "temperror", "permerror", "policy", "timeout"}
    | {"error", "unknown", "bestguesspass", "softpass", "skipped", "invalid"}
    | {"temp_error", "perm_error", "temp_fail", "perm_fail", "tempfail", "permfail"}
)
_SAME_RESULT = {
    "temp_error": "temperror",
    "temp_fail": "temperror",
    "tempfail": "temperror",
    "perm_error": "permerror",
    "perm_fail": "fail",
    "permfail": "permerror",
}
"""Other spellings (observed: Yahoo, Mail::SPF)."""
_METHODS = frozenset(
    {"dkim", "spf", "dmarc", "arc", "auth", "iprev", "compauth", "dkim-atps", "sender-id", "bimi"}
)
_TOKEN = re.compile(r'([;()"])|([^\s;()"=]+)(\s*=\s*)?|\s+|=')


class AuthResult(msgspec.Struct, frozen=True):
    """The result of one method, all names in lower case; `comments` are its comments without the parentheses."""

    method: str
    result: str
    reason: str = ""
    comments: tuple[str, ...] = ()
    properties: tuple[tuple[str, str], ...] = ()

    def property(self, name: str) -> str:
        """Return the value of a property (`header.from`), or an empty string."""
        return next((value for key, value in self.properties if key == name), "")


class AuthResults(msgspec.Struct, frozen=True):
    """One header field: who vouches (empty where the field does not say) and the results in order."""

    authserv_id: str
    results: tuple[AuthResult, ...]


class _Lexeme(msgspec.Struct, frozen=True):
    """One piece of a field: `kind` is `;`, `key`, `word` or `comment`."""

    kind: str
    text: str


def is_auth_header(name: str) -> bool:
    """Tell whether a header field of this name holds authentication results."""
    return _HEADERS.fullmatch(name) is not None


def parse_auth_header(name: str, value: str) -> AuthResults:
    """Return the results that a field holds, by the grammar that goes with its name."""
    return parse_received_spf(value) if name.lower() == "received-spf" else parse_auth_results(value)


def parse_auth_results(value: str) -> AuthResults:
    """Return the results in an (ARC-)Authentication-Results field (RFC 8601 section 2.2, RFC 8617 section 4.1.1)."""
    authserv_id = ""
    results: list[AuthResult] = []
    lexemes = list(_lexemes(value[:VALUE_CHARACTERS_MAX]))
    index = 0
    while index < len(lexemes) and len(results) < RESULTS_MAX:
        lexeme = lexemes[index]
        if _opens_result(lexemes, index):
            result, index = _result(lexemes, index)
            results.append(result)
            continue
        after_key = index > 0 and lexemes[index - 1].kind == "key"
        if lexeme.kind == "word" and not (authserv_id or results or after_key):
            authserv_id = lexeme.text.lower()
        index += 1
    return AuthResults(authserv_id, tuple(results))


def parse_received_spf(value: str) -> AuthResults:
    """Return the one result of a Received-SPF field (RFC 7208 section 9.1); `receiver` is who vouches."""
    lexemes = list(_lexemes(value[:VALUE_CHARACTERS_MAX]))
    words = [lexeme.text for lexeme in lexemes if lexeme.kind == "word"]
    result = words[0].lower() if words else ""
    if result not in _RESULT_WORDS:
        return AuthResults("", ())
    properties = tuple(_pairs(lexemes))
    comments = tuple(lexeme.text for lexeme in lexemes if lexeme.kind == "comment")
    receiver = next((text for key, text in properties if key == "receiver"), "")
    return AuthResults(receiver.lower(), (AuthResult("spf", result, "", comments, properties),))


def _result(lexemes: list[_Lexeme], index: int) -> tuple[AuthResult, int]:
    """Return the result that begins at `index`, and where the next one may begin."""
    method, word = lexemes[index].text.lower().partition("/")[0], lexemes[index + 1].text.lower()
    end = index + 2
    while end < len(lexemes) and lexemes[end].kind != ";" and not _opens_result(lexemes, end):
        end += 1
    rest = lexemes[index + 2 : end]
    pairs = tuple(_pairs(rest))
    reason = next((value for key, value in pairs if key == "reason"), "")
    comments = tuple(lexeme.text for lexeme in rest if lexeme.kind == "comment")
    properties = tuple((key, value) for key, value in pairs if key != "reason")
    word = word.rstrip(",.")
    return AuthResult(method, _SAME_RESULT.get(word, word), reason, comments, properties), end


def _opens_result(lexemes: list[_Lexeme], index: int) -> bool:
    """Tell whether a method and its result stand at `index`; in the middle of a result only a known method does."""
    if index + 1 >= len(lexemes) or lexemes[index].kind != "key" or lexemes[index + 1].kind != "word":
        return False
    name, word = lexemes[index].text.lower(), lexemes[index + 1].text.lower().rstrip(",.")
    first = index == 0 or lexemes[index - 1].kind == ";"
    return word in _RESULT_WORDS and (name in _METHODS or (first and "." not in name))


def _pairs(lexemes: list[_Lexeme]) -> Iterator[tuple[str, str]]:
    for position, lexeme in enumerate(lexemes[:-1]):
        if lexeme.kind == "key" and lexemes[position + 1].kind == "word":
            yield lexeme.text.lower(), lexemes[position + 1].text


def _lexemes(value: str) -> Iterator[_Lexeme]:
    position = 0
    while position < len(value):
        found = _TOKEN.match(value, position)
        if found is None:
            position += 1
            continue
        mark, text, equals = found.groups()
        position = found.end()
        if mark == "(":
            comment, position = _comment(value, position)
            yield _Lexeme("comment", comment)
        elif mark == '"':
            end = value.find('"', position)
            end = end if end >= 0 else len(value)
            yield _Lexeme("word", value[position:end])
            position = end + 1
        elif mark == ";":
            yield _Lexeme(";", ";")
        elif text:
            yield _Lexeme("key" if equals else "word", text)


def _comment(value: str, position: int) -> tuple[str, int]:
    """Return the comment that opened before `position`, and where it ends (RFC 5322 section 3.2.2)."""
    depth = 1
    start = position
    while position < len(value):
        mark = value[position]
        if mark == "(" and depth < COMMENT_DEPTH_MAX:
            depth += 1
        elif mark == ")":
            depth -= 1
            if not depth:
                return value[start:position], position + 1
        position += 2 if mark == "\\" else 1
    return value[start:], len(value)
