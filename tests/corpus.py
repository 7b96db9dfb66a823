# ruff: noqa: E501, RUF005 - a list of odd texts reads better by classes than by lengths
"""What people, programs and attackers type into fields: by class, the one that tells most first.

Facts that were seen on this stack and on others; the base of some classes is the public list of naughty strings.
"""

from itertools import product

_LETTERS = "a\u0301\u0302\u0303"
_XSS = """<script>alert(1)</script>|"'><svg/onload=x>|</textarea><script>x</script>|<img src=x onerror=x>|'-alert(1)-'
<svg><script>x</script>|<iframe src=javascript:x>|<a href="javascript:x">y</a>|<body onload=x>|<math><mi//xlink:href="data:x">
<input autofocus onfocus=x>|<details open ontoggle=x>|<<script>x;//<</script>|<scr<script>ipt>x</scr</script>ipt>
&lt;script&gt;|&#60;script&#62;|\\u003cscript\\u003e|%3Cscript%3E|<!--<script>-->|]]><script>|<style>*{}</style>
" onmouseover="x|' onmouseover='x|` onmouseover=`x|<base href="//x">|<meta http-equiv=refresh content=0>|<form action=//x>
<template><script>|<noscript><p title="</noscript><img src=x onerror=x>">|javascript:alert(1)|JaVaScRiPt:x|data:text/html,x""".replace(
    "\n", "|"
).split("|")
_SQL = """' OR 1=1 --|'; DROP TABLE members; --|" OR ""="|1; SELECT pg_sleep(9)|%|_|\\|\\'|%' AND 1=1|admin'--|') OR ('1'='1
UNION SELECT NULL|/*|*/|--|;--|0x27|CHAR(39)|'||'|N'x'|$$x$$|\\x27|ORDER BY 1|LIMIT -1|xp_cmdshell|@@version|NULL|null""".replace(
    "\n", "|"
).split("|")
_TEMPLATES = """{{7*7}}|{% raw %}|${7*7}|#{7*7}|<%= 7*7 %>|{0.__class__}|%(x)s|%s%s%s%n|${x}|{{config}}|{{''.__class__.__mro__}}
{%print(1)%}|{{self}}|*{7*7}|@(7*7)|[[7*7]]|{{cycler.__init__.__globals__}}|{}|{0}|%d""".replace("\n", "|").split("|")

CLASSES: dict[str, list[str]] = {
    "3.1 nul": ["a\0b", "\0", "\0" * 50, "end\0", "\0begin"],
    "3.1 code points": ["a\ufffeb", "\uffff", "\ufdd0", "\U0001fffe", "\x01", "\x7f", "\x1b[31mred", "\x85", "\ufffd"],
    "3.2 composed": ["Zoë", "Zoe\u0308", "ﬁ", "Å", "A\u030a", "Ω", "İ", "ẞ", "ŉ"],
    "3.2 joined": ["👩‍👩‍👧‍👦", "🏳️‍🌈", "🇩🇪🇬🇧", "👋🏿", "a\u200db", "\u200d", "❤️"],
    "3.2 marks": ["e" + "\u0301" * 100, "Z̸̡͔a̶͎l̷g̵o̴", _LETTERS * 5, "\u0301", "a" + "\u0300" * 500],
    "3.2 unseen": ["\u200b\u200b", "\u00ad\u00ad", "\u2060", "\ufeff", " \u3000 ", "\u180e", "\u200e", "\u2800"],
    "3.2 direction": ["abc\u202edef", "\u2067שלום\u2069", "مرحبا", "\u202a\u202b", "א\u200fב", "\u2066x"],
    "3.2 lines": ["a\u2028b", "a\u2029b", "a\r\nb", "a\nb", "a\rb", "a\vb", "a\fb", "\t tab"],
    "3.2 scripts": ["ไทยไม่มีช่องว่าง", "ខ្មែរ", "中文字", "አማርኛ", "ᚠᚢᚦ", "ꦧꦱ", "𐍈", "日本語テキスト"],
    "3.3 look-alikes": ["аdmin", "Ｊｏｅ", "ıan", "straße", "Coordinator", "support", "Аlongside", "moderator", "K"],
    "3.4 addresses": [
        *(
            "a@x.org, b@y.org",
            "A.B+tag@Example.ORG",
            '"odd name"@example.org',
            "a@x.org.",
            "a@münchen.example",
            "@",
            "a@",
        ),
        *(
            "x" * 65 + "@example.org",
            "a@" + "x" * 250 + ".org",
            "a@[127.0.0.1]",
            "a(b)@example.org",
            "a@xn--mnchen-3ya.example",
        ),
    ],
    "3.5 headers": ["a\r\nBcc: x@y.org", "=?utf-8?q?=41?=", "Subject: x", "a\nTo: x", "x" * 10_000, "\u2028Bcc: x"],
    "3.6 numbers": ["-1", "0", "2147483648", "9223372036854775808", "18446744073709551616", "1e999", "NaN", "Infinity"]
    + ["٣", "0x10", "1_000", "-0", "1.5", "9" * 5000, "+1", " 1 ", "1,000", "½", "Ⅷ"],
    "3.9 zones": ["../../etc/passwd", "/etc/passwd", "europe/london", "UTC+1", "localtime", "posixrules", "leapseconds"]
    + ["Factory", "x" * 300, "Europe/London\0", "Europe", "US/Pacific-New"],
    "3.9 days": [
        "2026-02-29",
        "2026-02-30",
        "0001-01-01",
        "9999-12-31",
        "24:00",
        "23:59:60",
        "2026-W53",
        "31/12/2026",
        "25:61",
    ],
    "3.12 formulas": ["=1+1", "+cmd", "-2", "@SUM(A1)", "\t=1", "＝1", "=HYPERLINK(1)", '"=1"', " =1"],
    "3.14 html": _XSS,
    "3.15 sql": _SQL,
    "3.16 templates": _TEMPLATES,
    "3.17 paths": ["../../x", "C:\\x", "..%2f..", "%00", "//", ";x=1", "/./", ";id", "$(id)", "`id`", "|id", "&& id"],
    "3.18 redirects": ["//evil", "/\\evil", "https:evil", "javascript:x", "http:///evil", "/%09/evil", "///evil"],
    "3.25 passwords": ["password1234", "x" * 64, "x" * 256, "x" * 257, "1" * 1000, "  spaces  ", "correct horse"],
    "3.29 logs": ['{"level": "error"}', "a\x1b]0;x\x07", "a\r\nfake line", '","event":"x', "\x1b[2J"],
    "3.30 what matters": [
        "I want to die",
        "+44 20 7946 0000",
        "meet me at 12 High Street",
        "https://x.example/a?b=c&d",
        "ça va",
    ],
    "long": ["x" * 61, "x" * 101, "x" * 301, "x" * 1001, "x" * 4001, "x" * 100_000, "😀" * 1000, "word " * 2000],
    "empty": ["", " ", "\n", "\t", "-", "n/a", "none"],
}
"""Each class with its cases; ids are those of the security page."""
CASES = {name: cases[0] for name, cases in CLASSES.items()}
"""One case of each class, for every push."""
_MORE = ("{case}{case}", "a {case} b")
WHOLE = {
    f"{name} {number}": case
    for name, cases in CLASSES.items()
    for number, case in enumerate(cases + [way.replace("{case}", case) for way, case in product(_MORE, cases)])
}
"""Every case, and each in some company: for `check corpus`."""
