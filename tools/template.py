#!/usr/bin/env python3
"""Compiles web/templates/NAME.html into C functions that print them.

    template.py --po po/en.po --c OUT.c --h OUT.h web/templates/*.html

Each template becomes
    void tq_tpl_NAME(struct tq_buf *out, const struct tq_view_env *env,
        const struct tq_view_NAME *v);

What stands in a template besides HTML:
    {{! remark }}
    {{path}}                  a value; path is a field of v, of env, or a name
                              given by each/chain: title, env.home, c.name
    {{#if path}} {{#if !path}} {{#if path == CONSTANT}} {{else if ..}} {{else}}
    {{/if}}                   set, not empty, not 0
    {{#each xs as x}}..{{/each}}    the n_xs elements of array xs
    {{#chain x as y}}..{{/chain}}   a list linked by ->next
    {{> NAME path}}           another template
    {{path|English}}          the same, or a message of po/ when it is empty
    {{t "English" a=path d=date:path}}    a message of po/ with its slots; with
                              a msgctxt: {{t "button|Reply"}}
    {{tn path "{n} thing"}}   the same, in the plural form for path
    {{date path}} {{moment path}} {{ago path}} {{iso path}}   a time in us
    {{token}}                 the form's token or the hole for it

The compiler follows the HTML, so every value is escaped for the place where it
stands: text, the text of title and textarea, a double-quoted attribute, the
address in href/src/action/formaction.  Anywhere else a value is an error.  The
C compiler checks the types (web/tpl.h): HTML only as text, addresses only as
tq_url.  Elements must be closed, and every branch must leave the place as it
found it.

White space: a run without a line break is one space; with one it is nothing,
unless words stand on both sides.  Attributes are kept one space apart.
"""
import argparse
import pathlib
import re
import sys

import po
from template_html import Html, HtmlError

PATH = r"[a-z_][a-z0-9_]*(?:(?:\.|->)[a-z_][a-z0-9_]*)*"
STRING_MAX = 4000  # C17 5.2.4.1 promises 4095 characters in a literal


class TemplateError(Exception):
    pass


def read_messages(path):
    """po/en.po's entries by "msgctxt|msgid" or "msgid"."""
    bad = po.Problems()
    entries = po.read_po(path, bad)[1:]
    if bad.lines:
        bad.stop()
    return {(f"{e.context}|" if e.context else "") + e.id: e for e in entries}


def c_string(text):
    """A C string literal (without quotes) of these bytes."""
    table = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "?": "\\?"}
    return "".join(table.get(ch, ch) for ch in text)


def c_quote(text):
    return '"' + c_string(text) + '"'


