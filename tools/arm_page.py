# SPDX-License-Identifier: BSD-3-Clause
"""The parts of doc/arm.md that programs write: what stands between <!-- NAME --> and <!-- end -->."""

import os
import re

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PAGE = os.path.join(ROOT, "doc", "arm.md")


def write_parts(parts, path=PAGE):
    """parts: name -> lines. A page that lacks a part is an error."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    for name, lines in parts.items():
        new = "<!-- %s -->\n%s\n<!-- end -->" % (name, "\n".join(lines))
        pattern = "<!-- %s -->\n.*?<!-- end -->" % re.escape(name)
        text, found = re.subn(pattern, lambda _, new=new: new, text, count=1, flags=re.DOTALL)
        if not found:
            raise ValueError("%s has no part <!-- %s --> ... <!-- end -->" % (path, name))
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
