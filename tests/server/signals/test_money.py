"""Tales of money: what must hit, and above all what must not."""

from __future__ import annotations

import pytest

from keeneye.model import Customer, History, Outcome

HIT, MISS, NOT = Outcome.HIT, Outcome.MISS, Outcome.NOT_APPLICABLE

ESTATE = (
    "I am the account officer of a bank in Lome. A deceased client left a "
    "deposit of USD 12,500,000.00 without next of kin. "
    "I seek your consent to present you as the beneficiary; 40% of the sum is "
    "for you. This is strictly confidential and risk free. "
    "Reply to my private e-mail."
)
DONATION = (
    "Your e-mail address was selected to receive a donation of € 2,000,000 from our foundation. "
    "Contact me for your donation claim with your full name and address."
)
HELD = (
    "Attention beneficiary, your compensation payment of USD 3,500,000.00 was approved by the United Nations. "
    "Contact the director for your ATM card with your full names: and house address:"
)
LOAN = (
    "Do you need funding? We offer business loans and project financing at 3% interest per annum. "
    "Our investors are looking to invest in viable projects."
)
INQUIRY = (
    "Dear Ms Chen, we need 500 pcs of ball valve DN50, brass, 16 bar, CIF Callao, payment 30 % deposit and balance "
    "against documents. Please quote by Friday. Regards, Rosa Quispe, Andes Valves S.A.C."
)
DEVELOPERS = (
    "The patch moves the account object into the bank module, so a transfer of a million tokens is one transaction. "
    "I trust the test suite here; please review, more details in the commit."
)
BUYER_LC = (
    "We import machine parts. Total value of the project is USD 2,400,000.00 and we pay by confirmed letter of credit. "
    "Please quote 40 units of pump model KX-200 with motor 7.5 kW."
)
DIGEST = " ".join(
    [
        "The company raised $5 million. The charity gala helped orphans. A "
        "lottery winner bought a house. The bank manager retired."
    ]
    * 3
    + ["The council met and spoke about roads, schools, the weather and the harvest of the year."] * 110
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ESTATE, HIT),
        (DONATION, HIT),
        (
            "Guten Tag, ich bin Rechtsanwalt. Mein verstorbener Mandant hinterließ 8,5 Millionen Euro. Ich suche einen "
            "vertrauenswürdigen Partner, die Summe auf Ihr Konto zu überweisen, streng vertraulich.",
            HIT,
        ),
        (
            "Soy abogado. Mi cliente fallecido dejó una herencia de 9,5 "
            "millones de dólares en el banco. Propuesta de negocio "
            "estrictamente confidencial, el 40 % para usted.",
            HIT,
        ),
        (
            "我是银行经理,已故客户留下一笔资金一千万美元,无人认领的遗产。请绝对保密,40%的佣金归您,请回复我的私人邮箱。",
            HIT,
        ),
        (INQUIRY, MISS),
        (DEVELOPERS, MISS),
        (BUYER_LC, MISS),
        (DIGEST, MISS),
        (
            "Our bank account was charged a large sum for the late "
            "delivery; please issue a credit note of USD 1,250.00.",
            MISS,
        ),
    ],
)
def test_story(outcome, text: str, expected: Outcome) -> None:
    assert outcome("money.story", {"text": text, "subject": "Hello"}) is expected


def test_story_grows_with_its_themes(ask) -> None:
    little = ask(
        "money.story",
        {"text": "A donation of USD 2,500,000.00 for you, it is risk free. Contact my secretary.", "subject": "x"},
    )
    much = ask("money.story", {"text": ESTATE, "subject": "x"})
    assert much.outcome is HIT
    assert much.strength > (little.strength if little.outcome is HIT else 0)
    assert much.values["themes"] >= 5