class Compiler:
    def __init__(self, path, messages):
        self.path = path
        self.name = path.stem
        self.messages = messages
        self.source = path.read_text(encoding="utf-8")
        self.pos = 0
        self.place = Html()
        self.code = []
        self.pending = ""       # literal bytes not yet emitted
        self.names = []         # loop variables in scope
        self.used = set()       # templates called

    # --- errors and positions

    def line(self, pos=None):
        return self.source.count("\n", 0, self.pos if pos is None else pos) + 1

    def fail(self, text, pos=None):
        raise TemplateError(f"{self.path}:{self.line(pos)}: {text}")

    # --- output

    def flush(self):
        while self.pending:
            part, self.pending = (self.pending[:STRING_MAX],
                                  self.pending[STRING_MAX:])
            self.code.append(f"tq_buf_put(out, TQ_S({c_quote(part)}));")

    def emit(self, code):
        self.flush()
        self.code.append(f'#line {self.line()} "{self.path}"')
        self.code.append(code)

    def literal(self, text):
        try:
            self.pending += self.place.feed(text)
        except HtmlError as e:
            self.fail(e, self.pos + e.offset)

    # --- values

    def value_context(self, url=False):
        """The place's context (Html.context); only a value may make a url."""
        try:
            context = self.place.context()
        except HtmlError as e:
            self.fail(e)
        if context.startswith("URL") and not url:
            self.fail(f"only an address may stand in {self.place.words()}")
        return context

    def c_path(self, path):
        """The C expression of a template path."""
        if not re.fullmatch(PATH, path):
            self.fail(f"{path!r} is no path")
        head, sep, rest = re.match(r"([a-z0-9_]+)(\.|->)?(.*)", path).groups()
        if head == "env" or head in self.names:
            return f"{head}->{rest}" if sep else f"(*{head})"
        return f"v->{path}"

    def value(self, path, fallback):
        context = self.value_context(url=not fallback)
        expr = self.c_path(path)
        if fallback:
            expr = self.or_message(expr, fallback)
        self.emit(f"TQ_TPL_{context}(out, env, {expr});")
        self.place.first = False

    def or_message(self, expr, msgid):
        return f"tq_tpl_or(env, {expr}, {self.message_name(msgid)})"

    def message_name(self, msgid, plural=False):
        entry = self.messages.get(msgid)
        if entry is None:
            self.fail(f'"{msgid}" is no msgid of the catalogue')
        if plural != (entry.plural is not None):
            self.fail(f'"{msgid}" has ' + ("no plural: use t" if plural
                                           else "a plural: use tn"))
        return po.enumerator(entry)

    def time(self, how, path):
        self.value_context()
        self.emit(f"tq_tpl_{how}(out, env, {self.c_path(path)});")

    def token(self):
        if self.value_context() != "ATTR":
            self.fail("the token stands in an attribute")
        self.emit("tq_tpl_token(out, env);")

    def message(self, count, msgid, rest):
        context = self.value_context()
        name = self.message_name(msgid, plural=count is not None)
        args = []
        while rest:
            m = re.match(r"([a-z_]+)=(date:)?(" + PATH + r")(\|[^\s=]+)?"
                         r"(?:\s+|$)", rest)
            if not m:
                self.fail(f"{rest!r} is no list of name=path")
            args.append((m[1], self.argument(m)))
            rest = rest[m.end():]
        entry = self.messages[msgid]
        text = entry.plural or entry.id
        want = po.slots(text) | set(po.links(text))
        have = {n for n, _ in args} | ({"n"} if count else set())
        if want != have:
            self.fail(f'"{msgid}" has the slots {sorted(want)}, '
                      f"given are {sorted(have)}")
        self.emit(self.message_call(context, count, name, args))

    def argument(self, m):
        value = self.c_path(m[3])
        if m[2]:
            return f"tq_tpl_arg_date(out, env, {c_quote(m[1])}, {value})"
        if m[4]:
            value = self.or_message(value, m[4][1:])
        return f"TQ_TPL_ARG({c_quote(m[1])}, {value})"

    def message_call(self, context, count, name, args):
        kind = "html" if context == "TEXT" else "plain"
        if not count and not args:
            return f"tq_tpl_msg(out, env, {name});"
        n = f"(int64_t){self.c_path(count)}" if count else "0"
        if not args:
            return f"tq_tpl_msg_{kind}(out, env, {name}, {n}, NULL, 0);"
        return (f"tq_tpl_msg_{kind}(out, env, {name}, {n}, "
                f"(const struct tq_msg_arg[]){{ "
                f"{', '.join(v for _, v in args)} }}, {len(args)});")

    # --- constructs

    def condition(self, text):
        m = re.fullmatch(r"(!?)\s*(" + PATH + r")(?:\s*(==|!=)\s*([A-Z0-9_]+))?",
                         text)
        if not m or (m[1] and m[3]):
            self.fail(f"{text!r} is no condition")
        path = self.c_path(m[2])
        if m[3]:
            return f"{path} {m[3]} {m[4]}"
        return f"{m[1]}TQ_TPL_TRUE({path})"

    def body(self, ends):
        """Up to a {{tag}} whose text matches ends; returns that text."""
        while True:
            at = self.source.find("{{", self.pos)
            stop = len(self.source) if at < 0 else at
            self.literal(self.source[self.pos:stop])
            self.pos = stop
            if at < 0:
                if ends:
                    self.fail(f"the file ends before {ends[0]}")
                return ""
            close = self.source.find("}}", at)
            # A slot at the end of a message: "..{n}"}}.
            m = re.compile(r'\{\{((?:"[^"]*"|[^"}]|\}(?!\}))*)\}\}').match(
                self.source, at)
            if close < 0 or not m:
                self.fail("'{{' without '}}'")
            text = m[1].strip()
            if text.split(" ")[0] in ends or text in ends:
                self.flush()
                self.pos = m.end()
                return text
            self.construct(text, m)

    def construct(self, text, m):
        handlers = (
            (r"!.*", lambda: None),
            (r"#if\s+(.+)", self.block_if),
            (r"#each\s+(" + PATH + r")\s+as\s+([a-z_]+)", self.block_each),
            (r"#chain\s+(" + PATH + r")\s+as\s+([a-z_]+)", self.block_chain),
            (r">\s*([a-z_]+)\s+(" + PATH + ")", self.call),
            (r't\s+"([^"]*)"\s*(.*)',
             lambda msgid, rest: self.message(None, msgid, rest)),
            (r"tn\s+(" + PATH + r')\s+"([^"]*)"\s*(.*)', self.message),
            (r"(date|moment|ago|iso)\s+(" + PATH + ")", self.time),
            (r"token", self.token),
            (r"(?!else\b)(" + PATH + r")(?:\|([^|]+))?", self.value),
        )
        for pattern, handler in handlers:
            found = re.fullmatch(pattern, text, re.S)
            if found:
                if text.startswith("#"):
                    self.pos = m.end()
                    handler(*found.groups())
                else:
                    handler(*found.groups())
                    self.pos = m.end()
                return
        self.fail(f"{{{{{text}}}}} is nothing that templates know")

    def check_same(self, before, what, start):
        if not self.place.same(before):
            self.fail(f"{what} begins in {before.words()} but ends in "
                      f"{self.place.words()}", start)
        self.place.space = False
        self.place.first = self.place.first and before.first

    def block_if(self, condition):
        start = self.pos
        before = self.place.copy()
        self.emit(f"if ({self.condition(condition)}) {{")
        firsts = []
        has_else = False
        while True:
            end = self.body(("/if",) if has_else else ("/if", "else"))
            self.flush()
            firsts.append(self.place.first)
            self.check_same(before, "{{#if}}", start)
            if end == "/if":
                break
            self.place = before.copy()
            if end == "else":
                has_else = True
                self.code.append("} else {")
                continue
            m = re.fullmatch(r"else if\s+(.+)", end)
            if not m:
                self.fail(f"{{{{{end}}}}} is nothing that templates know")
            self.code.append(f"}} else if ({self.condition(m[1])}) {{")
        self.code.append("}")
        self.place.first = all(firsts) and before.first

    def loop(self, head, name, end):
        start = self.pos
        if self.place.kind not in ("text", "raw"):
            self.fail(f"a loop in {self.place.words()}")
        if name in self.names or name in ("env", "v", "out"):
            self.fail(f"the name {name} is taken")
        before = self.place.copy()
        self.emit(head)
        self.names.append(name)
        self.body((end,))
        self.flush()
        self.names.pop()
        self.code.append("}")
        self.check_same(before, "the loop", start)

    def block_each(self, path, name):
        expr = self.c_path(path)
        n = re.sub(r"([a-z0-9_]+)$", r"n_\1", expr)
        self.loop(f"for (size_t {name}_i = 0; {name}_i < {n}; {name}_i++) {{ "
                  f"const __typeof__(*{expr}) *{name} = &{expr}[{name}_i];",
                  name, "/each")

    def block_chain(self, path, name):
        expr = self.c_path(path)
        self.loop(f"for (const __typeof__(*{expr}) *{name} = {expr}; "
                  f"{name} != NULL; {name} = {name}->next) {{", name, "/chain")

    def call(self, name, path):
        if self.place.kind != "text":
            self.fail(f"{{{{> {name}}}}} in {self.place.words()}")
        self.used.add((name, self.line()))
        self.emit(f"tq_tpl_{name}(out, env, {self.c_pointer(path)});")

    def c_pointer(self, path):
        return path if path in self.names else self.c_path(path)

    def run(self):
        self.body(())
        self.flush()
        if self.place.kind != "text" or self.place.open:
            self.fail(f"the file ends in {self.place.words()}")
        return self.code


