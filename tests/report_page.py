"""What tests ask of every report."""

import re


def fetched(page: str) -> list[str]:
    """What a browser would fetch to show a page; nothing of a page that stands alone.

    Names of XML namespaces look like addresses and are never fetched.
    """
    return re.findall(r"src=|@import|<link|<script|href=\"(?!#)|url\((?!#)", page)
