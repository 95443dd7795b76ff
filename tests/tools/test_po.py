#!/usr/bin/env python3
"""What tools/po.py refuses, and how it says so; output is TAP.

usage: test_po.py PO_PY MSGFMT
"""
import pathlib
import subprocess
import sys
import tempfile

PO_PY, MSGFMT = sys.argv[1:3]

LINGUAS = "en\tEnglish\tltr\tone_other\tplain\nxx\tXx\tltr\trussian\tplain\n"
HEAD = '''msgid ""
msgstr ""
"Project-Id-Version: t\\n"
"PO-Revision-Date: 2026-11-23 12:00+0000\\n"
"Last-Translator: t\\n"
"Language-Team: t\\n"
"Language: {lang}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural};\\n"

'''
EN_HEAD = HEAD.format(lang="en", plural="nplurals=2; plural=(n!=1)")
XX_HEAD = HEAD.format(lang="xx", plural="nplurals=3; plural=(n%10==1&&"
                      "n%100!=11?0:n%10>=2&&n%10<=4&&(n%100<12||n%100>14)"
                      "?1:2)")
EN = EN_HEAD + '''msgid "Reply to {name}"
msgstr "Reply to {name}"

msgid "See <link>the notice</link>."
msgstr "See <link>the notice</link>."

msgctxt "button"
msgid "Reply"
msgstr "Reply"

msgid "{n} line"
msgid_plural "{n} lines"
msgstr[0] "one line"
msgstr[1] "{n} lines"
'''
XX = XX_HEAD + '''msgid "Reply to {name}"
msgstr "an {name}"

msgid "See <link>the notice</link>."
msgstr "<link>Da</link>."

msgctxt "button"
msgid "Reply"
msgstr "Aw"

msgid "{n} line"
msgid_plural "{n} lines"
msgstr[0] "{n} Z"
msgstr[1] "{n} Ze"
msgstr[2] "{n} Zn"
'''

# title, file, text to find, text in its place, what must be said
REFUSED = [
    ("a language lacks a message", "xx.po",
     'msgctxt "button"\nmsgid "Reply"\nmsgstr "Aw"\n', "",
     'xx.po:20: "Reply" (context button): missing (en.po line 19)'),
    ("a message is not translated", "xx.po", '"Aw"', '""',
     "xx.po:19: \"Reply\" (context button): not translated"),
    ("one plural form is not translated", "xx.po", '"{n} Ze"', '""',
     "not translated (form 1)"),
    ("a plural form is missing", "xx.po", 'msgstr[2] "{n} Zn"\n', "",
     "needs msgstr[0] to [2]"),
    ("a slot is missing", "xx.po", '"an {name}"', '"an"',
     'xx.po:13: "Reply to {name}": {name} is missing'),
    ("a slot is misspelt", "xx.po", '"an {name}"', '"an {nane}"',
     "{nane} is not in the English message"),
    ("the number is left out of a form for many numbers", "xx.po",
     '"{n} Z"', '"Z"', "{n} is missing"),
    ("a link is missing", "xx.po", "<link>Da</link>", "Da",
     "links differ: the English has ['link'], this []"),
    ("a link has another name", "xx.po", "<link>Da</link>", "<a>Da</a>",
     "links differ"),
    ("a link is not closed", "xx.po", "<link>Da</link>", "<link>Da",
     "<link> is never closed"),
    ("a link is closed before it opens", "xx.po", "<link>Da</link>",
     "</link>Da<link>", "</link> does not pair"),
    ("HTML in a message", "xx.po", '"Aw"', '"A<br/>w"',
     "< is neither a {slot} nor a <link>..</link>"),
    ("an entity in a message", "xx.po", '"Aw"', '"A&nbsp;w"',
     "&nbsp; is neither a {slot}"),
    ("HTML in the English message", "en.po", '"Reply"', '"Reply<i>"',
     "en.po:19: \"Reply<i>\" (context button): <i> is never closed"),
    ("a stray brace", "xx.po", '"Aw"', '"A{w"', "{ is neither"),
    ("an invisible bidi control", "xx.po", '"Aw"', '"A\u200fw"',
     "U+200F is invisible"),
    ("a full stop typed first", "xx.po", '"Aw"', '".Aw"', "begins with ."),
    ("a fuzzy message", "xx.po", 'msgctxt "button"',
     '#, fuzzy\nmsgctxt "button"', "marked fuzzy"),
    ("a message that English has no more", "xx.po", 'msgctxt "button"',
     'msgid "Old"\nmsgstr "O"\n\nmsgctxt "button"',
     'xx.po:19: "Old": not in en.po'),
    ("a message stands twice", "xx.po", 'msgctxt "button"',
     'msgid "Reply to {name}"\nmsgstr "an {name}"\n\nmsgctxt "button"',
     "stands twice, first on line 13"),
    ("two messages share a name", "en.po", 'msgctxt "button"',
     'msgid "Reply to name!"\nmsgstr "Reply"\n\nmsgctxt "button"',
     '"Reply to name!" and line 13 "Reply to {name}" would both be '
     "TQ_MSG_REPLY_TO_NAME"),
    ("a context and a message share a name", "en.po", 'msgctxt "button"',
     'msgid "Button: reply"\nmsgstr "Reply"\n\nmsgctxt "button"',
     "would both be TQ_MSG_BUTTON_REPLY"),
    ("a message without letters", "en.po", 'msgctxt "button"',
     'msgid "..."\nmsgstr "..."\n\nmsgctxt "button"',
     "no letter to name it by"),
    ("another plural rule than the language's", "xx.po", XX_HEAD,
     HEAD.format(lang="xx", plural="nplurals=3; plural=(n>1)"),
     "header: Plural-Forms must be"),
    ("another charset", "xx.po", "charset=UTF-8", "charset=ISO-8859-1",
     "Content-Type must say charset=UTF-8"),
    ("another language in the header", "xx.po", "Language: xx", "Language: y",
     "header: Language must be xx"),
    ("an unknown escape", "xx.po", '"Aw"', '"A\\w"', "the escapes are"),
    ("a line that is no .po", "xx.po", 'msgctxt "button"',
     'msgctx "button"', "xx.po:19: not a line of a .po file"),
    ("LINGUAS: a missing column", "LINGUAS", "\tplain\nxx", "\nxx",
     "LINGUAS:1: expected five columns"),
    ("LINGUAS: an unknown rule", "LINGUAS", "russian", "slavic",
     'LINGUAS:2: xx: plural rule "slavic" is none of none, one_other'),
    ("LINGUAS: an unknown direction", "LINGUAS", "ltr\trussian",
     "down\trussian", 'direction "down" is none of ltr, rtl'),
    ("LINGUAS: English is not first", "LINGUAS", "en\tEnglish", "de\tGerman",
     "the first language must be en"),
    ("LINGUAS: a language without a catalogue", "LINGUAS", "xx\tXx",
     "yy\tYy", "yy.po is not there"),
    ("LINGUAS: a language twice", "LINGUAS", "xx\tXx", "en\tXx",
     "en stands twice"),
]


