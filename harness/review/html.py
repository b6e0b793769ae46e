"""A document as one HTML file that needs nothing else and runs nothing: no script, and a policy that forbids any."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from askfirst.harness.printable import printable
from askfirst.harness.review.document import Document

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem;
color: #1c1c1c; background: #fff }
h2 { margin-top: 2rem; border-bottom: 1px solid #ccc }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; vertical-align: top; padding: .25rem .5rem;
border-bottom: 1px solid #ddd; overflow-wrap: anywhere } th { border-bottom: 2px solid #999 }
tr.marked td { background: #fdeceb; font-weight: 600 }
blockquote { margin-left: 0; padding-left: 1rem; border-left: 3px solid #bbb; white-space: pre-wrap; overflow-wrap: anywhere }
p, li { overflow-wrap: anywhere }
ul.todo { list-style: "\\2610  " }
@media (prefers-color-scheme: dark) { body { color: #e6e6e6; background: #161616 } tr.marked td { background: #4a1f1c }
th, td, h2 { border-color: #444 } }
"""


def rendered(document: Document) -> str:
    """Write a document as HTML; every text in it is escaped, control and direction characters too."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["shown"] = printable
    template = environment.from_string(Path(__file__).with_name("review.html.j2").read_text(encoding="utf-8"))
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    blocks = [(type(one).__name__, one) for one in document.blocks]
    return template.render(title=document.title, blocks=blocks, style=STYLE, digest=digest) + "\n"
