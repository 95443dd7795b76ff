#!/usr/bin/env python3
"""What tools/template.py refuses, what it prints, and what the C compiler then
refuses; output is TAP.

usage: test_template.py SOURCE_ROOT BUILD_ROOT CC...
"""
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT, BUILD = map(pathlib.Path, sys.argv[1:3])
CC = sys.argv[3:]

# name, template, what the error must say with its line
REFUSED = (
    ("a value in a tag name", "<{{a}}>", "1: no tag name"),
    ("a value within a tag name", "<di{{a}}>", "1: a value may stand in"),
    ("a value as an attribute", "<p {{a}}>", "1: a value may stand in"),
    ("a value in an attribute's name", '<p data-{{a}}="x">',
     "1: a value may stand in"),
    ("an unquoted value", "<p title={{a}}>", "1: the value of title must"),
    ("an unquoted literal", "<p title=x>", "1: the value of title must"),
    ("a value in single quotes", "<p title='{{a}}'>", "1: the value of title"),
    ("a value in a comment", "<p>\n<!-- {{a}} --></p>", "2: a comment may"),
    ("a value in a script", '<script src="/x">{{a}}</script>',
     "no value may stand in <script>"),
    ("a script in the page", "<script>a()</script>", "<script> must be empty"),
    ("a style element", "<style></style>", "<style> is not allowed"),
    ("an iframe", '<iframe src="{{u}}"></iframe>', "<iframe> is not allowed"),
    ("a style attribute", '<p style="{{a}}">', "style is not allowed"),
    ("an event attribute", '<p onclick="{{a}}">', "onclick is not allowed"),
    ("a refresh", '<meta http-equiv="refresh">', "http-equiv is not"),
    ("a list of addresses", '<img srcset="{{a}}">', "no value may stand in "
     "the value of srcset"),
    ("a program as an address", '<a href="javascript:x()">a</a>',
     "a program in the value of href"),
    ("a message in an address", '<a href="{{t "Comments"}}">a</a>',
     "only an address may stand in"),
    ("a time in an address", '<a href="{{iso a}}">a</a>', "only an address"),
    ("a fallback in an address", '<a href="{{a|Comments}}">a</a>',
     "only an address"),
    ("an element left open", "<p><b></p>", "</p> closes nothing"),
    ("the last element left open", "<p>\n", "the file ends in text in p"),
    ("a file that ends in a tag", "<p", "the file ends in inside the tag"),
    ("an element closed twice", "<p></p></p>", "</p> closes nothing"),
    ("a self-closed element", "<p/>", "<p/> outside of svg"),
    ("a branch that opens an element", "{{#if a}}<p>{{/if}}</p>",
     "begins in text in the top but ends in text in p"),
    ("branches that differ", "{{#if a}}<p>{{else}}<b>{{/if}}</p>",
     "begins in text in the top"),
    ("a branch that opens a value", '<p {{#if a}}title="{{/if}}">',
     "ends in the value of title"),
    ("a branch inside a tag name", "<d{{#if a}}iv{{/if}}>",
     "'i' is no attribute of <d>"),
    ("a branch inside an attribute's name", '<p ti{{#if a}}tle{{/if}}="x">',
     "'t' is no attribute"),
    ("a branch before the equals sign", '<a href{{#if a}}{{/if}}="{{u}}">',
     "'=' is no attribute"),
    ("a loop that closes an element", "<p>{{#each a as b}}</p>{{/each}}",
     "the loop begins in"),
    ("a loop in a tag", "<p{{#each a as b}} x{{/each}}>", "a loop in inside"),
    ("a template in an attribute", '<p title="{{> x a}}">', "{{> x}} in"),
    ("a template that is missing", "{{> nobody a}}", "1: no template nobody"),
    ("an if without end", "\n{{#if a}}x", "the file ends before /if"),
    ("an end without if", "{{/if}}", "{{/if}} is nothing"),
    ("an else without if", "{{else}}", "nothing that templates"),
    ("a second else", "{{#if a}}{{else}}{{else}}{{/if}}", "nothing that templates"),
    ("an unclosed placeholder", "<p>{{a</p>", "'{{' without '}}'"),
    ("an expression", "{{a + b}}", "is nothing that templates know"),
    ("a call", "{{f(a)}}", "is nothing that templates know"),
    ("a condition with an expression", "{{#if f(a)}}{{/if}}",
     "is no condition"),
    ("a message that is not in the catalogue", '{{t "No such"}}',
     "is no msgid"),
    ("a message without its context", '{{t "Reply"}}', "is no msgid"),
    ("a message without its slot", '{{t "Reply to {name}"}}',
     "has the slots ['name'], given are []"),
    ("a message with a wrong slot", '{{t "Reply to {name}" nam=a}}',
     "given are ['nam']"),
    ("a plural by t", '{{t "{n} comment"}}', "a plural: use tn"),
    ("a message without plural by tn", '{{tn a "Comments"}}',
     "no plural: use t"),
    ("the token as text", "<p>{{token}}</p>", "stands in an attribute"),
    ("a loop variable taken twice",
     "{{#each a as b}}{{#each c as b}}{{/each}}{{/each}}", "b is taken"),
    ("a line break in an attribute", '<p title="a\nb">', "a line break in"),
    ("a tag in an attribute", '<p title="<b>">', "'<' or a line break"),
)

