#!/usr/bin/env python3
"""Reads one of taliq's pages on standard input.

  page.py comments     one a line: id, depth of nesting, state, name, text
  page.py comment ID   the text of that comment, as a reader sees it
  page.py value NAME   what the form holds in that field
  page.py errors       the messages at the form, one a line
  page.py link REL     the href of the first link of that rel, or class
"""
import html.parser
import re
import sys

VOID = {"br", "hr", "input", "meta", "link", "img", "use", "path"}
BLOCKS = {"p", "li", "blockquote", "pre", "ul", "ol"}


class Page(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.stack, self.comments, self.values = [], [], {}
        self.errors, self.links, self.now = [], {}, None
        self.feed(text)
        self.close()

    def classes(self, attrs):
        return (attrs.get("class") or "").split()

    def inside(self, tag, cls):
        return any(t == tag and cls in c for t, c in self.stack)

    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        cls = self.classes(a)
        if tag == "article" and "c" in cls:
            self.now = {
                "id": a["id"].removeprefix("comment-"), "name": "", "text": "",
                "depth": sum(t == "ol" for t, _ in self.stack) - 1,
                "state": "held" if "held" in cls else "published"}
            self.comments.append(self.now)
        if tag == "p" and "gone" in cls and self.now:
            self.now["state"] = "gone"
        if tag == "input":
            self.values[a.get("name")] = a.get("value") or ""
        if tag == "textarea":
            self.values[a["name"]] = ""
        if tag in ("a", "link") and a.get("href"):
            for word in (a.get("rel") or "").split() + cls:
                self.links.setdefault(word, a["href"])
        if tag == "p" and "bad" in cls:
            self.errors.append("")
        if tag == "h3" and self.inside("div", "errors"):
            self.errors.append("")
        if tag == "br":
            self.text("\n")
        if tag not in VOID:
            self.stack.append((tag, cls + ([a["name"]]
                                           if tag == "textarea" else [])))

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.stack.pop()

    def handle_endtag(self, tag):
        if tag in BLOCKS and self.inside("div", "body"):
            self.text("\n")
        while any(t == tag for t, _ in self.stack):
            if self.stack.pop()[0] == tag:
                break
        if tag == "article":
            self.now = None

    def text(self, data):
        if self.now and self.inside("div", "body"):
            self.now["text"] += data

    def handle_data(self, data):
        if not self.stack:
            return
        tag, cls = self.stack[-1]
        if tag == "textarea":
            # A line end right after the tag is not part of the value.
            self.values[cls[-1]] += data.removeprefix("\n")
        elif tag == "p" and "bad" in cls or \
                tag == "h3" and self.inside("div", "errors"):
            self.errors[-1] += data
        elif self.now and self.inside("div", "body"):
            self.now["text"] += data
        elif self.now and tag == "bdi" and self.inside("p", "who"):
            self.now["name"] += data


def main():
    p = Page(sys.stdin.read())
    what, *more = sys.argv[1:]
    if what == "comments":
        for c in p.comments:
            print(c["id"], c["depth"], c["state"], c["name"] or "-",
                  re.sub(r"\s+", " ", c["text"]).strip(), sep="\t")
    elif what == "comment":
        for c in p.comments:
            if c["id"] == more[0]:
                print(c["text"].strip("\n"))
    elif what == "value":
        print(p.values.get(more[0], "(no such field)"))
    elif what == "errors":
        print("\n".join(p.errors))
    elif what == "link":
        print(p.links.get(more[0], "(no such link)"))


main()
