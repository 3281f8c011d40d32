"""What a buyer asks for: what must be found in each language and, above all, what must not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from handmade import answers, firm, mail, stands

from keeneye.facts import draw, numbers
from keeneye.model import Evidence, Facts, Request


def request(body: str, subject: str = "", **ours: object) -> Request:
    message = mail(body, subject=subject)
    found = draw(message, answers(), firm(**ours)).request
    for field in Request.__slots__:
        value = getattr(found, field)
        for item in value if isinstance(value, tuple) else (value,):
            evidence = getattr(item, "evidence", item)
            assert evidence is None or stands(message, evidence), (field, evidence)
    return found


def quotes(evidences: tuple[Evidence, ...]) -> list[str]:
    return [e.quote for e in evidences]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,000", 1000), ("1.000", 1000), ("1 000", 1000), ("2,5", 2.5), ("2.5", 2.5), ("3k", 3000),
        ("1,234,567", 1234567), ("1.234,50", 1234.5), ("1,234.50", 1234.5), ("0.500", 0.5), ("1'000", 1000),
        ("3万", 30000), ("三千", 3000), ("两百五十", 250), ("十", 10), ("abc", None), ("", None),
    ],
)  # fmt: skip
def test_numbers(text: str, expected: float | None) -> None:
    assert numbers.value(text) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("We need 1,000 pcs of valves", [(1000, "pcs")]),
        ("Please quote 2.000 piezas de válvula", [(2000, "pcs")]),
        ("Wir bestellen 4.000 Stück Kugelhahn", [(4000, "pcs")]),
        ("Devis pour 1 500 pièces de robinet", [(1500, "pcs")]),
        ("Preciso de 500 unidades de torneira", [(500, "pcs")]),
        ("Нужно 300 шт. кранов", [(300, "pcs")]),
        ("نحتاج 800 قطعة صمام", [(800, "pcs")]),
        ("黄铜球阀 3000 个", [(3000, "pcs")]),
        ("不锈钢球阀DN50 300个", [(300, "pcs")]),
        ("需要三千个球阀", [(3000, "pcs")]),
        ("两个高柜的瓷砖", [(2, "container")]),
        ("order 2x40HQ of tiles", [(2, "container")]),
        ("one 20ft container of rice", [(1, "container")]),
        ("a container of rice", [(1, "container")]),
        ("5k pcs of lids", [(5000, "pcs")]),
        ("500-1000 sets of pans", [(500, "sets")]),
        ("1,000 (one thousand) pcs", [(1000, "pcs")]),
        ("25 MT of sugar", [(25, "t")]),
        ("300 kgs yarn", [(300, "kg")]),
        ("200 sqm of parquet", [(200, "m2")]),
        ("Quantity: 2000", [(2000, "")]),
        ("数量:3000", [(3000, "")]),
        ("50 dozen gloves", [(50, "dozen")]),
        ("1.000 pezzi di valvole", [(1000, "pcs")]),
        ("500 adet vana", [(500, "pcs")]),
        ("cần 200 cái van", [(200, "pcs")]),
        ("ボールバルブ 300個", [(300, "pcs")]),
        ("볼밸브 400개", [(400, "pcs")]),
        ("can you do 300 steel bottles with our logo", [(300, "bottles")]),
        ("12,000 clear glass bottles, 500 ml", [(12000, "bottles")]),
    ],
)  # fmt: skip
def test_quantities_that_are_found(body: str, expected: list[tuple[float, str]]) -> None:
    assert [(q.value, q.unit) for q in request(body).quantities] == expected


@pytest.mark.parametrize(
    "body",
    [
        "Our meeting is on 24.11.2026 at 10.30",
        "Call me at +49 421 555 0144",
        "The price is USD 5 per piece",
        "USD 12 set price",
        "size 600x600 mm",
        "within 30 days",
        "packed 20 pcs per carton",
        "每箱 60 个",
        "3个工作日内回复",
        "2个月",
        "第3个问题",
        "consumo anual de 9.000 piezas",
        "We buy 20,000 pcs a year",
        "Our factory covers 20,000 square metres",
        "EN 10204 und CE",
        "10 years of experience, 200 employees",
        "delivery in week 12",
        "2 new big boxes stand here",
        "300 people and boxes",
        "add 2 ml of water",
        "0 pcs",
        "PO Box 123",
        "ISO 9001 certified",
        "有两个问题",
        "5个人",
    ],
)
def test_quantities_that_are_none(body: str) -> None:
    assert request(body).quantities == ()


@pytest.mark.parametrize(
    ("body", "product"),
    [
        ("We need 1,000 pcs of brass ball valve DN25, PN25", "brass ball valve DN25"),
        ("We are interested in your LED street lamps.", "LED street lamps"),
        ("Por favor cotice 2.000 piezas de válvula de bola DN50, PN16", "válvula de bola DN50"),
        ("Wir suchen Kugelhähne aus Messing", "Kugelhähne aus Messing"),
        ("Nous recherchons des robinets à bille pour notre client", "robinets"),
        ("Estamos interessados em torneiras de latão, por favor", "torneiras de latão"),
        ("Нас интересуют шаровые краны для воды", "шаровые краны"),
        ("نحتاج 800 قطعة صمام كروي DN50", "صمام كروي DN50"),
        ("黄铜球阀 DN15,PN25,3000 个", "黄铜球阀 DN15"),
        ("我们想采购不锈钢保温杯。", "不锈钢保温杯"),
    ],
)
def test_products_that_are_found(body: str, product: str) -> None:
    assert product in quotes(request(body).products)


@pytest.mark.parametrize(
    "body",
    [
        "Please send me your price list and catalogue.",
        "I am interested in your products.",
        "We need more information about your company.",
        "We are looking for a reliable partner.",
        "I need your assistance.",
        "请发给我们你们的产品目录和价格",
        "Necesito más información sobre sus productos",
        "You need to change the order of the lines.",
        "We need help.",
    ],
)
def test_products_that_are_none(body: str) -> None:
    assert request(body).products == ()


def test_a_fraction_does_not_end_a_name_a_slash_does() -> None:
    assert [e.quote for e in request("Please quote brass ball valve 3/4 inch").products] == [
        "brass ball valve 3/4 inch"
    ]
    assert next(e.quote for e in request("Please quote ball valves/fittings").products) == "ball valves"


def test_described_goods_are_the_product() -> None:
    assert [e.quote for e in request("12,000 clear glass bottles, 500 ml").products] == ["clear glass bottles"]


def test_the_subject_names_a_product() -> None:
    found = request("Hello", subject="RFQ: brass ball valve DN25 and gate valve DN40, CIF Lagos")
    assert "brass ball valve DN25" in quotes(found.products)


def test_our_own_products_are_known_by_name() -> None:
    assert quotes(request("How is the AquaStar doing?", products=("aquastar",)).products) == ["AquaStar"]


@pytest.mark.parametrize(
    ("body", "code", "port"),
    [
        ("Price FOB Ningbo please", "FOB", "Ningbo"),
        ("Precio CIF Callao, entrega", "CIF", "Callao"),
        ("请报 FOB 宁波价", "FOB", "宁波"),
        ("السعر CIF ميناء جدة الإسلامي", "CIF", "جدة"),
        ("Lieferung ab Werk", "ab Werk", None),
        ("ex works price", "ex works", None),
        ("DAP Kleinstadt in May", "DAP", "Kleinstadt"),
    ],
)
def test_incoterm_and_port(body: str, code: str, port: str | None) -> None:
    found = request(body)
    assert found.incoterm is not None
    assert found.incoterm.quote == code
    assert (found.port.quote if found.port else None) == port


@pytest.mark.parametrize(
    "body", ["CIF: B12345678", "she has a fob watch", "The cip of the tank", "a fas and a dap of paint", "capital"]
)
def test_no_incoterm(body: str) -> None:
    assert request(body).incoterm is None


@pytest.mark.parametrize(
    ("field", "body", "expected"),
    [
        ("specifications", "ball valve DN50, PN16", ["DN50", "PN16"]),
        ("specifications", "tiles 600x600 mm", ["600x600 mm"]),
        ("specifications", "motor 380V 50Hz", ["380V", "50Hz"]),
        ("specifications", "fabric 180 gsm", ["180 gsm"]),
        ("specifications", "tolerance ±0.05 mm", ["tolerance ±0.05 mm"]),
        ("specifications", "ширина: 120 см", ["ширина: 120 см"]),
        ("specifications", "颜色:黑色", ["颜色:黑色"]),
        ("materials", "stainless steel 304 body", ["stainless steel 304"]),
        ("materials", "en acero inoxidable SS304", ["acero inoxidable SS304"]),
        ("materials", "不锈钢 304", ["不锈钢 304"]),
        ("materials", "Messing CW617N", ["Messing", "CW617N"]),
        ("certificates", "with CE certificate and RoHS", ["CE certificate", "RoHS"]),
        ("certificates", "ISO 9001:2015", ["ISO 9001:2015"]),
        ("certificates", "¿certificado ISO 9001?", ["certificado ISO 9001"]),
        ("certificates", "UL listed", ["UL listed"]),
        ("certificates", "GOTS cotton", ["GOTS"]),
        ("certificates", "CE, RoHS, FCC", ["CE, RoHS"]),
        ("payment", "payment by L/C at sight", ["L/C at sight"]),
        ("payment", "30% deposit by T/T", ["30% deposit by T/T"]),
        ("payment", "付款方式", ["付款方式"]),
        ("delivery", "Can you ship before 20 January 2027?", ["ship before 20 January 2027"]),
        ("delivery", "entrega en marzo de 2027", ["entrega en marzo de 2027"]),
        ("packaging", "packed in wooden cases", ["packed in wooden cases"]),
        ("target_price", "our target price is USD 11.50", ["our target price is USD 11.50"]),
        ("target_price", "precio objetivo es de 11,50 USD por pieza", ["precio objetivo es de 11,50 USD"]),
        ("price", "at 11.50 USD per piece", ["11.50 USD per piece"]),
        ("moq", "What is the MOQ?", ["MOQ"]),
        ("moq", "最小起订量是多少", ["最小起订量"]),
        ("samples", "Please send two samples", ["two samples"]),
        ("annual_volume", "We buy 20,000 pcs a year", ["20,000 pcs a year"]),
        ("drawings", "see the technical drawing", ["technical drawing"]),
        ("urgency", "We need it urgently", ["urgently"]),
        ("models", "Model: XJ-350B please", ["XJ-350B"]),
        ("models", "drawing AR-2207", ["AR-2207"]),
    ],
)
def test_fields(field: str, body: str, expected: list[str]) -> None:
    assert quotes(getattr(request(body), field)) == expected


@pytest.mark.parametrize(
    ("field", "body"),
    [
        ("certificates", "Ce produit est bon, ce que nous voulons"),
        ("certificates", "CE MESSAGE EST CONFIDENTIEL"),
        ("certificates", "consul ulterior reach out to us"),
        ("certificates", "He will reach Berlin"),
        ("specifications", "My white paper on black holes"),
        ("specifications", "on 24.11.2026"),
        ("specifications", "at 0x290 the core files"),
        ("materials", "da gang and cam are names"),
        ("specifications", "the version of the software, sizeof(x)"),
        ("annual_volume", "I run 3 times a week and earn $500 a month"),
        ("models", "ISO9001 and DN50 and PN16"),
        ("models", "https://x.example/AB-1234/CD-99"),
        ("models", "mail me at AB-1234@x.example"),
        ("models", "catalogue 2027"),
        ("price", "a fund of USD 10 million"),
        ("payment", "TOTAL DA SILVA DP"),
        ("urgency", "no hurry at all"),
        ("drawings", "we are drawing lots"),
        ("samples", "an example of this"),
        ("moq", "the minimum age"),
    ],
)
def test_fields_that_stay_empty(field: str, body: str) -> None:
    assert quotes(getattr(request(body), field)) == []


def test_quoted_words_are_not_the_buyers() -> None:
    message = mail("Thank you.", quoted="> We need 1,000 pcs of valves FOB Ningbo")
    found = draw(message, answers(), firm()).request
    assert found.quantities == ()
    assert found.incoterm is None


@pytest.mark.parametrize(
    "text",
    [
        "We are looking for a second supplier.",
        "Wir suchen einen zweiten Lieferanten.",
        "Nous cherchons un fournisseur fiable.",
        "Buscamos proveedores confiables.",
        "Ищем второго поставщика.",
        "نبحث عن مورد جديد",
        "寻找新的供应商",
        "新しい仕入先を探しています",
        "새로운 공급업체를 찾고 있습니다",
    ],
)
def test_a_supplier_is_not_the_goods(facts_of: Callable[..., Facts], text: str) -> None:
    assert facts_of({"text": text}).request.products == ()
