"""Follows the HTML of a template, for tools/template.py: where a value may
stand, and what of the white space is printed.  The rules of tokenizing are
those of the HTML Living Standard 13.2.5, for the small, strict part of HTML
that templates are written in: lower-case names, double-quoted attributes,
every element closed.
"""
import re

VOID = set("area br col hr img input link meta source wbr".split())
# Their content is no HTML (script, style: CSP), or changes what follows.
FORBIDDEN = set("animate base embed frame iframe listing math noembed noframes "
                "noscript object plaintext set style template xmp".split())
TEXT_ONLY = ("title", "textarea", "script")
URL_ATTRS = set("href src action formaction".split())
# A value here would be a list of addresses, or an address nobody needs.
CLOSED_ATTRS = set("srcset imagesrcset ping background data cite poster "
                   "manifest longdesc xlink:href".split())
# Refused even as literals.
INLINE_ATTRS = set("style srcdoc http-equiv xml:base".split())

SPACE = re.compile(r"\s+")
TAG = re.compile(r"<(/?)([a-z][a-z0-9-]*)(?=[\s/>]|$)")
ATTRIBUTE = re.compile(r'([a-zA-Z][a-zA-Z0-9:_-]*)(\s*=\s*(")?)?')
PROGRAM_URL = re.compile(r"\s*(javascript|vbscript|data)\s*:", re.I)


class HtmlError(Exception):
    def __init__(self, text, offset):
        super().__init__(text)
        self.offset = offset    # in the literal that was fed


class Html:
    """The place that the text fed so far leads to."""

    def __init__(self):
        self.kind = "text"      # text, raw, tag, value
        self.open = []          # names of open elements
        self.tag = ""           # kind tag, value: the element
        self.attr = ""          # kind value: the attribute
        self.first = True       # kind value: nothing stands in it yet
        self.space = False      # kind tag: a space was printed last
        self.out = ""           # what the last feed prints

    def same(self, other):
        return (self.kind, self.open, self.tag, self.attr) == (
            other.kind, other.open, other.tag, other.attr)

    def copy(self):
        h = Html()
        h.__dict__.update(self.__dict__)
        h.open = list(self.open)
        return h

    def words(self):
        if self.kind == "value":
            return f"the value of {self.attr} in <{self.tag}>"
        if self.kind == "tag":
            return f"inside the tag <{self.tag}>"
        where = "/".join(self.open) or "the top"
        return f"text in {where}"

    def context(self):
        """What a value here is: TEXT, PLAIN, ATTR, URL (at its begin) or
        URL_PART; HtmlError where none may stand."""
        if self.kind == "text":
            return "TEXT"
        if self.kind == "tag":
            raise HtmlError("a value may stand in text or in a double-quoted "
                            f"attribute, not {self.words()}", 0)
        if self.kind == "raw":
            if self.open[-1] == "script":
                raise HtmlError("no value may stand in <script>", 0)
            return "PLAIN"
        if self.attr in CLOSED_ATTRS:
            raise HtmlError(f"no value may stand in {self.words()}", 0)
        if self.attr not in URL_ATTRS:
            return "ATTR"
        return "URL" if self.first else "URL_PART"

    def feed(self, text):
        """Follows literal text; returns what of it is printed."""
        self.out = ""
        i = 0
        while i < len(text):
            step = {"text": self.in_text, "raw": self.in_raw,
                    "tag": self.in_tag, "value": self.in_value}[self.kind]
            i = step(text, i)
        return self.out

    # Each takes one step from text[i] and returns where the next begins.

    def in_text(self, text, i):
        if text.startswith("<!--", i):
            end = text.find("-->", i)
            if end < 0:
                raise HtmlError("a comment may hold no placeholder", i)
            return end + 3
        doctype = "<!DOCTYPE html>"
        if text.startswith(doctype, i):
            self.out += doctype
            return i + len(doctype)
        if text[i] == "<":
            return self.in_text_tag(text, i)
        m = SPACE.match(text, i)
        if not m:
            if text[i] == ">":
                raise HtmlError("a lone '>'", i)
            self.out += text[i]
            return i + 1
        before = i > 0 and text[i - 1] != ">"
        after = m.end() < len(text) and text[m.end()] != "<"
        if "\n" not in m[0] or (before and after):
            self.out += " "
        return m.end()

    def in_text_tag(self, text, i):
        m = TAG.match(text, i)
        if not m:
            raise HtmlError("no tag name after '<'", i)
        name = m[2]
        if name in FORBIDDEN:
            raise HtmlError(f"<{name}> is not allowed", i)
        if m[1]:
            return self.close(text, i, m)
        self.out += "<" + name
        self.kind, self.tag, self.space = "tag", name, False
        return m.end()

    def close(self, text, i, m):
        name = m[2]
        if text[m.end():m.end() + 1] != ">":
            raise HtmlError(f"</{name}> holds more than its name", i)
        if not self.open or self.open[-1] != name:
            raise HtmlError(f"</{name}> closes nothing: {self.words()}", i)
        self.open.pop()
        self.out += f"</{name}>"
        return m.end() + 1

    def in_raw(self, text, i):
        name = self.open[-1]
        at = text.find("</", i)
        end = len(text) if at < 0 else at
        if name == "script" and text[i:end].strip():
            raise HtmlError("<script> must be empty", i)
        self.out += text[i:end]
        if at < 0:
            return end
        m = TAG.match(text, at)
        if not m or m[2] != name:
            raise HtmlError(f"'</' in <{name}>", at)
        self.kind = "text"
        return self.close(text, at, m)

    def in_tag(self, text, i):
        m = SPACE.match(text, i)
        if m:
            if text[m.end():m.end() + 1] not in (">", "/"):
                self.out += "" if self.space else " "
                self.space = True
            return m.end()
        if text.startswith("/>", i):
            if "svg" not in self.open:
                raise HtmlError(f"<{self.tag}/> outside of svg", i)
            self.out += "/>"
            self.kind, self.tag = "text", ""
            return i + 2
        if text[i] == ">":
            self.out += ">"
            self.enter()
            return i + 1
        return self.attribute(text, i)

    def enter(self):
        """After the '>' of a start tag."""
        self.kind = "text"
        if self.tag not in VOID:
            self.open.append(self.tag)
            if self.tag in TEXT_ONLY:
                self.kind = "raw"
        self.tag = ""

    def attribute(self, text, i):
        m = ATTRIBUTE.match(text, i)
        if not m or not self.space:
            raise HtmlError(f"{text[i]!r} is no attribute of <{self.tag}>", i)
        if m[2] and not m[3]:
            raise HtmlError(f"the value of {m[1]} must stand in double quotes",
                            i)
        name = m[1].lower()
        if name in INLINE_ATTRS or name.startswith("on"):
            raise HtmlError(f"the attribute {m[1]} is not allowed", i)
        self.out += m[1] + ('="' if m[3] else "")
        self.space = False
        if m[3]:
            self.kind, self.attr, self.first = "value", name, True
        return m.end()

    def in_value(self, text, i):
        end = text.find('"', i)
        part = text[i:] if end < 0 else text[i:end]
        if "<" in part or "\n" in part:
            raise HtmlError(f"'<' or a line break in {self.words()}", i)
        if self.attr in URL_ATTRS and PROGRAM_URL.match(part):
            raise HtmlError(f"a program in {self.words()}", i)
        self.out += part
        if part:
            self.first = False
        if end < 0:
            return len(text)
        self.out += '"'
        self.kind, self.attr, self.space = "tag", "", False
        return end + 1