def test_story_leaves_tenders_to_their_own_signals(outcome) -> None:
    text = (
        "Invitation to tender worth USD 3,800,000.00. Submit your expression of "
        "interest, on behalf of the ministry, reply only here."
    )
    assert outcome("money.story", {"text": text}) is MISS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ESTATE, HIT),
        ("I need your help to claim the estate of a late customer, as next of kin. I am the auditor of the bank.", HIT),
        ("Our late partner Mr. Wood founded the firm; the funeral is on Monday.", MISS),
        ("The goods were late. The customer asks for 3 % discount.", MISS),
        ("class Account inherits from Base; the inheritance tree is too deep.", MISS),
        (INQUIRY, MISS),
    ],
)
def test_inheritance(outcome, text: str, expected: Outcome) -> None:
    assert outcome("money.inheritance", {"text": text}) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (DONATION, HIT),
        (
            "You have won! The lottery board drew your e-mail address. To claim "
            "your prize send your full name: and phone number:",
            HIT,
        ),
        (
            "Ihre E-Mail-Adresse wurde ausgewählt. Sie erhalten eine Spende von 2 "
            "Millionen Euro. Für weitere Informationen antworten Sie.",
            HIT,
        ),
        ("Please consider a donation to our open-source project; it pays for the server.", MISS),
        ("Visit our booth at the fair and take part in the raffle.", MISS),
        (INQUIRY, MISS),
    ],
)
def test_gift(outcome, text: str, expected: Outcome) -> None:
    assert outcome("money.gift", {"text": text, "subject": "Hello"}) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HELD, HIT),
        (
            "The consignment box containing funds is with our diplomatic agent at the "
            "airport. Send your house address: and pay the delivery fee of $95.",
            HIT,
        ),
        ("We ask for compensation of USD 480 for the broken valves of order 17.", MISS),
        ("Payment by bank draft or T/T, 30 days after B/L date.", MISS),
        (INQUIRY, MISS),
    ],
)
def test_held_payment(outcome, text: str, expected: Outcome) -> None:
    assert outcome("money.held-payment", {"text": text}) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (LOAN, HIT),
        ("Wir bieten Darlehen und Projektfinanzierung zu einem Zinssatz von 2 % pro Jahr.", HIT),
        (
            "Nous offrons des prêts entre particuliers, taux d'intérêt de 3 % "
            "l'an, remboursement facile. Investisseur privé.",
            HIT,
        ),
        ("Oferecemos empréstimos com taxa de juros de 2 %; nosso investidor financia projetos lucrativos.", HIT),
        ("本公司提供无抵押贷款,月利率低,当天放款,额度最高500万。", HIT),
        ("Could you give us 60 days credit? We need 400 pcs of hinge H-12.", MISS),
        ("We pay by irrevocable letter of credit at sight.", MISS),
        (DEVELOPERS, MISS),
        (BUYER_LC, MISS),
    ],
)
def test_loan_offer(outcome, text: str, expected: Outcome) -> None:
    assert outcome("money.loan-offer", {"text": text}) is expected


LURE = "Hello dear, I have something important to discuss with you. Please get back to me for more details."


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"from": "Anna <anna@gmail.com>", "text": LURE, "subject": "Hi"}, HIT),
        ({"text": LURE, "subject": "Hi", "reply_to": "anna.other@gmail.com"}, HIT),
        (
            {
                "from": "A <a@gmail.com>",
                "text": "Guten Tag, es gibt etwas Privates, das ich mit Ihnen "
                "besprechen möchte. Kann ich Ihnen vertrauen?",
                "subject": "Hallo",
            },
            HIT,
        ),
        ({"from": "A <a@gmail.com>", "text": "صديق عزيز، لدي رسالة مهمة أريد مناقشتها معك.", "subject": ""}, HIT),
        # A buyer from a free mailbox who says what he wants.
        (
            {
                "from": "Ade <ade@gmail.com>",
                "text": "Good day, I need 200 pcs of gate valve DN80. Kindly get back to me with your price.",
                "subject": "Gate valve",
            },
            MISS,
        ),
        (
            {
                "from": "Ade <ade@gmail.com>",
                "text": "Hello, I am interested in your products. Please get back to me with your catalogue.",
                "subject": "Inquiry",
            },
            MISS,
        ),
        (
            {
                "from": "Olu <olu@gmail.com>",
                "text": "Good morning, did you get my previous e-mail about the "
                "gate valves? I still wait for your price.",
                "subject": "valves",
            },
            MISS,
        ),
        # A question in a running thread.
        (
            {
                "text": "Did you get my previous e-mail?\n\n> On Monday Chen wrote:\n> we will check the valves",
                "headers": [("In-Reply-To", "<a@exporter.example>")],
                "subject": "Re: valves",
            },
            NOT,
        ),
        ({"text": LURE + " word" * 120, "subject": "Hi"}, NOT),
    ],
)
def test_vague_lure(outcome, fields: dict[str, object], expected: Outcome) -> None:
    assert outcome("money.vague-lure", fields) is expected


