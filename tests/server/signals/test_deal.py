"""Orders, payments and papers that are not what they seem: what must hit, and what must not."""

from __future__ import annotations

import pytest

from keeneye.model import Customer, History, Outcome

HIT, MISS, NOT = Outcome.HIT, Outcome.MISS, Outcome.NOT_APPLICABLE

THREAD = [("In-Reply-To", "<a@exporter.example>"), ("References", "<a@exporter.example>")]
QUOTED = "\n\n> On Monday Chen wrote:\n> please find our offer for the valves"
FULL = "Please quote 500 pcs of ball valve DN50, brass, 16 bar, CIF Callao."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Please note that our bank details have changed. Remit the balance to our new account, IBAN below.", HIT),
        (
            "Because our accounting system changed, our bank details are now: "
            "name, bank, number. Correct them on the invoice.",
            HIT,
        ),
        ("Unsere Bankverbindung hat sich geändert, bitte nutzen Sie die neue Bankverbindung.", HIT),
        ("Nos coordonnées bancaires ont changé, veuillez utiliser le nouveau compte.", HIT),
        ("Nuestros datos bancarios han cambiado; envíe el saldo a la nueva cuenta.", HIT),
        ("请注意,我司银行账号已变更,请将余款汇入新账户。", HIT),
        ("弊社の振込先が変更になりました。新しい口座へお願いします。", HIT),
        ("Наши банковские реквизиты изменились, оплатите на новый счет.", HIT),
        ("Please send us your bank details for the deposit.", MISS),
        ("We pay 30 % deposit to your account, balance against B/L copy.", MISS),
        ("The account class was changed to read the new bank format.", MISS),
        (FULL, MISS),
    ],
)
def test_new_bank_account(outcome, text: str, expected: Outcome) -> None:
    assert outcome("deal.new-bank-account", {"text": text, "subject": "Order"}) is expected


def test_a_partners_new_account_is_told_even_in_a_thread(outcome) -> None:
    """The twin: a true change looks the same, so it is always confirmed by a known number."""
    text = "Our bank details have changed, see our new account below." + QUOTED
    known = History(messages_from_sender=40, listed=Customer("Baltic Fittings"))
    assert outcome("deal.new-bank-account", {"text": text, "headers": THREAD}, history=known) is HIT


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Use our new bank account. Do not call the office, the telephone line is being changed.", HIT),
        ("Do not call on Friday, we are closed; the valves can wait.", MISS),
        (FULL, MISS),
    ],
)
def test_do_not_call(outcome, text: str, expected: Outcome) -> None:
    assert outcome("deal.do-not-call", {"text": text}) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Please pay to a personal bank account of our manager.", HIT),
        ("From the amount pay to our other supplier for us.", HIT),
        ("Our agent in Ningbo pays you in RMB; his firm is Ningbo Sun Trading.", MISS),
    ],
)
def test_third_party_payment(outcome, text: str, expected: Outcome) -> None:
    assert outcome("deal.third-party-payment", {"text": text}) is expected