# name, template, the literal bytes that are printed
PRINTED = (
    ("space between tags", "<p>\n\t<b>x</b>\n</p>\n", "<p><b>x</b></p>"),
    ("space between words", "<p>a\n b  c</p>", "<p>a b c</p>"),
    ("a space on the line", "<p><b>a</b> <b>b</b></p>",
     "<p><b>a</b> <b>b</b></p>"),
    ("space between attributes", '<p  id="a"\n   lang="b" >x</p>',
     '<p id="a" lang="b">x</p>'),
    ("text of a textarea", "<textarea>\n a\n</textarea>",
     "<textarea>\n a\n</textarea>"),
    ("comments", "<p>a<!-- b --></p>{{! c }}", "<p>a</p>"),
    ("svg", '<svg><path d="M0 0"/></svg>', '<svg><path d="M0 0"/></svg>'),
    ("quotes and question marks", "<p>\\ ??/ é</p>", "<p>\\ ??/ é</p>"),
    ("a long literal", "<p>" + "x" * 9000 + "</p>",
     "<p>" + "x" * 9000 + "</p>"),
)

# template name (its view's struct), template, accepted, what cc must say
TYPES = (
    ("item", "<p>{{headline}} {{at_us}} {{url}}</p>", True, ""),
    ("article", "<p>{{body}}</p>", True, ""),
    ("item", '<a href="{{url}}#x-{{comments}}">a</a>', True, ""),
    ("item", '\n<a href="{{headline}}">a</a>', False, "item.html:2:"),
    ("item", '<a href="/?{{url}}">a</a>', False, "item.html:1:"),
    ("item", '<a href="{{url}}{{url}}">a</a>', False, "item.html:1:"),
    ("article", '<p title="{{body}}"></p>', False, "article.html:1:"),
    ("article", "<title>{{body}}</title>", False, "article.html:1:"),
    ("article", "<p>{{thread}}</p>", False, "article.html:1:"),
    ("item", "<p>{{comments_shown}}</p>", False, "item.html:1:"),
    ("item", "<p>\n\n{{nothing}}</p>", False, "item.html:3:"),
    ("item", '<p>{{t "Reply to {name}" name=comments_shown}}</p>', False,
     "item.html:1:"),
    ("list", "{{#each items as i}}<p>{{i.headline}}</p>{{/each}}", True, ""),
    ("list", "{{#each items as i}}<p>{{i.nothing}}</p>{{/each}}", False,
     "list.html:1:"),
    ("list", "{{#each front as i}}<p>x</p>{{/each}}", False, "list.html:1:"),
)

count = 0
failed = 0


def tell(ok, name, said):
    global count, failed
    count += 1
    failed += not ok
    print(f"{'ok' if ok else 'not ok'} {count} - {name}")
    if not ok:
        print("\n".join("# " + line for line in said.split("\n")))


def compile_template(folder, name, text):
    (folder / "web").mkdir(exist_ok=True)
    source = folder / f"{name}.html"
    source.write_text(text, encoding="utf-8")
    return subprocess.run(
        [sys.executable, ROOT / "tools/template.py", "--po",
         ROOT / "po/en.po", "--c", folder / "gen.c",
         "--h", folder / "web/tpl_gen.h", source],
        capture_output=True, text=True)


def printed(folder):
    """The bytes of all literals of gen.c together."""
    code = (folder / "gen.c").read_text(encoding="utf-8")
    parts = re.findall(r'tq_buf_put\(out, TQ_S\("((?:[^"\\]|\\.)*)"\)\);', code)
    return re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t"}.get(m[1], m[1]),
                  "".join(parts))


def main():
    with tempfile.TemporaryDirectory() as d:
        folder = pathlib.Path(d)
        for name, text, words in REFUSED:
            run = compile_template(folder, "x", text)
            tell(run.returncode == 1 and "Traceback" not in run.stderr and
                 words in run.stderr,
                 "refused: " + name, run.stderr or "was accepted")
        for name, text, want in PRINTED:
            run = compile_template(folder, "x", text)
            got = printed(folder) if run.returncode == 0 else run.stderr
            tell(got == want, "printed: " + name, got[:500])
        for name, text, good, words in TYPES:
            run = compile_template(folder, name, text)
            cc = subprocess.run(
                [*CC, "-std=c17", "-fsyntax-only", "-Werror=all",
                 "-I", folder, "-I", ROOT / "src", "-I", BUILD / "src",
                 folder / "gen.c"], capture_output=True, text=True)
            tell(run.returncode == 0 and (cc.returncode == 0) == good and
                 words in cc.stderr,
                 f"types: {' '.join(text.split())} is {'taken' if good else 'refused'}",
                 run.stderr + cc.stderr[:500])
    print(f"1..{count}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