def run(folder, files):
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return subprocess.run(
        [sys.executable, PO_PY, "--msgfmt", MSGFMT, "--depfile",
         folder / "d", folder, folder / "msg.h", folder / "table.c"],
        capture_output=True, text=True)


def good():
    return {"LINGUAS": LINGUAS, "en.po": EN, "xx.po": XX}


def accepts(folder):
    r = run(folder, good())
    wanted = ["TQ_MSG_REPLY_TO_NAME,", "TQ_MSG_SEE_THE_NOTICE,",
              "TQ_MSG_BUTTON_REPLY,", "TQ_MSG_N_LINE,", "#define TQ_MSGS 4"]
    if r.returncode:
        return r.stderr
    text = (folder / "msg.h").read_text()
    return "".join(f"no {w} in msg.h\n" for w in wanted if w not in text)


def cuts_long_names(folder):
    files = good()
    entry = ('msgid "One two three four five six seven eight nine tens '
             'eleven"\nmsgstr "x"\n\nmsgctxt "button"')
    for name in ("en.po", "xx.po"):
        files[name] = files[name].replace('msgctxt "button"', entry)
    r = run(folder, files)
    name = "TQ_MSG_ONE_TWO_THREE_FOUR_FIVE_SIX_SEVEN_EIGHT_NINE,"
    if r.returncode:
        return r.stderr
    text = (folder / "msg.h").read_text()
    return "" if name in text else "not cut as expected:\n" + text


def makes_a_template(folder):
    run(folder, good())
    r = subprocess.run([sys.executable, PO_PY, "--template", folder],
                       capture_output=True, text=True)
    wanted = EN
    for text in ("Reply to {name}", "See <link>the notice</link>.", "Reply"):
        wanted = wanted.replace(f'msgstr "{text}"', 'msgstr ""')
    wanted = wanted.replace('[0] "one line"', '[0] ""')
    wanted = wanted.replace('[1] "{n} lines"', '[1] ""')
    return "" if r.stdout == wanted else "printed instead:\n" + r.stdout


def refuses(folder, file, old, new, said):
    files = good()
    if old not in files[file]:
        return f"the test itself is wrong: no {old!r} in {file}"
    files[file] = files[file].replace(old, new)
    r = run(folder, files)
    if r.returncode == 0:
        return "was accepted"
    if (folder / "msg.h").exists():
        return "msg.h was written all the same"
    return "" if said in r.stderr else "said instead:\n" + r.stderr


def main():
    cases = [("a good catalogue is compiled", accepts, ()),
             ("a long name is cut at a word", cuts_long_names, ()),
             ("a template has nothing translated", makes_a_template, ())]
    cases += [(row[0], refuses, row[1:]) for row in REFUSED]
    print(f"1..{len(cases)}")
    for no, (title, case, args) in enumerate(cases, 1):
        with tempfile.TemporaryDirectory() as folder:
            why = case(pathlib.Path(folder), *args)
        print(f"{'not ok' if why else 'ok'} {no} - {title}")
        for line in why.split("\n") if why else []:
            print("# " + line)


if __name__ == "__main__":
    main()