@pytest.mark.parametrize(
    ("signal", "text", "expected"),
    [
        ("deal.third-party-payment", "Por favor transfiera el saldo a la cuenta personal de mi socio.", HIT),
        ("deal.third-party-payment", "Bitte überweisen Sie den Betrag auf das Konto einer anderen Firma.", HIT),
        ("deal.third-party-payment", "Veuillez virer le solde sur le compte personnel du directeur.", HIT),
        ("deal.third-party-payment", "货款请汇到个人账户。", HIT),
        ("deal.third-party-payment", "Entre en su cuenta personal para ver el pedido.", MISS),
        ("deal.third-party-payment", "请登录您的个人账户查看报价。", MISS),
        ("deal.several-cards", "Bitte buchen Sie den Betrag auf mehrere Kreditkarten.", HIT),
        ("deal.several-cards", "Puede dividir el importe en tres tarjetas.", HIT),
        ("deal.several-cards", "Aceptamos todas las tarjetas de crédito.", MISS),
        ("deal.do-not-call", "Unsere neue Bankverbindung lautet anders. Telefonanlage gestört, nur per E-Mail.", HIT),
        ("deal.do-not-call", "Notre RIB a changé, nouveau compte bancaire ; ne nous appelez pas, ligne en panne.", HIT),
        ("deal.do-not-call", "Bitte rufen Sie uns nicht an, das Angebot genügt per E-Mail.", MISS),
    ],
)
def test_payment_traps_in_other_languages(outcome, signal: str, text: str, expected: Outcome) -> None:
    assert outcome(signal, {"text": text}) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "I pay by credit card. My own shipper will pick up the goods; add "
            "his fee to my card and pay the shipper for me.",
            HIT,
        ),
        ("Ich zahle mit Kreditkarte, mein eigener Spediteur holt die Ware ab.", HIT),
        ("Je paie par carte bancaire, mon propre transporteur enlève la marchandise.", HIT),
        ("Pago com cartão de crédito e o meu próprio transportador recolhe a mercadoria.", HIT),
        ("Unser Spediteur holt die Ware ab Ningbo, Zahlung per Überweisung.", MISS),
        ("We buy FOB Ningbo; our forwarder will collect the goods. Payment by T/T.", MISS),
        ("Can we pay the 20 samples by credit card?", MISS),
    ],
)
def test_card_and_own_shipper(outcome, text: str, expected: Outcome) -> None:
    assert outcome("deal.card-and-own-shipper", {"text": text}) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello, do you ship to Holland and do you accept credit cards? Quick answer please.", HIT),
        ("Do you ship to Norway? I want 3 pcs of lamp LX-40, black, and can pay by credit card.", MISS),
        ("Do you ship to Norway?", MISS),
    ],
)
def test_card_order(outcome, text: str, expected: Outcome) -> None:
    assert outcome("deal.card-order", {"text": text, "subject": "Order"}) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Please split the amount over three credit cards.", HIT),
        ("We take several payment methods.", MISS),
    ],
)
def test_several_cards(outcome, text: str, expected: Outcome) -> None:
    assert outcome("deal.several-cards", {"text": text}) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The university orders 40 hard drives, payment terms net 30.", HIT),
        ("Is payment within 30 days possible for large-volume orders?", HIT),
        ("We pay by L/C 90 days, confirmed.", MISS),
        ("Which credit insurance do you use?", MISS),
    ],
)
def test_credit_at_once(outcome, text: str, expected: Outcome) -> None:
    assert outcome("deal.credit-at-once", {"text": text, "subject": "Order"}) is expected


def test_an_old_customers_terms_are_no_trap(outcome) -> None:
    known = History(messages_from_sender=12, listed=Customer("Andes"))
    assert outcome("deal.credit-at-once", {"text": "Same as usual, net 30 days."}, history=known) is MISS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The cashier's check will be more than the price. Deduct your "
            "cost and wire the excess amount to my shipper.",
            HIT,
        ),
        ("El cheque certificado es por más; transfiera el excedente a mi transportista.", HIT),
        ("Le chèque de banque couvre plus : renvoyez le surplus à mon transitaire.", HIT),
        ("Der Bankscheck ist höher, bitte überweisen Sie die Differenz an meinen Spediteur.", HIT),
        ("支票金额多付的部分请汇给我的货代，把差额转给他。", HIT),
        ("O cheque bancário tem pagamento a mais, devolva a diferença ao meu transportador.", HIT),
        ("30 % de anticipo y la diferencia antes del embarque.", MISS),
        ("Die Differenz zahlen wir nach Erhalt der Ware.", MISS),
        ("30 % deposit, balance of the payment by T/T before shipment.", MISS),
        ("You paid invoice 17 twice; we refund the difference with the next order.", MISS),
    ],
)
def test_overpayment(outcome, text: str, expected: Outcome) -> None:
    assert outcome("deal.overpayment", {"text": text}) is expected


