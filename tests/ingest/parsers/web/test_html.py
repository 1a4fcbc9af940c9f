"""Web pages: what is content, what elements mean, and what the receipt tells of the rest."""

from __future__ import annotations

import pytest

from ingest.parsers.common.parsed import ParsedFile
from ingest.parsers.registry.registry import default_registry
from rag.errors import ParseError


def parse(body: str, head: str = "") -> ParsedFile:
    page = f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"
    return default_registry().parse(page.encode(), "a.html")


def text_of(body: str, head: str = "") -> str:
    return parse(body, head).pages[0].text


def told(body: str, head: str = "") -> str:
    return "\n".join(parse(body, head).receipt.skipped)


def test_every_article_is_content():
    """Posts of a forum and questions of a FAQ are articles: none is the one and only, nor is what stands beside one."""
    posts = "".join(
        f'<article class="post"><header><h3>{name}</h3></header><p>{words}</p></article>'
        for name, words in (("ida", "The valve leaks, why?"), ("tom", "Its gasket is worn."), ("ida", "That was it."))
    )
    assert text_of(f'<div id="thread">{posts}</div>') == (
        "### ida\n\nThe valve leaks, why?\n\n### tom\n\nIts gasket is worn.\n\n### ida\n\nThat was it."
    )
    beside = "<section><h1>Rules</h1><p>A boat costs 40 euros.</p></section><article><p>We won a race.</p></article>"
    assert text_of(beside) == "# Rules\n\nA boat costs 40 euros.\n\nWe won a race."


@pytest.mark.parametrize("body", ["<div>{}</div>", "<main>{}</main>", "<article>{}</article>", "<table><td>{}</table>"])
def test_titles_and_dates_in_a_page_header_are_content(body: str):
    """A page's header may hold its title and from when it holds; its logo and its menu go."""
    header = '<header><a href="/">Boats</a><nav>Menu</nav><h1>Terms</h1><p>Valid from 1 May 2026.</p></header>'
    assert text_of(header + body.format("<p>The deposit is 90 euros.</p>")) == (
        "# Terms\n\nValid from 1 May 2026.\n\nThe deposit is 90 euros."
    )


def test_a_block_of_a_page_header_that_says_something_is_content():
    """Also where it is no paragraph; a name alone is none."""
    header = "<header><div>Brightwater</div><div>Effective from 1 July 2026</div></header>"
    assert (
        text_of(header + "<p>The deposit is 90 euros.</p>") == "Effective from 1 July 2026\n\nThe deposit is 90 euros."
    )


def test_a_footer_leaves_what_it_says():
    """How to reach somebody, and when a page was changed, stands in page footers; links and rights go."""
    footer = (
        '<footer><p>© Boats Ltd.</p><p>Changed on 3 March 2026.</p><p><a href="/i">Imprint</a></p>'
        "<address>Quay 3<br>Telephone 555-0147</address></footer>"
    )
    assert text_of("<p>Boats for hire.</p>" + footer) == (
        "Boats for hire.\n\nChanged on 3 March 2026.\n\nQuay 3\nTelephone 555-0147"
    )


LINKS = "".join(f'<li><a href="/{name}">{name}</a></li>' for name in ("Boats", "Prices", "Crew", "Shop", "Contact"))
CONTENT = "<p>The boat leaves at nine from the old quay and is back by noon.</p>" * 3


@pytest.mark.parametrize(
    ("around", "kind"),
    [
        ("<nav>Menu of pages</nav>", "1 menu(s), 3 words: “Menu of pages”"),
        ("<aside>Buy a boat</aside>", "1 side note(s), 3 words"),
        ("<footer>All rights reserved</footer>", "1 page footer(s), 3 words"),
        ('<div class="cookie-consent">We use cookies</div>', "1 notice(s) beside the content, 3 words"),
        ("<form>Search <input name=q></form>", "1 form(s) that nothing was filled in to, 1 words"),
        (f"<div><ul>{LINKS}</ul></div>", "1 list(s) of links, 5 words"),
        ('<div id="breadCrumbs"><a href="/">Start</a> › <a href="/b">Boats</a></div>', "1 list(s) of links"),
        ("<template><p>Not shown</p></template>", "1 template(s), 2 words: “Not shown”"),
        ("<p hidden>Not shown</p>", "1 hidden part(s), 2 words"),
        ("<noscript>Turn scripts on</noscript>", "1 part(s) for browsers without scripts, 3 words"),
    ],
)
def test_what_is_left_out_is_told(around: str, kind: str):
    """Whatever stands around the content is named in the receipt with its first words; nothing goes in silence."""
    assert text_of(CONTENT + around) == text_of(CONTENT)
    assert kind in told(CONTENT + around)


