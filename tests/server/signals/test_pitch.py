"""Mail that sells to us: what must hit, and above all which buyers must not."""

from __future__ import annotations

import pytest

from keeneye.model import Outcome

HIT, MISS = Outcome.HIT, Outcome.MISS

SELLER = (
    "Dear Manager, this is Lily from Sunrise Casting. We are a professional "
    "manufacturer of castings with 15 years of experience. "
    "Our products are of high quality at competitive prices. Looking forward to your inquiry."
)
BUYER = (
    "Dear Ms Chen, we are a distributor of valves in Peru with 20 years of experience and sell to the mining trade. "
    "We are interested in your ball valves: 500 pcs DN50, brass. Please quote CIF Callao. Regards, Rosa Quispe"
)
MAKER_WHO_BUYS = (
    "We are a manufacturer of pumps in Bremen and need 2,000 castings a year "
    "of drawing 4711, grey iron. Please send your price list."
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SELLER, HIT),
        ("我司是专业生产轴承的厂家,我们的产品质量优,价格优惠,欢迎来电洽谈。", HIT),
        (
            "Somos fabricantes de válvulas con 20 años de experiencia. Nuestros "
            "productos tienen precios competitivos. Quedo atento.",
            HIT,
        ),
        (
            "Wir sind Hersteller von Lagern. Unsere Produkte haben hohe Qualität "
            "und günstige Preise. Bei Interesse melden Sie sich.",
            HIT,
        ),
        ("Мы производим насосы. Наша продукция высокого качества, низкие цены. Звоните.", HIT),
        (BUYER, MISS),
        (MAKER_WHO_BUYS, MISS),
        (
            "We import shoes in Brazil and look for children's shoes on a regular basis; please send your catalogue.",
            MISS,
        ),
        ("您好,我们是马来西亚的经销商,需要DN50球阀500个,请报价。", MISS),
    ],
)
def test_supplier(outcome, text: str, expected: Outcome) -> None:
    assert outcome("pitch.supplier", {"text": text, "subject": "Hello"}) is expected


@pytest.mark.parametrize(
    ("signal", "text", "expected"),
    [
        ("web-services", "We offer SEO: your website can rank on the first page of Google, with link building.", HIT),
        ("web-services", "We found you on Google and need 500 pcs of hinge H-12.", MISS),
        ("mass-mailing", "外贸获客软件,邮件群发,海关数据,网站推广,欢迎咨询。", HIT),
        ("mass-mailing", "我们在您的网站上看到球阀,请报价500个。", MISS),
        (
            "address-lists",
            "We offer a verified email list of importers; tell us your target criteria for these business contacts.",
            HIT,
        ),
        ("address-lists", "Please send your price list and product list.", MISS),
        (
            "freight",
            "We are a freight forwarder: ocean freight rates, DDP door to door, customs clearance. Contact us.",
            HIT,
        ),
        ("freight", "专业国际物流,海运空运,门到门DDP,欢迎询价。", HIT),
        ("freight", "Please quote DDP Oslo for 500 pcs of hinge H-12; our freight forwarder is in Ningbo.", MISS),
        ("event", "Register for the conference: book your booth at the expo, early bird, keynote speakers.", HIT),
        ("event", "We met at the fair in Canton and want 500 pcs of hinge H-12.", MISS),
        ("training", "高级培训课程,主办单位:某中心,参会费用2000元,主讲老师。", HIT),
        ("training", "Please quote the machine with training of our staff.", MISS),
        (
            "market-report",
            "The market research report titled Valves covers key players; ask for a sample copy of the market outlook.",
            HIT,
        ),
        ("market-report", "Our market share grows; we need 500 pcs of hinge H-12.", MISS),
        (
            "business-services",
            "We help exporters with translation services and certification services; book a call.",
            HIT,
        ),
        ("business-services", "The inspection company visits you for our order 17.", MISS),
    ],
)
def test_offers(outcome, signal: str, text: str, expected: Outcome) -> None:
    assert outcome(f"pitch.{signal}", {"text": text, "subject": "Hello"}) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我公司优惠代开增值税发票,税点低,先验票后付款。", HIT),
        ("优惠代开发票", HIT),
        ("请报价500个球阀,能开增值税发票吗?", MISS),
        (BUYER, MISS),
    ],
)
def test_invoices(outcome, text: str, expected: Outcome) -> None:
    assert outcome("pitch.invoices", {"text": text, "subject": "您好"}) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Cheap pills online, viagra and cialis. Order now, click here to unsubscribe.", HIT),
        ("Online casino with free spins, sign up today!", HIT),
        ("减肥产品,月入过万的赚钱机会。", HIT),
        ("Please quote 20,000 pcs of pill bottle 60 ml, PET.", MISS),
        ("We are interested in your sunglasses, 3,000 pcs, UV400. Please send your catalogue.", MISS),
        (BUYER, MISS),
    ],
)
def test_private_buyers(outcome, text: str, expected: Outcome) -> None:
    assert outcome("pitch.private-buyers", {"text": text, "subject": "Hello"}) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("50 % off! Order now, free shipping, limited time offer. Unsubscribe here.", HIT),
        ("Can you give 5 % off for 500 pcs of your hinge?", MISS),
        (BUYER, MISS),
    ],
)
def test_promotion(outcome, text: str, expected: Outcome) -> None:
    assert outcome("pitch.promotion", {"text": text, "subject": "Hello"}) is expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"subject": "Job application", "text": "I apply for the position of export clerk. My CV is attached."}, HIT),
        ({"subject": "应聘外贸业务员", "text": "附上我的个人简历。"}, HIT),
        ({"subject": "Paint", "text": "Which primer do you advise for application on steel? 500 kg."}, MISS),
        ({"subject": "Valves", "text": BUYER}, MISS),
    ],
)
def test_job_seeker(outcome, fields: dict[str, str], expected: Outcome) -> None:
    assert outcome("pitch.job-seeker", fields) is expected


def test_members_of_a_list_do_not_pitch(outcome) -> None:
    headers = [("List-Id", "<dev.pump.example>"), ("List-Post", "<mailto:dev@pump.example>")]
    text = "SEO and web design are discussed; our products are the plugin and the patch. Order now is a button."
    for signal in ("web-services", "promotion", "private-buyers", "event"):
        assert outcome(f"pitch.{signal}", {"text": text, "headers": headers}) is MISS