@pytest.mark.parametrize(
    ("signal", "text", "expected"),
    [
        ("deal.price-no-matter", "We are not concerned with price but want the best quality.", HIT),
        ("deal.price-no-matter", "价格不是问题,马上下单。", HIT),
        ("deal.price-no-matter", "Lead time matters more than price for this project.", MISS),
        ("deal.proforma-at-once", "We will buy your products, please send us your proforma invoice immediately.", HIT),
        ("deal.proforma-at-once", "Please send a proforma invoice for 500 pcs of ball valve DN50.", MISS),
        ("deal.all-in-advance", "Can you supply rice? We shall make an upfront payment before your supply.", HIT),
        ("deal.all-in-advance", "For the 20 pcs of valve KX-2 we make full payment in advance.", MISS),
        ("deal.wants-papers", "Send us a copy of your passport and your business licence.", HIT),
        ("deal.wants-papers", "You may obtain a copy of the License at the address below.", MISS),
        ("deal.wants-papers", "For the invitation letter I enclose a copy of my passport.", MISS),
    ],
)
def test_terms(outcome, signal: str, text: str, expected: Outcome) -> None:
    assert outcome(signal, {"text": text, "subject": "Order"}) is expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {
                "text": "Dear sir, find attached our new order. Kindly confirm.",
                "attachments": [("PO.pdf", "application/pdf", b"%PDF-1.4")],
            },
            HIT,
        ),
        ({"text": "Hola, adjunto encontrará la orden de compra, por favor confirme."}, HIT),
        ({"text": "Bonjour, veuillez trouver ci-joint le bon de commande."}, HIT),
        ({"text": "您好,请见附件订单,尽快回复。"}, HIT),
        ({"text": "Hi, can you give me prices of this products in attached. Best regards"}, HIT),
        ({"text": "Hi, please find the attached sales report. Please send the invoice. Thanks, Adil"}, HIT),
        ({"text": "Guten Tag, Menge siehe Anhang, bitte anbieten."}, HIT),
        ({"text": "Здравствуйте, список товаров во вложении, жду цену."}, HIT),
        ({"text": "ご担当者様、詳細は添付をご確認ください。"}, HIT),
        # CAD files are sent by one who has the part made.
        (
            {
                "text": "Dear sales, please find attached our inquiry and quote.",
                "attachments": [("bracket-rev3.step", "application/octet-stream", b"ISO-10303-21;")],
            },
            MISS,
        ),
        # A buyer says what he buys.
        (
            {
                "text": "Attached drawing of flange DN80, 304 steel, 500 pcs. Please quote.",
                "attachments": [("flange.pdf", "application/pdf", b"%PDF-1.4")],
            },
            MISS,
        ),
        ({"text": "Please find attached the signed contract." + QUOTED, "headers": THREAD}, MISS),
        ({"text": "We are a manufacturer of bearings, our products are good; see attached quotation."}, MISS),
        ({"text": FULL}, MISS),
    ],
)
def test_paper_with_nothing(outcome, fields: dict[str, object], expected: Outcome) -> None:
    assert outcome("deal.paper-with-nothing", {"subject": "Re: order", **fields}) is expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {
                "text": "See attached swift copy of the payment, confirm receipt.",
                "attachments": [("TT.pdf", "application/pdf", b"%PDF-1.4")],
            },
            HIT,
        ),
        (
            {
                "text": "Anbei der Überweisungsbeleg, siehe Anhang.",
                "attachments": [("b.pdf", "application/pdf", b"%PDF-1.4")],
            },
            HIT,
        ),
        ({"text": "Here is the remittance advice of order 17." + QUOTED, "headers": THREAD}, MISS),
        ({"text": FULL + " Payment by T/T against copy of B/L."}, MISS),
        ({"text": "Our invoices are due in 30 days."}, MISS),
    ],
)
def test_payment_slip(outcome, fields: dict[str, object], expected: Outcome) -> None:
    assert outcome("deal.payment-slip", {"subject": "Hello", **fields}) is expected