def test_what_stands_beside_the_main_part_is_left_out_and_told():
    """A page may say which part is its main one."""
    body = f"<div><p>Sister site</p></div><main>{CONTENT}</main>"
    assert text_of(body) == text_of(CONTENT)
    assert text_of(f"{body}<article><p>Closed on Monday.</p></article>") == f"{text_of(CONTENT)}\n\nClosed on Monday."
    assert "1 part(s) beside the main one, 2 words: “Sister site”" in told(body)


def test_names_of_classes_alone_decide_nothing():
    """The menu of a restaurant is content."""
    assert text_of('<div class="menu"><p>Soup 5 euros</p><p>Fish 19 euros</p></div>') == "Soup 5 euros\n\nFish 19 euros"


def test_notes_within_an_article_are_content():
    """A side note of an article is a part of it, as is one of a page that marks nothing as content; a shown template is
    what it shows."""
    assert text_of("<p>Open it.</p><aside><p>The pool is closed on 5 May.</p></aside>") == (
        "Open it.\n\nThe pool is closed on 5 May."
    )
    assert text_of("<article><p>Open it.</p><aside>Mind the step.</aside></article>") == "Open it.\n\nMind the step."
    shadow = '<div><template shadowrootmode="open"><p>Shown at once.</p></template></div>'
    assert text_of(shadow) == "Shown at once."
    assert text_of("<script>x()</script><noscript><p>All words.</p></noscript>") == "All words."


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("A copy costs 25<sup>1</sup> euros.", "A copy costs 25¹ euros."),
        ('A copy costs 25<sup><a href="#n">[1]</a></sup> euros.', "A copy costs 25 [1] euros."),
        ("It ran 3 × 10<sup>6</sup> cycles on 9 m<sup>2</sup>.", "It ran 3 × 10⁶ cycles on 9 m²."),
        ("10<sup>&minus;<b>3</b></sup> g of H<sub>2</sub>O", "10⁻³ g of H₂O"),
        ('10<span style="vertical-align: super">6</span> cells', "10⁶ cells"),
        ('CO<span style="font-size:8px;vertical-align:sub">2</span>', "CO₂"),
        ("the 1<sup>st</sup> of May, 20<sup>o</sup>C", "the 1st of May, 20°C"),
        ("5<sup>1</sup>/<sub>2</sub> cups", "5 1/2 cups"),
        ("2<sup>10<sup>3</sup></sup>", "2¹⁰³"),
        ('25<a href="#n1" role="doc-noteref">1</a> euros', "25¹ euros"),
        ('25<a epub:type="noteref" href="#n1">1</a> euros', "25¹ euros"),
        ('25<a class="footnote-ref" href="#n1"><sup>1</sup></a> euros', "25¹ euros"),
        ('25<b class="mark">1</b> euros', "25¹ euros"),
        (r"It has \(3 \times 10^{6}\) cells, <code>$a^2$</code> and costs $5 or $6",
         "It has 3 × 10⁶ cells, $a^2$ and costs $5 or $6"),
        ("<math><msup><mn>10</mn><mn>6</mn></msup><annotation>10^6</annotation></math>", "10⁶"),
        (
            "<math><mi>x</mi><mo>=</mo><mfrac><mrow><mi>a</mi><mo>+</mo><mn>1</mn></mrow><mn>2</mn></mfrac></math>",
            "x = (a + 1)/2",
        ),
        ("<math><msub><mi>v</mi><mn>0</mn></msub><mo>&#8290;</mo><msqrt><mi>t</mi></msqrt></math>", "v₀√t"),
        ("<math><munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover></math>",
         "∑_(i = 1)^(n)"),
    ],
)  # fmt: skip
def test_raised_and_lowered_characters_keep_their_meaning(html: str, text: str):
    """A mark or an exponent never joins the number before it, in formulas neither."""
    assert text_of(f"<p>{html}</p>", "<style>.mark, .x { font-size: 8px; vertical-align: super }</style>") == text


