"""Parts of pages as the HTML that a browser gets."""

from mxproof.render.markup import Content, escaped, html


def printed(*content: Content) -> list[str]:
    """Return each part as HTML, without those that are nothing."""
    return [escaped(one) if isinstance(one, str) else html(one) for one in content if one is not None]