def test_a_customers_remittance_is_no_trap(outcome) -> None:
    known = History(messages_from_sender=30, listed=Customer("Andes"))
    message = {
        "text": "See attached swift copy of the payment.",
        "attachments": [("TT.pdf", "application/pdf", b"%PDF-1.4")],
    }
    assert outcome("deal.payment-slip", message, history=known) is MISS


def test_a_writer_who_hides_weighs_more(ask) -> None:
    """The same words: from a known sender's own domain with a signature, and with the answer going elsewhere."""
    words = "Dear sir, find attached our order."
    plain = ask("deal.paper-with-nothing", {"text": words + "\n\nBest regards\nAnn Low\nTel +44 20 7946 0000"})
    hidden = ask("deal.paper-with-nothing", {"text": words, "reply_to": "x@else.example", "subject": "Re: order"})
    assert plain.outcome is hidden.outcome is HIT
    assert plain.strength < hidden.strength


SIGNED = (
    "\n\nBest regards\nEwa Kowalska\nKowalski Tech Sp. z o.o.\nul. Przykladowa 4, 00-001 Warszawa, Poland\n"
    "+48 22 555 01 01\nwww.kowalski-tech.example"
)
PROVEN = "dkim=pass header.d=kowalski-tech.example; dmarc=pass header.from=kowalski-tech.example"


def test_complete_data_behind_ones_own_proven_domain_leave_little_doubt(ask) -> None:
    """The twin: a real firm whose list is a sheet. It is asked for the goods, not called a trap."""
    message = {
        "from": "Ewa Kowalska <e.kowalska@kowalski-tech.example>",
        "text": "Hello,\nattached is our product list, please give us your best prices." + SIGNED,
        "attachments": [("list.xlsx", "application/vnd.ms-excel", b"PK")],
    }
    unproven, proven = (ask("deal.paper-with-nothing", {**message, "auth": a}) for a in (None, PROVEN))
    elsewhere = ask("deal.paper-with-nothing", {**message, "auth": PROVEN, "reply_to": "x@else.example"})
    archive = ask(
        "deal.paper-with-nothing",
        {**message, "auth": PROVEN, "attachments": [("list.z", "application/octet-stream", b"\x1f\x9d")]},
    )
    assert proven.strength < unproven.strength < elsewhere.strength <= archive.strength
    assert proven.strength < 0.38  # fewer points than any rule for phishing asks for


