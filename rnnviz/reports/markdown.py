"""Markdown as HTML, as far as our pages use it; everything else is text."""

from __future__ import annotations

import re
from html import escape

from rnnviz.words.symbols import in_html

_LINK = re.compile(r"\[([^\[\]]+)\]\(([^()\s]+)\)")
_SAFE = re.compile(r"https?://[^\s\"<>]*")
_ITEM = re.compile(r"\s*(?:[-*]|(\d+)[.)])\s+(.*)")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!$:~<>|-])")


def as_html(markdown: str) -> str:
    """Paragraphs, headings, lists, tables, **bold**, *italics*, `code`, links; all text escaped.

    >>> as_html("**a** < `b`")
    '<p><b>a</b> &lt; <code>b</code></p>'
    """
    blocks = re.split(r"\n\s*\n", markdown.strip())
    return "".join(_block(one.splitlines()) for one in blocks if one.strip())


def inline(text: str) -> str:
    """A line of Markdown as HTML."""
    kept: list[str] = []

    def keep(html: str) -> str:
        kept.append(html)
        return f"\0{len(kept) - 1}\0"

    text = text.replace("\0", "")
    text = re.sub(r"`([^`]+)`", lambda hit: keep(f"<code>{escape(hit[1])}</code>"), text)
    text = _ESCAPED.sub(lambda hit: keep(escape(hit[1])), text)
    text = in_html(escape(text, quote=False))
    text = _LINK.sub(_link, text)
    text = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", text)
    text = re.sub(r"(?<![\w*])\*([^*\s][^*]*?)\*(?![\w*])", r"<i>\1</i>", text)
    return re.sub("\0(\\d+)\0", lambda hit: kept[int(hit[1])], text)


def _link(hit: re.Match[str]) -> str:
    """A link, where it leads to the web; else its words: a report has no other pages."""
    if not _SAFE.fullmatch(hit[2]):
        return hit[1]
    return f'<a href="{hit[2]}" rel="noopener">{hit[1]}</a>'


def _block(lines: list[str]) -> str:
    if hit := re.match(r"(#{1,6})\s+(.*)", lines[0]):
        level = max(len(hit[1]), 2)
        rest = _block(lines[1:]) if lines[1:] else ""
        return f"<h{level}>{inline(hit[2])}</h{level}>{rest}"
    if len(lines) > 1 and re.fullmatch(r"\s*\|?[\s:|-]+\|?\s*", lines[1]) and "|" in lines[0]:
        return _table(lines)
    first = next((k for k, one in enumerate(lines) if _ITEM.fullmatch(one)), None)
    if first == 0:
        return _items(lines)
    if first is not None and not _ITEM.fullmatch(lines[first - 1]) and len(lines) > first + 1:
        return _block(lines[:first]) + _items(lines[first:])
    return f"<p>{'<br>'.join(inline(one) for one in _joined(lines))}</p>"


def _joined(lines: list[str]) -> list[str]:
    """Lines as paragraphs have them: a new one only after two spaces or a backslash."""
    found = [""]
    for line in lines:
        hard = line.endswith(("  ", "\\"))
        found[-1] = f"{found[-1]} {line.strip().removesuffix(chr(92))}".strip()
        if hard:
            found.append("")
    return [one for one in found if one] or [""]


def _items(lines: list[str]) -> str:
    items: list[str] = []
    kind = "ol" if (hit := _ITEM.fullmatch(lines[0])) and hit[1] else "ul"
    for line in lines:
        if hit := _ITEM.fullmatch(line):
            items.append(hit[2])
        else:
            items[-1] += f" {line.strip()}"
    return f"<{kind}>{''.join(f'<li>{inline(one)}</li>' for one in items)}</{kind}>"


def _table(lines: list[str]) -> str:
    rows = [[one.strip() for one in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
            for line in (lines[0], *lines[2:])]  # fmt: skip
    head, *body = rows
    made = "".join(f"<th>{inline(one)}</th>" for one in head)
    below = "".join("<tr>" + "".join(f"<td>{inline(one)}</td>" for one in row) + "</tr>"
                    for row in body)  # fmt: skip
    return (f'<div class="rp-table-box"><table><thead><tr>{made}</tr></thead>'
            f"<tbody>{below}</tbody></table></div>")  # fmt: skip
