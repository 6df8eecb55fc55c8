"""Markup of some generator that nothing took for markup: readers see its signs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.checks.mail import Mail
from publisher.checks.rule import Found, Rule

_SIGN = re.compile(
    r"^[ \t]*:{3,}[ \t]*(?:[A-Za-z{][^\n]{0,60})?$"  # a box of Docusaurus, VitePress, Pandoc
    r"|^[ \t]*(?:!!!|\?\?\?\+?) [a-z]+(?: \"[^\"\n]{0,60}\")?[ \t]*$"  # of MkDocs
    r"|\[![A-Z]{3,20}\]"  # of GitHub
    r"|(?:^|(?<=\s))\.\. (?:[a-z][\w-]*::(?=\s|$)|_[\w -]{1,40}:(?=\s))"  # a directive of reST
    r"|(?<!\w):[a-z]+:`[^`\n]{1,60}`"  # a role of it
    r"|`[^`\n<>]{0,80}<https?://[^<>\s`]{1,200}>`__?"  # a link of it
    r"|\[TOC\]|\[\[_?(?:TOC|toc)_?\]\]|(?<!\w)[$@]\{?\[?toc[\]}]"
    r"|\{:(?:[ ]?[.#:]?[a-z][^{}\n]{0,60}|/)\}"  # attributes of kramdown
    r"|(?<![\w$])\{[.#][A-Za-z][\w-]{0,60}(?: [^{}\n]{0,60})?\}"  # of Pandoc
    r"|\{\{[<%][^{}\n]{1,60}|\{%-? ?(?:end)?[a-z]+ [^{}\n]{1,60}%\}"  # template code
    r"|!?\[\[[^\[\]|\n]{1,80}\|[^\[\]\n]{1,80}\]\]|!\[\[[^\[\]\n]{1,80}\]\]"  # a link of a wiki
    r"|!\[[^\[\]\n]{1,80}\]\([^()\n]{0,200}"  # a picture whose address holds a space
    r"|\[[^\[\]\n]{1,80}\]\((?:https?:/|\.{0,2})/[^()\n]{1,200}\)"  # a link with such a one
    r"|<[A-Z][\w.]{0,40}(?:\s+[a-z]\w{0,30}=(?:\"[^\"\n]{0,60}\"|\{[^{}\n]{0,60}\}?))*\s*/>"  # JSX
    r"|<[A-Z][\w.]{0,40}(?:\s+[a-z]\w{0,30}=(?:\"[^\"\n]{0,60}\"|\{[^{}\n]{0,60}\}?))+\s*>"
    r"|\{/\*[^\n]{0,60}"
    r"|<!(?:--|[–—])[^\n]{0,60}|^%%(?: [^\n]{0,60})?$"  # a comment: of HTML, of Obsidian
    r"|^(?:import [\w{}*, $]{1,80} from|export (?:default|const [\w$]+ =)) ?[\"'({][^\n]{0,60}"
    r"|\[\^(?:\d{1,3}|[a-z]{2}\w{0,20})\]"  # a footnote without its text
    r"|^\*\[[^\]\n]{1,40}\]:|^#\+[A-Za-z_]{3,20}(?::|$)",  # an abbreviation; org
    re.MULTILINE,
)
_EMOJI = re.compile(r"(?:^|(?<=[\s(\[“]))(:(?:[+-]1|[a-z][a-z0-9_-]{1,30}):)(?=[\s.,;!?)\]”]|$)")


def signs(text: str) -> Iterator[str]:
    """Yield what looks like markup in a text that readers see."""
    yield from (found[0].strip() for found in _SIGN.finditer(text))
    yield from (found[1] for found in _EMOJI.finditer(text))


def _look(mail: Mail) -> Iterator[Found]:
    texts = [mail.subject, mail.preheader, *(text for text, _ in mail.prose)]
    for sign in dict.fromkeys(sign for text in texts for sign in signs(text)):
        shown = sign if len(sign) <= 60 else sign[:59] + "…"
        yield Found(f"“{shown}” stands in the mail as it is", *mail.place(sign))


RULE = Rule(
    name="raw-markup",
    finds="Markup that was taken for words: `:::note`, `.. image::`, `[TOC]`, `{: .class}`, "
    "`[[Page|text]]`, `<Tabs>`, `:tada:`, `[^1]`, `<!-- …`.",
    why="Every reader sees the signs themselves.",
    todo="Write it in Markdown or HTML; `[sources] generator` names whose dialect it is. To show "
    "it as code, mark it as code.",
    look=_look,
    bad=(
        {"html": "<p>:::note Read this</p>"},
        {"html": "<p>.. image:: /img/a.png</p>"},
        {"html": "<p>The `harbour &lt;https://h.example/&gt;`_ is open.</p>"},
        {"html": "<p>[TOC]</p>"},
        {"html": "<p>A word{: .lead}</p>"},
        {"html": "<p>A word{:target=&quot;_blank&quot;}</p>"},
        {"html": "<p>{{&lt; figure src=a.png &gt;}}</p>"},
        {"html": "<p>See [[Ferry|the boat]].</p>"},
        {"html": "<p>&lt;Tabs groupId=&quot;a&quot;&gt; &lt;Foo /&gt;</p>"},
        {"html": "<p>[!NOTE] Mind the gap.</p>"},
        {"subject": "It runs :tada:"},
        {"html": "<p>It runs[^1].</p>"},
        {"html": "<p>It runs. &lt;!-- ask her</p><p>first --&gt;</p>"},
        {"html": "<p>![The map](<a href='https://a.example/the'>a.example/the</a> map.png)</p>"},
        {"html": "<p>See [the list](/files/The List.pdf).</p>"},
    ),
    clean=(
        {"html": "<p>At 10:30:45, std::move, ::1 and a ratio of 3:2:1 — [1] [sic] [...].</p>"},
        {"html": "<p>Write <code>:::note</code>, <code>[TOC]</code> or <code>:tada:</code>.</p>"},
        {"html": "<p>An Array&lt;T&gt; of {a, b}, ${5}, &lt;Name&gt; &lt;a@host.example&gt;</p>"},
        {"html": "<p>Wow! [sic] (see /a) [1](2), f[i](x), ![](</p>"},
        {"html": "<p>Il a dit : oui : non… But!!! note well. #1 *[and so on]</p>"},
    ),
)
