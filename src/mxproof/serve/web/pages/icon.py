"""The icon that a browser shows beside the title of a page."""

from typing import Final

ICON_PATH: Final = "/icon.svg"
ICON: Final = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#0b57a4"/>\
<path d="M6 10h20v13H6z M6 10l10 8 10-8" fill="none" stroke="#fff" stroke-width="2.5" stroke-linejoin="round"/></svg>
"""
