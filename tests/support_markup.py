"""Parts of pages as the HTML that a browser gets."""

from mxproof.render.markup import Content, escaped, html


def printed(*content: Content) -> list[str]:
    """Return each part as HTML, without those that are nothing."""
    return [escaped(one) if isinstance(one, str) else html(one) for one in content if one is not None]


def parts_of(page: str) -> tuple[str, str, str]:
    """Return the title, the main part and the footer of a page that stands alone."""
    title = page.partition("<title>")[2].partition("</title>")[0]
    main = page.partition('<main id="main">\n')[2].partition("\n</main>")[0]
    return title, main, page.partition("<footer>")[2].partition("</footer>")[0]


def table_of(caption: str, heads: tuple[str, ...], *rows: str, class_: str = "") -> str:
    """Return a table as a page has it, in the frame that scrolls with it; `rows` are HTML."""
    columns = "".join(f'<th scope="col">{one}</th>' for one in heads)
    named = f' class="{class_}"' if class_ else ""
    return (
        f'<div class="scroll" role="group" aria-label="{caption}" tabindex="0"><table{named}>'
        f'<caption class="unseen">{caption}</caption><thead><tr>{columns}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )
