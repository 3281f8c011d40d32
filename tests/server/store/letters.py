"""Invented letters: one text sent to many with changed details, and different people who ask for the same goods."""

from __future__ import annotations

_GREETINGS = ("Dear Mr. {name},", "Hello {name},", "Hi {name}!", "Dear Sir,", "Good day Ms {name},", "To: {name}")
_NAMES = ("Chen Wei", "Li Na", "Wang Fang", "Zhang", "Kevin Liu", "Zhao Min", "Sun", "Helen Zhou", "Ma", "Guo Jing")
_GOODS = (
    "ball valves", "LED street lamps", "kitchen taps", "solar water heaters", "yoga mats", "steel hinges",
    "ceramic floor tiles", "power banks", "office chairs", "paper cups",
)  # fmt: skip
_CLOSINGS = ("Best regards,", "Kind regards", "Yours sincerely,", "Thanks and regards,", "Regards,")
_FIRMS = ("Northwind Trading Ltd", "Harbour & Sons", "Blue Crane Import", "Alta Vista Supplies Co., Ltd", "Kestrel BV")
_PLACES = ("Rotterdam", "Felixstowe", "Hamburg", "Port Klang", "Durban")

_BODY = """We are {firm}, a well established importer and we got to know of your company while we searched for new
suppliers. We are very interested in your {goods} and would like to start with a trial order of {figure} pieces.
Please send us your latest catalogue with the best price to {place}, your payment terms and the time you need for
production. If price and quality are suitable, we will place orders every {month} months for our {shops} shops and
hope that this will be the beginning of a long and pleasant business relation. We wait for your quick answer."""

_ZH = """我们是{firm}，专门从事进口批发业务，在网上看到贵公司的产品，非常感兴趣。我们想先订购{figure}件{goods}作为试单，
请尽快把最新的目录和到{place}港的最低报价发给我们，并说明付款方式和交货时间。如果价格和质量合适，我们每{month}个月都会
下订单，希望能与贵公司建立长期愉快的合作关系，期待您的早日回复。"""
_ZH_GOODS = ("球阀", "路灯", "厨房水龙头", "太阳能热水器", "瑜伽垫", "钢铰链", "地砖", "移动电源", "办公椅", "纸杯")


def mass_mailing(copy: int) -> str:
    """The letter as its ``copy``-th addressee gets it: other names, greeting, figures, goods, closing, line ends."""
    name, firm = _NAMES[copy % len(_NAMES)], _FIRMS[copy % len(_FIRMS)]
    body = _BODY.format(
        firm=firm, goods=_GOODS[copy * 3 % len(_GOODS)], figure=f"{(copy + 2) * 250:,}",
        place=_PLACES[copy % len(_PLACES)], month=copy % 5 + 2, shops=copy + 3,
    )  # fmt: skip
    if copy % 2:
        body = body.replace("\n", " ")
    closing = _CLOSINGS[copy % len(_CLOSINGS)]
    signer = _NAMES[(copy + 4) % len(_NAMES)]
    return f"{_GREETINGS[copy % len(_GREETINGS)].format(name=name)}\n\n{body}\n\n{closing}\n{signer}\n{firm}\n"


def mass_mailing_zh(copy: int) -> str:
    """The same in Chinese."""
    body = _ZH.format(
        firm=("北风贸易公司", "海港进口公司", "蓝鹤商行")[copy % 3], goods=_ZH_GOODS[copy % len(_ZH_GOODS)],
        figure=(copy + 2) * 250, place=("鹿特丹", "汉堡", "德班")[copy % 3], month=copy % 5 + 2,
    )  # fmt: skip
    return f"{('您好：', '尊敬的陈先生：', '李小姐，您好！')[copy % 3]}\n\n{body}\n\n此致敬礼\n王先生\n"


GENUINE = (
    "We run three hardware shops in Malmo and look for a second source of brass ball valves, DN15 to DN25, PN40. Could "
    "you quote 2,000 pieces of each size FOB Ningbo and send us the EN 331 certificate? We need them before May.",
    "I found your ball valves on your website. Our plant in Izmir uses about 600 flanged valves a year, stainless "
    "steel 316, DN50. Please offer CIF Izmir with delivery time, and tell me if you can engrave our part numbers.",
    "Please quote for ball valve DN80 PN16 carbon steel, lever operated, fire safe to API 607. Quantity 40. The goods "
    "go to a refinery project in Oman, so inspection by a third party will be needed before shipment.",
    "Hello, we bought valves from you two years ago through an agent in Dubai and want to buy direct now. The last "
    "lot was 1,200 pieces of the 1 inch model. What is today's price, and can you pack them in boxes of ten?",
    "My customer asks for plastic ball valves for irrigation, 32 and 40 mm, glued ends. He takes a 20 foot container "
    "each spring. Which minimum quantity do you need for his own colour, and do you have a test report for UV?",
    "Our distributor stopped making the three piece ball valve V-320. Do you have an equal one? We fit it in milk "
    "tanks and need EPDM seats, 3A approval and drawings in STEP format. First lot 150 pieces, then monthly calls.",
    "Regarding your offer at the Hannover fair: we would like samples of the mini ball valve, male to female, nickel "
    "plated. We pay the courier. If they pass our pressure test, we order 10,000 pieces for our boiler line.",
    "Could you tell me whether ball valves with hollow ball or full ball are supplied at the price on your page? We "
    "install them in ships, the class society wants full balls. We need 75 valves DN32 and 20 valves DN65 by March.",
)

OPENERS = (
    "Hi, I'm interested in your product {goods}, I would like some more details. I look forward to your reply. Please "
    "send me the price and more information. What is the shipping cost? What is your minimum order quantity?",
    "I'm looking for products like this: {goods}. Can you send me more information about this product? I'd like to "
    "get a quotation for this product. What is the best price you can offer? I look forward to your reply.",
)
"""What marketplaces write for those who click a product."""


def opener(number: int) -> str:
    return OPENERS[number % len(OPENERS)].format(goods=_GOODS[number % len(_GOODS)])