@pytest.mark.parametrize(
    "struck",
    ["<s>30</s>", "<strike>30</strike>", "<del>30</del>", '<b class="old">30</b>', '<i class="line-through">30</i>',
     '<span style="color:red; text-decoration: line-through">30</span>'],
)  # fmt: skip
def test_struck_text_is_left_out(struck: str):
    """What was struck through no longer holds; the receipt counts and quotes it."""
    head = "<style>.old, .gone { text-decoration: line-through } .b { color: red }</style>"
    body = f"<p>The card costs {struck} <ins>45</ins> euros.</p>"
    assert text_of(body, head) == "The card costs 45 euros."
    assert told(body, head) == "1 struck passage(s): “30”"


def test_form_fields_say_what_is_filled_in():
    """Boxes say whether they are ticked, lists what is chosen, fields what was typed; tokens and buttons go."""
    form = (
        "<form><p>Order of a boat, filled in at the quay.</p><label><input type=checkbox checked> Insurance</label>"
        "<label><input type=checkbox> Towing</label><p><label>Name <input value='Ann Lee'></label></p><p>Size: "
        "<select><option value=''>choose</option><option selected>Large</option><option>Small</option></select></p>"
        "<textarea>At the\nquay</textarea><input type=hidden value=token><button>Send</button></form>"
    )
    in_a_table = "<table><tr><td>Boat</td><td><input value='Skiff'></td></tr><tr><td>Days</td><td>[2]</td></tr></table>"
    assert text_of(in_a_table) == "| Boat | Skiff |\n| --- | --- |\n| Days | [2] |"
    assert text_of(form) == (
        "Order of a boat, filled in at the quay.\n\n[x] Insurance [ ] Towing\n\nName: Ann Lee\n\nSize: Large\n\n"
        "At the quay"
    )


def test_details_terms_and_captions_are_content():
    """A summary stands over its details, a term beside its definitions, a caption over its table."""
    assert text_of("<details><summary>What is the fee?</summary>5 euros.</details>") == "What is the fee?\n\n5 euros."
    terms = "<dl><dt>Deposit</dt><dd>60 euros</dd><div><dt>Hue</dt><dt>Colour</dt><dd>red</dd><dd>blue</dd></div></dl>"
    assert text_of(terms) == "- Deposit: 60 euros\n- Hue, Colour: red\n- Hue, Colour: blue"
    blocks = "<dl><dt>Deposit</dt><dd><p>60 euros.</p><p>In cash.</p></dd></dl>"
    assert text_of(blocks) == "Deposit:\n\n60 euros.\n\nIn cash."
    table = (
        "<table><caption>Tides</caption><tr><th>Day</th><th>Time</th></tr><tr><td>Monday</td><td>9</td></tr></table>"
    )
    assert text_of(table) == "Tides\n\n| Day | Time |\n| --- | --- |\n| Monday | 9 |"
    figure = "<figure><img src=a.png><figcaption>The quay in 1950.</figcaption></figure>"
    assert text_of(figure) == "The quay in 1950."


def test_lines_that_a_page_breaks_stay_lines():
    """Verse and addresses keep their lines; a sentence that is broken in the source alone is one line."""
    assert text_of("<p>Roses are red,<br>violets are blue.</p>") == "Roses are red,\nviolets are blue."
    assert text_of("<address>Quay 3<br>Tarnbeck</address>") == "Quay 3\nTarnbeck"
    assert text_of("<p>The boat leaves\nat nine.</p>") == "The boat leaves at nine."


def test_merged_cells_hold_for_all_that_they_cover():
    """A cell over several rows or columns stands in each; headings under headings are one; a row over the whole width
    is written once."""
    table = (
        "<table><thead><tr><th rowspan=2>Month</th><th colspan=2>2024</th></tr>"
        "<tr><th>Low</th><th>High</th></tr></thead>"
        "<tr><td>May</td><td colspan=2>closed</td></tr><tr><td colspan=3>Summer</td></tr>"
        "<tr><td rowspan=2>June</td><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></table>"
    )
    assert text_of(table) == (
        "| Month | 2024 Low | 2024 High |\n| --- | --- | --- |\n| May | closed | closed |\n| Summer |  |  |\n"
        "| June | 1 | 2 |\n| June | 3 | 4 |"
    )


