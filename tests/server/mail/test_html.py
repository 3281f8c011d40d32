# ruff: noqa: E501 - one row, one line
# ruff: noqa: E501 - one row, one line
from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("<div>one</div><div>two</div>", "one\ntwo"),
        ("one<br>two<br><br>three", "one\ntwo\n\nthree"),
        ("<div>one</div><div><br></div><div>two</div>", "one\n\ntwo"),
        ('<p class="MsoNormal">one</p><p class="MsoNormal">two</p>', "one\ntwo"),
        ("pass<b>wo</b>rd and <i>P</i>ay<span>Pal</span>", "password and PayPal"),  # words split by tags
        ("pass<!-- x -->word", "password"),
        ("pass<span style='display:none'>xx</span>word", "password"),
        (
            "<table><tr><td>Quantity</td><td>500</td></tr><tr><td>Size</td><td>DN50</td></tr></table>",
            "Quantity\t500\nSize\tDN50",
        ),
        ("<table><tr><td><p>Email</p></td><td><p>a@b.example</p></td></tr></table>", "Email\ta@b.example"),
        ("<ul><li>one<li>two</ul>", "one\ntwo"),
        ("a &amp; b &lt;c&gt; &#20320;", "a & b <c> 你"),
        ("  lots \n of\t space ", "lots of space"),
        ("<pre>a  b\nc</pre>", "a  b\nc"),
        ("<script>x</script><style>p{}</style><title>t</title>seen", "seen"),
        ("<!--[if mso]>not seen<![endif]-->seen", "seen"),
        ("ver&#8203;ify", "verify"),
        # Pasted from Excel, laid out by a newsletter, written by hand.
        (
            "<table width=192><colgroup><col span=2></colgroup><tr height=20><td class=xl65>Item</td><td>Qty</td></tr><tr><td>Valve</td><td align=right>500</td></tr></table>",
            "Item\tQty\nValve\t500",
        ),
        (
            "<table><tr><td><table><tr><td><p>Dear Li,</p></td></tr></table></td><td><img src=x width=9></td></tr><tr><td><table><tr><td>Valve</td><td>500</td></tr></table></td></tr></table>",
            "Dear Li,\n\nValve\t500",
        ),
        (
            "<table><caption>Order</caption><thead><tr><th>Item<th>Qty</thead><tbody><tr><td>Valve<td>500</table>",
            "Order\nItem\tQty\nValve\t500",
        ),
        ("<!--[if mso]><p>Outlook</p><![endif]--><!--[if !mso]><!--><p>others</p><!--<![endif]-->", "others"),
        (
            "<details><summary>More</summary>inner</details><noscript>shown in mail</noscript>",
            "More\ninner\nshown in mail",
        ),
        ("<input type=submit value='Sign in'><input type=hidden value=no>", "Sign in"),
        ("text <p>unclosed <b>tags", "text\n\nunclosed tags"),
        ("", ""),
    ],
)
def test_text_as_seen(source, text, page):
    assert page(source).body == text


@pytest.mark.parametrize(
    "how",
    [
        'style="display:none"', 'style="DISPLAY : NONE !important"', 'style="visibility:hidden"', 'style="font-size:0"', 'style="font-size:1px"',
        'style="opacity:0"', 'style="color:#fff"', 'style="color:white"', 'style="color:rgb(255, 255, 254)"', 'style="max-height:0;overflow:hidden"',
        'style="mso-hide:all"', "hidden", 'style="position:absolute;left:-9999px"', 'style="background:#000;color:#010101"', 'class="gone"', 'id="away"',
        'style="text-indent:-5000px"', 'style="font:0/0 a"', 'style="transform:scale(0)"', 'style="color:transparent"', 'style="color:rgba(0,0,0,0)"',
        'style="color:#33333300"', 'style="d\\69splay:none"', 'style="display:/* x */none"',
    ],
)  # fmt: skip
def test_hidden_text_is_told_apart(how, page):
    mail = page(
        f"<style>.gone{{display:none}} #away{{font-size:0px}}</style><p>seen</p><div {how}>secret <b>words</b></div><p>after</p>"
    )
    assert mail.body.split() == ["seen", "after"]
    assert mail.hidden_text.split() == ["secret", "words"]


@pytest.mark.parametrize(
    "source",
    [
        '<div style="font-size:0"><span style="font-size:14px">shown</span></div>',
        '<div style="visibility:hidden"><p style="visibility:visible">shown</p></div>',
        '<div style="background-color:#0066cc"><a style="color:#ffffff">shown</a></div>',
        '<table><tr><td bgcolor="#003366"><font color="#FFFFFF">shown</font></td></tr></table>',
        '<div style="background:url(x.png)"><p style="color:white">shown</p></div>',
        '<style>.btn{background:#0066cc}</style><a class="btn" style="color:#fff">shown</a>',
        '<style>@media (max-width:600px){.m{display:none}}</style><p class="m">shown</p>',
        '<style>table.x td.btn{background:#06c}</style><table class=x><tr><td class="btn" style="color:#fff">shown</td></tr></table>',
        '<p style="opacity:0.8">shown</p>',
        '<p style="color:var(--x)">shown</p>',
        '<p style="height:0">shown</p>',
        '<p style="transform:scale(0.9)">shown</p>',
        '<p style="background:linear-gradient(red,blue);-webkit-background-clip:text;color:transparent">shown</p>',
        '<div style="color:transparent"><p style="color:#333">shown</p></div>',
        "<p style=\"font-family:'A\\42'\">shown</p>",
    ],
)
def test_shown_text_is_not_called_hidden(source, page):
    mail = page(source)
    assert (mail.body, mail.hidden_text) == ("shown", "")


