"""Shapes of other generators' markup: reStructuredText, MDX, and what Markdown is taught besides."""

from __future__ import annotations

from tests.hostile.makers import Make, again, counted, units

REST: dict[str, Make] = {
    **units(
        "*a␣ **a␣ `a␣ ``a␣ |a|␣ a_␣ `a`_␣ `a␣<b>`_␣ [1]_␣ [#]_␣ [a]_␣ _`a`␣ :a:`b`␣ ::⏎ *␣a⏎ *␣a⏎⏎ "
        "-␣ 1.␣a⏎ #.␣a⏎ (a)␣b⏎ |␣a⏎ >>>␣a⏎ a⏎␣␣b⏎ a␣::␣b⏎ :a:␣b⏎ ..␣a⏎⏎ ..␣a::⏎ ..␣note::␣a⏎⏎ "
        "..␣note::⏎ ..␣image::␣a⏎⏎ ..␣a⏎␣␣␣b⏎ __␣a⏎ a⏎=⏎⏎ ===⏎ +--+⏎ +--+--+⏎|a|b|⏎ ==␣==⏎ -a␣␣b⏎ "
        "--a=b␣␣c⏎ \\ \\*␣ http://a␣ http:// a@b␣ ' ( < 中 ..␣include::␣a⏎⏎ ..␣raw::␣html⏎⏎␣␣␣<b>⏎⏎ "
        "..␣code::␣a⏎⏎␣␣␣b⏎⏎ ..␣class::␣a⏎⏎ ..␣contents::⏎⏎ ..␣youtube::␣a⏎⏎ ..␣seealso::␣a⏎⏎ "
        "..␣math::␣a⏎⏎ ..␣header::␣a⏎⏎ ..␣role::␣a⏎⏎ ..␣|a|␣date::⏎ ..␣TEASER_END⏎⏎ ..␣title::␣a⏎⏎"
    ),
    "indents": lambda n: "".join(" " * one + "a\n\n" for one in range(int((2 * n) ** 0.5))),
    "lists in lists": lambda n: "".join("  " * one + "* a\n\n" for one in range(int(n**0.5))),
    "sections": counted("a@\n====\n\n"),
    "sections in sections": lambda n: "".join(
        f"a\n{sign * 3}\n\n" for sign in ("=-~^*+#\"'`:._" * (n // 8))[: n // 8]
    ),
    "named targets": counted(".. _a@: b\n"),
    "targets of one name": again(".. _a: b\n"),
    "references without targets": counted("a@_ "),
    "references and targets": lambda n: (
        "".join(f"a{one}_ " for one in range(n // 20))
        + "\n\n"
        + "".join(f".. _a{one}: b\n" for one in range(n // 20))
    ),
    "chains of targets": lambda n: "".join(f".. _a{one}: a{one + 1}_\n" for one in range(n // 20)),
    "notes": lambda n: "[#]_ " * (n // 16) + "\n\n" + ".. [#] a\n" * (n // 16),
    "named notes": lambda n: (
        "".join(f"[#a{one}]_ " for one in range(n // 30))
        + "\n\n"
        + "".join(f".. [#a{one}] b\n" for one in range(n // 30))
    ),
    "substitutions": lambda n: (
        "".join(f".. |a{one}| replace:: b\n" for one in range(n // 30))
        + "\n"
        + "".join(f"|a{one}| " for one in range(n // 30))
    ),
    "substitutions of substitutions": lambda n: (
        ".. |a0| image:: b\n"
        + "".join(f".. |a{one}| replace:: |a{one - 1}| |a{one - 1}|\n" for one in range(1, n // 30))
        + f"\n|a{n // 30 - 1}|\n"
    ),
    "a chain of substitutions": lambda n: (
        ".. |a0| replace:: b\n"
        + "".join(f".. |a{one}| replace:: |a{one - 1}|\n" for one in range(1, n // 30))
        + f"\n|a{n // 30 - 1}|\n"
    ),
    "a long substitution used again and again": lambda n: (
        ".. |a| replace:: " + "b" * (n // 2) + "\n\n" + "|a| " * (n // 8)
    ),
    "a wide table": lambda n: (
        "+--" * (n // 9) + "+\n" + "|a " * (n // 9) + "|\n" + "+--" * (n // 9) + "+\n"
    ),
    "rows of a table": again("+--+--+\n|a |b |\n", "", "+--+--+\n"),
    "rows of a simple table": again("a  b\n", "=  =\n", "=  =\n"),
    "rows of a list table": again("   * - a\n     - b\n", ".. list-table::\n\n"),
    "rows of a csv table": again("   a,b\n", ".. csv-table::\n\n"),
    "fields": counted(":a@: b\n", "T\n=\n\n"),
    "a field of many lines": again("   b\n", "T\n=\n\n:a:\n"),
    "authors": again("a; ", "T\n=\n\n:authors: "),
    "a title": again("=", "", "\na\n"),
    "blank lines of code": again("\n", "::\n\n   a\n", "   b\n"),
}

MDX: dict[str, Make] = {
    **units(
        "{ {{ {} {} {' } {\" {` {/* {/*␣*/} {//⏎ {a}␣ {'a'} {\\ \\{ ` `` ```⏎ <A <A> </A> <A/>⏎ <A>⏎ </A>⏎ <A␣ "
        '<A␣b <A␣b= <A␣b={ <A␣b={c <A␣b={c} <A␣b=" <A␣b="c" <A␣{...c}> <> </> <> <div> </div>⏎ <div>⏎ <img␣a={b}␣/> '
        "import␣a␣from␣'a'⏎ import␣{⏎ export␣const␣a␣=␣{⏎ export␣{⏎⏎ <Tabs>⏎ <TabItem␣label='a'>⏎ "
        "<YouTube␣id='a'/>⏎ <Admonition>⏎ {#a} {/*␣truncate␣*/} <a.b> <A␣b␣c␣d=e␣/> <!-- <pre>⏎ "
        "<CodeBlock>⏎ <CodeBlock>a</CodeBlock> <Highlight>a</Highlight>␣ <Note> <Details>a␣ <Card␣title='a'> "
        "export␣const␣a␣=␣'b'⏎⏎ {frontMatter.title}"
    ),
    "a constant of semicolons": again(";", 'export const a = "', 'x"'),
    "code that ends once": again("<CodeBlock>", "", "</CodeBlock>"),
    "constants of all names": counted("export const a@ = 'b'\n\n{a@}\n\n"),
    "elements in elements": lambda n: "".join(
        "  " * one + f"<A{one}>\n" for one in range(int(n**0.5))
    ),
    "braces in braces": lambda n: "{" * (n // 2) + "}" * (n // 2),
    "strings of an expression": again("'a' ", "{", "}"),
    "attributes": counted(" a@={b}", "<A", "/>"),
    "spreads": again(" {...b}", "<A", "/>"),
    "components of all names": counted("<A@/> "),
    "components that are not closed": counted("<A@>"),
    "code ticks of all lengths": lambda n: "".join(
        "`" * one + "a " for one in range(1, int((2 * n) ** 0.5))
    ),
}

DIALECTS: dict[str, Make] = {
    **units(
        ":::⏎ :::a⏎ :::note⏎ :::note⏎a⏎:::⏎ ::::note[⏎ :::note[a]⏎ :::{ :::{.a⏎ :::{.a␣title=\"⏎ ::a{⏎ ::a[b]{c}⏎ "
        ">␣:::note⏎ !!!␣note⏎ !!!␣note⏎␣␣␣␣a⏎ !!!␣a␣\"⏎ ???␣a⏎␣␣␣␣ :a: :a ::a: :tada: :+1: [[a]] [[a|b]] [[a [[|a "
        "![[a.png]] [[a]](b) ==a== ==a ==␣ == *[a]:␣b⏎ *[a␣ {:␣.a}⏎ {:⏎ {.a}⏎ {.a␣b={ {::a}⏎ {::comment}⏎ {:/}⏎ "
        "[TOC]⏎ {:toc}⏎ ^[a␣bc] ^[a␣bc ^[ a⏎:␣b⏎ a⏎⏎:␣b⏎ :␣a⏎ ```a{1}⏎ ~~~a␣{.b}⏎ ```{ <div␣markdown=1>⏎ "
        "<div␣markdown=1></div>⏎ <p␣markdown <img␣a={b}> <a␣b={ <!--more--> ${toc}⏎ >␣[!a]⏎"
    ),
    "boxes in boxes": lambda n: "".join(
        f"{':' * (n // 40 + 3)}note\n" for _ in range(20)
    ) + "a\n" * (n // 4),
    "indented boxes in boxes": lambda n: "".join(
        " " * (4 * one) + "!!! note\n" for one in range(int((n / 2) ** 0.5))
    ),
    "abbreviations": counted("*[A@]: b\n", "", "A1 A2 A3\n"),
    "uses of abbreviations": lambda n: (
        "".join(f"*[A{one}]: b\n" for one in range(150)) + "\n" + "A1 A149 B " * (n // 10)
    ),
    "alike abbreviations": lambda n: (
        "".join(f"*[{'A' * one}]: b\n" for one in range(1, 90)) + "\n" + "A" * n
    ),
    "attributes of a block": again(" a=b", "{.a", "}"),
    "an attribute of a block": again("a-", "{.a", "="),
}  # fmt: skip
