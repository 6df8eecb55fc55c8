"""Hugo's shortcodes become what Hugo makes of them."""

import pytest

from publisher.sources.templating import Page, Site
from publisher.sources.templating.expanding import expand
from tests.unit.sources.templating.texts import html, seen, told


@pytest.mark.parametrize(
    ("typed", "made"),
    [
        (
            '{{< figure src="/b.png" alt="A boat" caption="Our *boat*" >}}',
            '<figure><img src="/b.png" alt="A boat"><figcaption><p>Our <em>boat</em></p></figcaption></figure>',
        ),
        (
            '{{< figure src="b.png" caption="Our *boat*" link="/x" attr="Ada" attrlink="/ada" title="T" />}}',
            '<figure><a href="/x"><img src="b.png" alt="Our boat"></a><figcaption><h4>T</h4>'
            '<p>Our <em>boat</em> <a href="/ada">Ada</a></p></figcaption></figure>',
        ),
        ("{{< youtube w7Ft2ymGmfc >}}", '<iframe src="https://www.youtube.com/embed/w7Ft2ymGmfc"></iframe>'),
        ('{{< youtube id="a-b_c" title="T" >}}', '<iframe src="https://www.youtube.com/embed/a-b_c" title="T"></iframe>'),
        ("{{<vimeo 55073825>}}", '<iframe src="https://player.vimeo.com/video/55073825"></iframe>'),
        ("{{< gist spf13 7896402 >}}", '<iframe src="https://gist.github.com/spf13/7896402"></iframe>'),
        ("{{< tweet 877500564405444608 >}}", '<blockquote cite="https://x.com/i/web/status/877500564405444608"></blockquote>'),
        ('{{< x user="S" id="14" >}}', '<blockquote cite="https://x.com/S/status/14"></blockquote>'),
        ("{{< instagram BWNjjyYFxVx >}}", '<blockquote cite="https://www.instagram.com/p/BWNjjyYFxVx/"></blockquote>'),
        ("{{< highlight go >}}\na < b\n\nc\n{{< /highlight >}}", '<pre><code class="language-go">a &lt; b\n\nc</code></pre>'),
        ('[m]({{< ref "tides.md#low" >}})', '<p><a href="article:tides.md#low">m</a></p>'),
        ("[m]({{% relref path=`/p/a b` %}})", '<p><a href="article:/p/a%20b">m</a></p>'),
        ("{{< details summary=`S *s*` >}}\nA\n\nB\n{{< /details >}}", "<details><summary>S <em>s</em></summary>\n<p>A</p>\n<p>B</p>\n\n</details>"),
        ("a {{< param edition >}} b", "<p>a 5 &lt;b&gt; b</p>"),
        ("{{< qr text=`https://x.example/` />}}", '<p><a href="https://x.example/">https://x.example/</a></p>'),
        ("a{{< comment >}} secret {{< /comment >}}b", "<p>ab</p>"),
        ('{{</* ref "x" */>}} {{%/* y */%}}', '<p>{{&lt; ref "x" &gt;}} {{% y %}}</p>'),
        ("{{ .Title }} {% x %}", "<p>{{ .Title }} {% x %}</p>"),
    ],
)  # fmt: skip
def test_a_built_in_shortcode_is_what_it_stands_for(typed, made):
    assert html(typed, "hugo", values={"params": {"edition": "5 <b>"}}) == made


def test_code_is_no_shelter_as_hugo_has_it():
    typed = '```\n{{< ref "x" >}} {{</* ref "x" */>}}\n```'
    assert html(typed, "hugo") == '<pre><code>article:x {{&lt; ref "x" &gt;}}\n</code></pre>'


def test_without_a_generator_code_is_left_alone():
    typed = '{{< ref "x" >}} `{{< ref "y" >}}`\n\n    {{< ref "z" >}}'
    made = "<p>article:x <code>{{&lt; ref &quot;y&quot; &gt;}}</code></p>\n<pre><code>{{&lt; ref &quot;z&quot; &gt;}}\n</code></pre>"
    assert html(typed, "") == made


def test_without_a_generator_what_may_mean_another_thing_stays():
    made, problems = seen("{{% youtube a %}} {{< own >}}", Site())
    assert "{{% youtube a %}} {{&lt; own &gt;}}" in made and not problems


@pytest.mark.parametrize(
    ("typed", "what"),
    [
        ("a\n{{< own >}}\n{{< own >}}", "2: what the shortcode own stands for is not known (2 times)"),
        ("{{< highlight go >}} x", "1: the shortcode highlight is never closed"),
        ("{{< /figure >}}", "1: the shortcode figure is never opened"),
        ("{{< highlight a >}}{{< details >}}{{< /highlight >}}{{< /details >}}", "1: the shortcode highlight is closed where another is open"),
        ("x {{< youtube", "1: the shortcode youtube is never closed, or what it is given cannot be read"),
        ('{{< figure src="x >}}', "1: the shortcode figure is never closed, or what it is given cannot be read"),
        ("{{< figure alt=x >}}", "1: the shortcode figure names no picture"),
        ("{{< youtube >}}", "1: the shortcode youtube wants 0, and was given none"),
        ('{{< youtube "a/../b" >}}', "1: the shortcode youtube names what cannot be a name: 'a/../b'"),
        ("{{< param none >}}", "1: no parameter is called 'none'"),
        ("{{</* x >}}", "1: a comment in a shortcode is never closed"),
        ("{{< >}}", "1: a shortcode without a name"),
        ("{{< details >}}" * 31 + "{{< /details >}}" * 31, "1: shortcodes are more than 30 deep within each other"),
        ("{{< a >}}" * 10_001, "1: it has more than 10,000 shortcodes"),
    ],
)  # fmt: skip
def test_what_cannot_be_expanded_is_named(typed, what):
    assert what in told(typed, "hugo")


def test_what_is_given_is_no_markup():
    made = html('{{< figure src="x\\"><script>" alt="<b>" >}}', "hugo")
    assert made == '<figure><img src="x&quot;&gt;&lt;script&gt;" alt="&lt;b&gt;"></figure>'


def test_html_articles_have_shortcodes_too():
    page = Page(path="a.html", is_html=True)
    made, problems = seen("<p>{{< youtube a >}}</p>", Site(generator="hugo"), page)
    assert made == '<iframe src="https://www.youtube.com/embed/a"></iframe>' and not problems


def test_a_mark_is_never_a_word_of_the_text():
    assert html("tplxq0q {{< param a >}}", "hugo", values={"a": 1}) == "<p>tplxq0q 1</p>"


def test_braces_of_an_expanded_text_are_meant():
    assert expand("{{ x }}", Site(generator="hugo"), Page()).is_complete
    assert not expand("{{ x }}", Site(), Page()).is_complete