def test_vague_lure_trusts_a_known_sender(outcome) -> None:
    known = History(messages_from_sender=9, listed=Customer("Anna Ltd"))
    assert outcome("money.vague-lure", {"from": "Anna <anna@gmail.com>", "text": LURE}, history=known) is NOT


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "I hacked your device and recorded you through your webcam on adult "
            "sites. Send 900 USD in bitcoin within 48 hours, "
            "or all your contacts get the video.",
            HIT,
        ),
        (
            "Ich habe Ihr Gerät gehackt und Sie mit der Webcam auf Porno-Seiten "
            "gefilmt. Zahlen Sie 500 Euro in Bitcoin binnen 48 Stunden.",
            HIT,
        ),
        ("我已入侵您的电脑并控制您的摄像头,拍下您看色情网站。48小时内支付800美元比特币,否则发给您的联系人。", HIT),
        ("Advisory: malware on your computer can be removed with the tool. Update within 24 hours.", MISS),
        ("Ho hackerato il tuo dispositivo e ho un video intimo. Paga 900 EUR in bitcoin entro 48 ore.", HIT),
        ("تم اختراق جهازك ولدي فيديو محرج. ادفع 900 دولار بيتكوين خلال 48 ساعة.", HIT),
        ("Ik heb uw computer gehackt. Betaal 900 euro in bitcoin of ik stuur de video naar uw contacten.", HIT),
        ("Accettate pagamenti in bitcoin per 500 valvole?", MISS),
        ("The wallet address format of bitcoin changed in version 2; see the patch.", MISS),
        (INQUIRY, MISS),
    ],
)
def test_blackmail(outcome, text: str, expected: Outcome) -> None:
    assert outcome("money.blackmail", {"text": text}) is expected


@pytest.mark.parametrize(
    ("signal", "text", "expected"),
    [
        (
            "money.gold-seller",
            "We have 120 kg of gold bars and look for a trusted partner; 30% of the sum for your assistance.",
            HIT,
        ),
        ("money.gold-seller", "Please quote 2,000 pcs gold plated contacts and diamond saw blades.", MISS),
        (
            "money.coins",
            "Our crypto investment platform doubles your profit in bitcoin, "
            "claim your bitcoin now at a rate of 5% interest.",
            HIT,
        ),
        ("money.coins", "The library reads a bitcoin address from the file header.", MISS),
        ("money.coins", "We need 300 pcs of charger X-20; can we pay in USDT to your wallet?", MISS),
        (
            "money.romance",
            "I am a single lady of 29 years old, looking for a serious "
            "relationship. I saw your profile and miss true love.",
            HIT,
        ),
        (
            "money.middleman",
            "I am a research assistant of a bio-pharmaceutical company. I "
            "have a profitable business proposal: represent my "
            "company in sourcing raw materials used for vaccines.",
            HIT,
        ),
        (
            "money.middleman",
            "We are a pharmaceutical plant and need 500 kg of raw material lactose, grade 200 mesh.",
            MISS,
        ),
        ("money.gift", "I give away the piano of my late husband; I would donate it to somebody who loves music.", HIT),
        ("money.gift", "Please quote 40 piano stools model PS-3, black.", MISS),
        ("money.romance", "We look for a long-term business relationship with a factory of steel doors.", MISS),
        (
            "money.job-mule",
            "We need a payment representative who will receive payments from our "
            "customers; 10% of the sum is for you, weekly salary.",
            HIT,
        ),
        (
            "money.job-mule",
            "Our company would like to be your sales agent for pumps in Peru; what commission do you pay?",
            MISS,
        ),
    ],
)
def test_other_tales(outcome, signal: str, text: str, expected: Outcome) -> None:
    assert outcome(signal, {"text": text}) is expected


def test_evidence_stands_in_the_message(ask) -> None:
    answer = ask("money.story", {"text": ESTATE, "subject": "x"})
    assert all(ESTATE[e.start : e.end] == e.quote for e in answer.evidence if e.part == "text")