def test_a_button_of_a_client_that_hands_over_no_links_counts_as_a_link(facts_of) -> None:
    from keeneye.model import Payload
    from keeneye.signals import load

    check = load()["deal.file-behind-link"].check
    words = "Please quote your best offer for the following product:\n\nView_file\n\nBest regards"
    seen = Payload(headers=(("From", "Ann <ann@buyer.example>"),), subject="RFQ", text=words, sees="headers")
    assert check(facts_of("", payload=seen)).outcome is HIT
    assert check(facts_of({"text": words, "subject": "RFQ"})).outcome is MISS  # the whole message has no link


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"text": "Log in at the online sheet to view the new order and send your PI."}, HIT),
        ({"text": "The document opens with your business e-mail and password: sign in to view the invoice."}, HIT),
        ({"text": "请登录您的邮箱查看订单文件。"}, HIT),
        ({"text": "Inicie sesión para ver el pedido adjunto."}, HIT),
        ({"text": "Connectez-vous pour consulter la commande."}, HIT),
        ({"text": "Faça login para visualizar a cotação."}, HIT),
        ({"text": "Melden Sie sich an, um die Bestellung zu sehen."}, MISS),  # a comma between: not said in one breath
        ({"text": "Melden Sie sich an um die Bestellung zu sehen."}, HIT),
        ({"text": "Войдите чтобы посмотреть заказ."}, HIT),
        ({"text": "سجل الدخول لعرض الطلب"}, HIT),
        ({"text": "Acceda per visualizzare ordine completo."}, HIT),
        ({"text": "ログインして注文書をご確認ください。"}, HIT),
        ({"text": "로그인 후 주문서를 확인해 주세요."}, HIT),
        ({"text": "Siparişi görmek için giriş yapın."}, HIT),
        ({"text": "Vui lòng đăng nhập để xem đơn hàng."}, HIT),
        # A genuine portal is the buyer's own or names itself.
        ({"html": '<p>Log in to view the RFQ documents.</p><a href="https://srm.buyer.example/">Portal</a>'}, MISS),
        ({"text": "Log in to SAP Ariba to view the RFQ documents of this event."}, MISS),
        ({"text": "Please quote 500 login terminals with card reader, see list."}, MISS),
    ],
)
def test_log_in_for_order(outcome, fields: dict[str, object], expected: Outcome) -> None:
    assert outcome("deal.log-in-for-order", {"subject": "Order", **fields}) is expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"text": "Dear sir, see attached purchase order and confirm."}, HIT),
        ({"text": "您好,请见附件订单。"}, HIT),
        ({"text": "Dear sir, see attached order.", "attachments": [("PO.pdf", "application/pdf", b"%PDF-1.4")]}, MISS),
        # Forgotten by an honest buyer, who named the goods.
        ({"text": "See attached list: 500 pcs of ball valve DN50, brass, CIF Callao."}, MISS),
        ({"text": "Please find attached the signed contract." + QUOTED, "headers": THREAD}, MISS),
    ],
)
def test_attachment_missing(outcome, fields: dict[str, object], expected: Outcome) -> None:
    assert outcome("deal.attachment-missing", {"subject": "Order", **fields}) is expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<p>Please quote our order list: <a href="https://files.somewhere.example/x">View file</a></p>', HIT),
        (
            "<p>500 pcs of flange DN80 PN16, drawings: <a "
            'href="https://wetransfer.com/d/1">Download files</a>, please quote</p>',
            MISS,
        ),
        ('<p>Weekly news. <a href="https://news.example/1">View in browser</a></p>', MISS),
    ],
)
def test_file_behind_link(outcome, html: str, expected: Outcome) -> None:
    assert outcome("deal.file-behind-link", {"html": html, "subject": "Inquiry"}) is expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"text": "Following up on the purchase order we sent last week, did you receive our order?"}, HIT),
        ({"text": "Following up on the purchase order." + QUOTED, "headers": THREAD}, MISS),
        ({"text": "As per your quotation 2211: 500 pcs of ball valve DN50, please proceed."}, MISS),
        ({"text": FULL}, MISS),
    ],
)
def test_unknown_past(outcome, fields: dict[str, object], expected: Outcome) -> None:
    assert outcome("deal.unknown-past", {"subject": "Order", **fields}) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("See attached order. Pay attention to the drawing on page 2.", HIT),
        ("Pay attention to item 5: DN80 needs a PN25 flange of 304 steel.", MISS),
    ],
)
def test_curiosity(outcome, text: str, expected: Outcome) -> None:
    assert outcome("deal.curiosity", {"text": text}) is expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"from": "Pat <pat@firm.example>", "text": "Reply to my office e-mail pat.office@gmail.com please."}, HIT),
        ({"from": "Pat <pat@firm.example>", "text": "Regards\nPat\npat@firm.example"}, NOT),
        ({"from": "Pat <pat@gmail.com>", "text": "Contact me on my e-mail pat@gmail.com"}, NOT),
    ],
)
def test_second_mailbox(outcome, fields: dict[str, str], expected: Outcome) -> None:
    assert outcome("deal.second-mailbox", fields, domains={"gmail.com": {"mailbox": "free"}}) is expected