def test_a_row_of_headings_over_the_whole_table_is_its_title():
    """It is no name of a column."""
    table = "<table><tr><th colspan=2>Fees</th></tr><tr><th>Boat</th><th>Euros</th></tr><tr><td>A</td><td>9</td></tr>"
    assert text_of(table) == "Fees\n\n| Boat | Euros |\n| --- | --- |\n| A | 9 |"


def test_a_table_of_names_and_values_has_no_column_names():
    """Where the first cell of a row is its heading, the first row is a row like the others."""
    table = "<table><tr><th>Length</th><td>9 m</td></tr><tr><th>Crew</th><td>4</td></tr></table>"
    assert text_of(table) == "|  |  |\n| --- | --- |\n| Length | 9 m |\n| Crew | 4 |"


def test_elements_that_are_a_table_by_their_roles_are_one():
    """Tables of web applications are made of blocks with roles."""
    row = "<div role=row><span role={0}>{1}</span><span role={0}>{2}</span></div>"
    table = row.format("columnheader", "Boat", "Fee") + row.format("cell", "Skiff", "9 euros")
    assert text_of(f"<div role=table>{table}</div>") == "| Boat | Fee |\n| --- | --- |\n| Skiff | 9 euros |"


def test_what_a_page_says_of_itself_is_metadata():
    """Who wrote it, when, and its keywords."""
    head = (
        '<meta name="author" content="Ida Moen"><meta property="article:published_time" content="2026-03-02">'
        '<meta name="keywords" content="boats, quay"><meta name="viewport" content="width=device-width">'
    )
    assert parse("<p>Words.</p>", head).metadata == {
        "author": "Ida Moen",
        "date": "2026-03-02",
        "keywords": "boats, quay",
    }


def test_items_have_the_marks_that_are_shown():
    """Letters, Roman numerals, counted from a start, from an item's own value, or down."""
    assert text_of('<ol type="a" start="3"><li>Close it.<li>Open it.</ol>') == "c. Close it.\nd. Open it."
    assert text_of('<ol><li>Close.<li value="10">Open.<li>Wait.</ol>') == "1. Close.\n10. Open.\n11. Wait."
    assert text_of("<ol reversed><li>Bronze.<li>Silver.<li>Gold.</ol>") == "3. Bronze.\n2. Silver.\n1. Gold."
    assert text_of('<ol style="list-style-type: upper-roman"><li>One.<li>Two.</ol>') == "I. One.\nII. Two."
    nested = '<ol start="5"><li>Five<ol type="i"><li>Sub one<li>Sub two</ol><li>Six</ol>'
    assert text_of(nested) == "5. Five\n   i. Sub one\n   ii. Sub two\n6. Six"


def test_words_of_drawings_and_of_pages_within_are_told():
    """They are shown, and not read; names for screen readers are not shown."""
    drawing = "<svg><title>Chart</title><text>Boats 33</text></svg><svg><path d='M0'/></svg>"
    receipt = told(f"<p>The harbour.</p>{drawing}<iframe srcdoc='<p>Tide at noon</p>'></iframe>")
    assert "1 drawing(s), 2 words: “Boats 33”" in receipt
    assert "1 page(s) within the page, 3 words: “Tide at noon”" in receipt


@pytest.mark.parametrize(
    "body",
    [
        '<div id="root"></div><noscript>You need to enable JavaScript to run this app.</noscript>',
        "<p>Please turn on JavaScript in your browser and reload the page.</p>",
        "<noscript>This site requires JavaScript.</noscript>",
    ],
)
def test_a_page_that_only_asks_for_scripts_has_no_content(body: str):
    """The error says what it is and what to do; a page that speaks of scripts among other things is read."""
    with pytest.raises(ParseError, match=r"a\.html: the page is written by scripts.*save it from there"):
        parse(body)
    assert "enable JavaScript" in text_of(f"{body}<p>{'To enable JavaScript, open the settings. ' * 9}</p>")


@pytest.mark.parametrize(
    "ruby", ["奈<rt>na</rt>良<rt>ra</rt>", "奈<rp>(</rp><rt>na<rp>)</rp></rt>良<rt>ra", "奈良<rt>na ra"]
)
def test_readings_over_words_are_told_by_the_receipt(ruby: str):
    """What stands over a word is not put in the midst of it, nor are the brackets of browsers that know no readings."""
    body = f"<p>The bus to <ruby>{ruby}</ruby> runs daily.</p>"
    assert text_of(body) == "The bus to 奈良 runs daily."
    assert "“na" in told(body)