def prototype(name):
    return (f"void\ntq_tpl_{name}(struct tq_buf *out, "
            f"const struct tq_view_env *env,\n"
            f"    const struct tq_view_{name} *v)")


def compile_all(paths, messages):
    """The text of the C file and of its header."""
    done = [(c, c.run()) for c in (Compiler(p, messages) for p in paths)]
    known = {c.name for c, _ in done}
    for c, _ in done:
        for name, line in sorted(c.used):
            if name not in known:
                raise TemplateError(f"{c.path}:{line}: no template {name}")
    header = ["/* Made by tools/template.py. */", "#ifndef TQ_WEB_TPL_GEN_H",
              "#define TQ_WEB_TPL_GEN_H", '#include "web/tpl.h"']
    source = ["/* Made by tools/template.py. */", '#include "web/tpl_gen.h"',
              '#include "web/view_thread.h"']
    header += [f"struct tq_view_{c.name};" for c, _ in done]
    for c, code in done:
        header.append(prototype(c.name) + ";")
        source += [prototype(c.name), "{", "(void)env;", "(void)v;", *code, "}"]
    header.append("#endif")
    return "\n".join(source) + "\n", "\n".join(header) + "\n"


def main():
    ap = argparse.ArgumentParser(description="templates to C")
    ap.add_argument("--po", type=pathlib.Path, required=True)
    ap.add_argument("--c", type=pathlib.Path, required=True)
    ap.add_argument("--h", type=pathlib.Path, required=True)
    ap.add_argument("templates", type=pathlib.Path, nargs="+")
    args = ap.parse_args()
    try:
        source, header = compile_all(sorted(args.templates),
                                     read_messages(args.po))
    except TemplateError as e:
        print(e, file=sys.stderr)
        return 1
    args.c.write_text(source, encoding="utf-8")
    args.h.write_text(header, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
