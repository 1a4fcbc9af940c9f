# ruff: noqa: E501 - pages have long lines
"""Web pages of many kinds, written for measuring: what stands between « and » is the content."""

from __future__ import annotations

import re
from dataclasses import dataclass

_CONTENT = re.compile("«(.*?)»", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")

_MENU = (
    '<ul class="menu"><li><a href="/">Home</a></li><li><a href="/news">News</a></li><li><a href="/shop">Shop</a></li>\
<li><a href="/team">Team</a></li><li><a href="/jobs">Careers</a></li></ul>'
)
_NAV = f'<nav aria-label="Main">{_MENU}</nav>'
_HEADER = f'<header class="site-header"><a class="logo" href="/">Brightwater</a>{_NAV}</header>'
_FOOTER = '<footer><p>© 2026 Brightwater. All rights reserved.</p><ul><li><a href="/privacy">Privacy</a></li><li>\
<a href="/imprint">Imprint</a></li></ul></footer>'
_COOKIES = '<div id="cookie-banner"><p>We use cookies to improve your visit.</p><button>Accept</button></div>'
_SEARCH = '<form role="search"><label>Search <input name="q"></label><button>Go</button></form>'
_RELATED = '<aside class="related"><h2>You may also like</h2><ul><li><a href="/a">Ten tips for kayaks</a></li><li>\
<a href="/b">Choosing a paddle</a></li></ul></aside>'
_SHARE = '<div class="social-share"><a href="#f">Facebook</a> <a href="#m">Mastodon</a> <a href="#e">Mail</a></div>'
_CRUMBS = '<div class="breadcrumbs"><a href="/">Home</a> › <a href="/guides">Guides</a> › Weirs</div>'


@dataclass(frozen=True, slots=True)
class Sample:
    """A page and the words of its content."""

    name: str
    html: str
    content: str


def samples() -> list[Sample]:
    """All pages, by name."""
    return [_sample(name, body) for name, body in sorted(_BODIES.items())]


def _sample(name: str, body: str) -> Sample:
    content = " ".join(_TAG.sub(" ", part) for part in _CONTENT.findall(body))
    html = f"<!doctype html><html><head><title>{name}</title></head><body>{body}</body></html>"
    return Sample(name, html.replace("«", "").replace("»", ""), content)


_BODIES = {
    "article": f"{_HEADER}<main><article>«<h1>The weir is repaired</h1><p>The old weir at Brightwater was repaired in March "
    "after the flood had torn away two of its gates.</p><p>Divers found a crack of nine metres in the sill, which was filled "
    "with concrete. The work took six weeks and cost 48,000 euros.</p><p>From April on, boats can pass the lock "
    f"again.</p>»{_SHARE}</article>{_RELATED}</main>{_FOOTER}",
    "article without landmarks": f'<div class="navbar">{_MENU}</div><div class="wrapper"><div class="post">«<h1>Eels return'
    "</h1><p>For the first time since 1987, eels were counted at the upper ladder. In one night, 214 of them climbed it.</p>"
    "<p>The ladder is a tilted channel with bristles. It was built by volunteers.</p>»</div>"
    f'<div class="sidebar"><h3>Popular</h3><ul><li><a href="/1">Otter seen</a></li><li><a href="/2">Mill for sale</a></li>'
    f'<li><a href="/3">Bridge closed</a></li><li><a href="/4">Swim dates</a></li></ul></div></div><div class="footer">'
    '<a href="/privacy">Privacy</a> <a href="/imprint">Imprint</a> <a href="/press">Press</a> <a href="/rss">Feed</a></div>',
    "forum": f'{_HEADER}<div id="thread">«<article class="post"><header><h3>mara</h3></header><p>My bilge pump hums but '
    "does not pump. What can I do?</p></article>»«<article class=\"post\"><header><h3>olof</h3></header><p>Its impeller is "
    "stuck. Open the cover with four screws and take the weed out.</p></article>»«<article class=\"post\"><header><h3>mara"
    f"</h3></header><p>It was weed indeed, thank you.</p></article>»</div>{_FOOTER}",
    "questions": f"{_HEADER}«<article><h2>When does the pool open?</h2><p>At seven in the morning, on Sundays at nine.</p>"
    "</article>»«<article><h2>What does a locker cost?</h2><p>A locker needs a coin of two euros, which you get back.</p>"
    f"</article>»«<article><h2>Is there a sauna?</h2><p>Yes, it costs nine euros for two hours.</p></article>»{_FOOTER}",
    "details": f"{_NAV}<main>«<h1>Help</h1><details><summary>How do I cancel?</summary><p>Write to us two days before the "
    "trip.</p></details><details><summary>Do you take dogs?</summary><p>Small ones, on a leash.</p></details>»</main>"
    f"{_FOOTER}",
    "documentation": f'<header><a href="/">Sluice</a>{_SEARCH}</header><nav class="toc">{_MENU}</nav><main>«<h1>Setting the '
    "interval</h1><p>The option <code>interval_s</code> says how often the gauge is read.</p><aside class=\"note\"><p>Values "
    "under 10 drain the battery.</p></aside><pre><code>interval_s = 60\nunit = \"cm\"</code></pre><p>Restart the logger "
    f"after a change.</p>»<nav class=\"pagination\"><a href=\"/p\">Previous</a> <a href=\"/n\">Next</a></nav></main>{_FOOTER}",
    "terms with header": f"<header>{_NAV}«<h1>Terms of hire</h1><p>Effective from 1 July 2026.</p>»</header><div>«<p>The "
    "deposit is 200 euros.</p><p>The hirer is liable for damage up to 1,500 euros.</p>»</div>" + _FOOTER,
    "section beside article": "«<section><h1>Hire rules</h1><p>The deposit for a canoe is 60 euros and is paid in cash. The "
    "canoe must be back by six. A late canoe costs 15 euros an hour.</p></section>»«<article><h2>News</h2><p>The canoe club "
    "won a race in June and thanks all members for coming to the bank.</p></article>»",
    "product": f"{_HEADER}{_CRUMBS}<main>«<h1>Paddle Nordic 220</h1><p>A light paddle of ash wood for long tours.</p><table>"
    "<tr><th>Length</th><td>220 cm</td></tr><tr><th>Weight</th><td>890 g</td></tr></table><p>Price: 129 euros</p>»"
    f"<button>Add to cart</button>{_SHARE}{_RELATED}</main>{_FOOTER}",
    "glossary": f"{_HEADER}«<h1>Words of the river</h1><dl><dt>Weir</dt><dd>A low dam across a river.</dd><dt>Tailwater</dt>"
    f"<dd>The water below a dam.</dd><dt>Freeboard</dt><dd>The height of a wall above the water.</dd></dl>»{_FOOTER}",
    "prices": f"{_NAV}«<h2>Prices 2026</h2><table><caption>All prices in euros</caption><tr><th>Boat</th><th>Hour</th><th>Day"
    "</th></tr><tr><td>Skiff</td><td>9</td><td>45</td></tr><tr><td>Punt</td><td>12</td><td>60</td></tr></table><p>Children "
    f"under six pay nothing.</p>»{_FOOTER}",
    "recipe": f"{_COOKIES}{_HEADER}<main>«<h1>Smoked trout</h1><ul><li>2 trout</li><li>60 g salt</li><li>beech chips</li></ul>"
    "<ol><li>Leave the trout in brine for eight hours.</li><li>Dry them for two hours.</li><li>Smoke them at 80 degrees for "
    f"40 minutes.</li></ol>»</main>{_RELATED}{_FOOTER}",
    "event": f"{_HEADER}<main>«<h1>River day</h1><p>Saturday, 6 June 2026, from ten to five.</p><p>Boats, music and cake at "
    "the old mill.</p>»</main><footer>«<address>Brightwater Club, Mill Lane 4, telephone 555-0188</address>»<p>© 2026 "
    "Brightwater</p></footer>",
    "encyclopedia": f'{_NAV}<div id="content">«<h1>Brightwater</h1><table class="infobox"><tr><th>River</th><td>Tarn</td></tr>'
    "<tr><th>Population</th><td>12,400</td></tr></table><p>Brightwater is a town on the Tarn. It was first named in 1184 as a "
    "ford.</p><h2>Economy</h2><p>Most people work in the paper mill and in tourism.</p><h2>References</h2><ol><li>Town "
    f"records, volume 3.</li></ol>»</div>{_FOOTER}",
    "news with comments": f"{_HEADER}<article>«<h1>Bridge closed</h1><p>The bridge is closed for repair from 3 to 9 August. "
    "Walkers use the ferry, which is free on these days.</p>»</article>«<section id=\"comments\"><h2>Comments</h2><article>"
    "<p>Does the ferry take bicycles?</p></article><article><p>Yes, up to six of them.</p></article></section>»" + _FOOTER,
    "landing": f"{_HEADER}«<section class=\"hero\"><h1>Boats for everybody</h1><p>Rent by the hour or by the day.</p></section>"
    "<section><h2>Safe</h2><p>Every boat is checked each morning.</p></section><section><h2>Near</h2><p>Five minutes from the "
    f"station.</p></section>»{_FOOTER}",
    "one form around the page": f"<form action=\"/post\">{_NAV}<div>«<h1>Opening hours</h1><p>The office is open from Monday "
    "to Thursday between nine and four.</p><p>On Fridays it closes at noon.</p>»</div><input type=\"hidden\" name=\"state\" "
    "value=\"x\"></form>",
    "filled form": f"{_HEADER}<main>«<h1>Your booking</h1><form><p>Boat: Skiff for two days in July.</p><p><label><input "
    "type=\"checkbox\" checked>Insurance</label> <label><input type=\"checkbox\">Life vests</label></p><p>Return the key to "
    f"the office at the quay.</p></form>»</main>{_FOOTER}",
    "laid out by tables": f"<table width=\"100%\"><tr><td>{_MENU}</td><td>«<h1>Fishing rights</h1><p>A day ticket costs 14 "
    "euros.</p><p>Pike may be caught from May to December.</p>»</td></tr></table>",
    "newsletter around notice": f"{_COOKIES}{_HEADER}<main>«<p>The lock is closed on 24 December.</p>»</main><div "
    f"class=\"newsletter-signup\"><h3>Stay informed</h3><form><input name=\"mail\"><button>Subscribe</button></form></div>"
    f"{_FOOTER}",
    "blog index": f"{_HEADER}<main>«<article><h2><a href=\"/1\">Otter seen at the weir</a></h2><p>On Tuesday morning a walker "
    "saw an otter.</p></article><article><h2><a href=\"/2\">Mill for sale</a></h2><p>The lower mill is offered for 310,000 "
    "euros.</p></article><article><h2><a href=\"/3\">Swim dates</a></h2><p>The club swims on 4 and 18 July.</p></article>»"
    f"</main>{_FOOTER}",
    "link directory": "«<h1>Clubs on the river</h1><ul><li><a href=\"/a\">Rowing club Brightwater</a></li><li><a href=\"/b\">"
    "Canoe club Tarnbeck</a></li><li><a href=\"/c\">Anglers of the upper Tarn</a></li><li><a href=\"/d\">Sailing school Orlo"
    "</a></li><li><a href=\"/e\">Divers of the gorge</a></li></ul>»",
    "short notice": f"{_HEADER}<p>«The ferry does not run today.»</p>{_FOOTER}",
    "imprint": f"{_HEADER}«<h1>Impressum</h1><p>Bootsverleih Tarn GmbH, Uferweg 7, 04107 Orlo</p><p>Geschäftsführerin: Mara "
    f"Lind</p><p>Umsatzsteuer-Nummer: DE 123 456 789</p>»{_FOOTER}",
    "application": f"<div role=\"banner\"><a href=\"/\">Gauge</a></div><div role=\"navigation\">{_MENU}</div><div "
    "role=\"main\">«<h2>Gauge 14</h2><div role=\"table\"><div role=\"row\"><span role=\"columnheader\">Day</span> <span "
    "role=\"columnheader\">Level</span></div><div role=\"row\"><span role=\"cell\">Monday</span> <span role=\"cell\">212 cm"
    "</span></div><div role=\"row\"><span role=\"cell\">Tuesday</span> <span role=\"cell\">208 cm</span></div></div>»</div>"
    "<div role=\"contentinfo\">Version 4.2</div>",
    "minutes": f"{_NAV}<div class=\"page-content\">«<h1>Minutes of 12 May</h1><ul><li>Treasurer<ul><li>The balance is 8,214 "
    "euros.</li><li>Fees stay the same.</li></ul></li><li>Boats<ul><li>A new skiff was bought.</li></ul></li></ul><p>The next "
    f"meeting is on 9 June.</p>»</div>{_FOOTER}",
    "struck prices": f"{_HEADER}<main>«<h1>Sale</h1><p>The dry bag costs» <del>39</del> «24 euros.</p><p>The rope costs» <s>15"
    f"</s> «11 euros.</p>»</main>{_FOOTER}",
    "menu of a restaurant": f"{_HEADER}«<div class=\"menu\"><h2>Lunch</h2><p>Fish soup 7 euros</p><p>Trout with potatoes 19 "
    f"euros</p><p>Apple cake 4 euros</p></div>»{_FOOTER}",
    "teasers in plain blocks": f"{_HEADER}<div class=\"row\"><div class=\"col-8\">«<h1>Low water</h1><p>The gauge at Orlo fell to "
    "61 cm on Sunday. Barges carry half their load.</p><p>Rain is expected on Thursday.</p>»</div><div class=\"col-4\"><h4>More "
    "news</h4><p>A walker saw an otter at the weir on Tuesday.</p><p>The lower mill is for sale.</p></div></div>" + _FOOTER,
    "footer in a plain block": f"<div id=\"top\">{_MENU}</div><div id=\"main\">«<h1>Locks</h1><p>Locks one to four work from six "
    "to ten. Lock five is worked by hand.</p>»</div><div id=\"bottom\"><p>Brightwater Ltd. All rights reserved. Made with care "
    "by the river.</p></div>",
    "advertisement without a name": f"{_HEADER}<article>«<h1>Varnish</h1><p>Sand the hull before you varnish it. Two coats are "
    "enough.</p>»<div><p>Buy Tarnol, the varnish of champions!</p></div>«<p>Leave it to dry for three days.</p>»</article>{_FOOTER}",
    "author and date": f"{_HEADER}<main><article>«<h1>Mooring</h1><p>By Mara Lind, 3 May 2026</p><p>Tie the bow first, then the "
    "stern.</p>»</article><section class=\"author-bio\"><p>Mara Lind has rowed since she was six.</p></section></main>" + _FOOTER,
    "dialog": f"{_HEADER}<div role=\"dialog\" aria-label=\"Privacy\"><p>Your privacy matters to us. Choose what we may store.</p>"
    f"<button>Reject</button></div><main>«<h1>Ice</h1><p>The lower pond is frozen. Do not walk on it.</p>»</main>{_FOOTER}",
    "log in beside the content": f"{_NAV}<form action=\"/login\"><label>Name <input name=\"n\"></label><label>Password <input "
    "type=\"password\"></label></form><div>«<h1>Club rules</h1><p>Members return the boats clean. Keys hang in the hall.</p>»</div>",
}  # fmt: skip