def test_hidden_text_ends_with_its_element(page):
    mail = page("<p style='display:none'>a<p>b")
    assert (mail.body, mail.hidden_text) == ("b", "a")


def test_zero_width_and_bidi_are_counted_and_offsets_fit(page):
    mail = page("<p>pass\u200bword \u202ex</p><a href='http://a.example/'>the link</a>")
    assert (mail.zero_width, mail.bidi_controls) == (1, 1)
    (link,) = mail.links
    assert mail.body[link.span.start : link.span.end] == "the link"


@pytest.mark.parametrize(
    ("source", "kind", "text", "href", "host"),
    [
        ("<a href='http://a.example/x'>here <b>now</b></a>", "a", "here now", "http://a.example/x", "a.example"),
        (
            "<a href='http://a.example'><img src=x.png alt='Sign in'></a>",
            "img",
            "Sign in",
            "http://a.example",
            "a.example",
        ),
        ("<form action='https://f.example/p'><input></form>", "form", "", "https://f.example/p", "f.example"),
        ("<map><area href='http://m.example/'></map>", "area", "", "http://m.example/", "m.example"),
        ("<meta http-equiv=refresh content='0; url=http://r.example/'>", "meta", "", "http://r.example/", "r.example"),
        (
            "<head><base href='http://base.example/d/'></head><a href='p?q=1'>go</a>",
            "a",
            "go",
            "http://base.example/d/p?q=1",
            "base.example",
        ),
        ("see http://t.example/path.", "text", "http://t.example/path", "http://t.example/path", "t.example"),
        ("<script src='http://s.example/x.js'></script>", "script", "", "http://s.example/x.js", "s.example"),
        ("<a href='javascript:alert(1)'>x</a>", "a", "x", "javascript:alert(1)", ""),
    ],
)
def test_links(source, kind, text, href, host, page):
    (link,) = page(source).links
    assert (link.kind, link.text, link.href, link.host) == (kind, text, href, host)
    assert link.index == 0


def test_a_link_and_its_own_text_are_one_link(page):
    mail = page("<a href='http://evil.example/'>http://bank.example/login</a>")
    (link,) = mail.links
    assert (link.text, link.host) == ("http://bank.example/login", "evil.example")
    assert mail.body[link.span.start : link.span.end] == link.text


def test_hidden_links_are_marked(page):
    (link,) = page("seen <a style='display:none' href='http://a.example/'>x</a>").links
    assert link.hidden
    assert link.span is None


@pytest.mark.parametrize(
    ("source", "defect"),
    [
        ("<div>" * 20_000 + "the words" + "</div>" * 20_000, "html_tags"),
        ("<div>" * 300 + "<b></b>" * 100 + "the words", "html_depth"),
        ("<a " + " ".join(f"a{i}=1" for i in range(20_000)) + ">the words</a>", "html_attributes"),
        ("<a " + " ".join(f"a{i}" for i in range(20_000)) + ">the words</a>", "html_attributes"),
        ("<b><i>" * 30_000 + "the words", "html_tags"),
        ("<" * 100_000 + " the words", "html_tags"),
        ("<!-- x -->" * 100_000 + "the words", None),
        ("<p></p>" * 150_000 + "the words", "html_chars"),
        ("<style>" + "a" * 2_000_000 + "</style>the words", None),
        ("<img src='data:image/png;base64," + "A" * 3_000_000 + "'>the words", None),
    ],
)
def test_nothing_hides_behind_size(source, defect, page):
    mail = page(source)
    assert "the words" in mail.body
    assert defect is None or defect in mail.defects


def test_fallback_still_tells_hidden_text_and_links(page):
    junk = "<i></i>" * 13_000
    mail = page(
        f"{junk}<p style='display:none'>secret</p><a href='http://a.example/'>go</a> see <script>no</script>end"
    )
    assert "html_tags" in mail.defects
    assert mail.body == "go see end"
    assert mail.hidden_text == "secret"
    assert mail.links[0].host == "a.example"


def test_body_is_cut(page):
    mail = page("word " * 100_000)
    assert len(mail.body) <= 200_000
    assert "body_chars" in mail.defects


def test_images(page):
    assert page("<img src='http://x.example/a.png' width=600>").has_images
    assert not page("<img src='http://x.example/a.png' width=1 height=1>x").has_images
