# ruff: noqa: E501 - one row, one line, in its own script
"""Test tables of the lexicons in Italian, Turkish, Vietnamese, Japanese and Korean: what is found, and what is not."""

from __future__ import annotations

import pytest

from keeneye.facts.text import fold

IT = "Buongiorno, siamo interessati alle valvole a sfera in ottone DN25, 500 pezzi, resa CIF porto di Genova, consegna entro fine marzo. "
REQUESTS: list[tuple[str, str, str]] = [
    # Italian
    ("products", IT, "valvole"),
    ("products", "Vi chiediamo un preventivo per rubinetti in acciaio inox.", "rubinetti in acciaio inox"),
    ("products", "Ci servono guarnizioni in gomma da 3 mm.", "guarnizioni in gomma"),
    ("products", "Vorremmo acquistare piastrelle di gres porcellanato.", "piastrelle di gres porcellanato"),
    ("materials", "cerniere in acciaio zincato", "acciaio zincato"),
    ("specifications", "spessore: 3 mm, verniciata", "spessore: 3 mm"),
    ("certificates", "con certificato di origine e rapporti di prova", "certificato"),
    ("payment", "Condizioni di pagamento: 30 giorni", "Condizioni di pagamento: 30 giorni"),
    ("payment", "30 % di acconto all'ordine, saldo alla consegna", "30 % di acconto"),
    ("delivery", "Quali sono i tempi di consegna?", "tempi di consegna"),
    ("delivery", "consegna entro 15 marzo 2027", "consegna entro 15 marzo 2027"),
    ("packaging", "imballaggio in casse di legno", "imballaggio in casse di legno"),
    ("target_price", "il nostro prezzo obiettivo è 4,50 euro", "prezzo obiettivo è 4,50 euro"),
    ("moq", "Qual è la quantità minima d'ordine?", "quantità minima d'ordine"),
    ("samples", "possiamo avere campioni gratuiti", "campioni gratuiti"),
    ("annual_volume", "fabbisogno annuo di circa 20.000 pezzi", "fabbisogno annuo di circa 20.000 pezzi"),
    ("drawings", "in allegato il disegno tecnico", "disegno tecnico"),
    ("urgency", "La richiesta è urgente.", "urgente"),
    # Turkish
    (
        "products",
        "Merhaba, paslanmaz çelik küresel vana DN50 için fiyat teklifi rica ederiz.",
        "paslanmaz çelik küresel vana DN50",
    ),
    ("products", "Pirinç vana satın almak istiyoruz.", "Pirinç vana"),
    ("products", "Firmamız için galvanizli çelik boru arıyoruz.", "galvanizli çelik boru"),
    ("products", "500 adet rulman 6204 için fiyat teklifi rica ederiz.", "rulman 6204"),
    ("materials", "gövde malzemesi dökme demir olmalı", "dökme demir"),
    ("specifications", "renk: siyah, kalınlık: 3 mm", "renk: siyah"),
    ("certificates", "CE belgesi ve test raporu gerekli", "belgesi"),
    ("payment", "Ödeme şartları: %30 avans", "Ödeme şartları: %30 avans"),
    ("payment", "akreditif ile çalışabilir misiniz", "akreditif"),
    ("delivery", "teslim süresi nedir?", "teslim süresi"),
    ("delivery", "malı 15 Mart'a kadar istiyoruz", "15 Mart'a kadar"),
    ("packaging", "ahşap sandık içinde gönderilmeli", "ahşap sandık"),
    ("target_price", "hedef fiyatımız 4,20 USD", "hedef fiyatımız 4,20 USD"),
    ("moq", "minimum sipariş miktarı nedir", "minimum sipariş miktarı"),
    ("samples", "ücretsiz numune gönderir misiniz", "ücretsiz numune"),
    ("annual_volume", "yıllık 20.000 adet", "yıllık 20.000 adet"),
    ("drawings", "teknik çizim ektedir", "teknik çizim"),
    ("urgency", "acilen dönüş bekliyoruz", "acilen"),
    # Vietnamese
    ("products", "Chúng tôi cần mua van bi inox DN50.", "van bi inox DN50"),
    ("products", "Xin báo giá cho ống thép mạ kẽm.", "ống thép mạ kẽm"),
    ("products", "Công ty tôi đang tìm nguồn vòng bi 6204.", "vòng bi 6204"),
    ("materials", "thân van bằng thép không gỉ", "thép không gỉ"),
    ("specifications", "màu sắc: đen, độ dày: 3 mm", "màu sắc: đen"),
    ("certificates", "có giấy chứng nhận xuất xứ", "giấy chứng nhận xuất xứ"),
    ("payment", "điều khoản thanh toán 30 ngày", "điều khoản thanh toán 30 ngày"),
    ("payment", "đặt cọc 30 %", "đặt cọc 30 %"),
    ("delivery", "thời gian giao hàng bao lâu?", "thời gian giao hàng bao lâu"),
    ("delivery", "giao hàng trước 15/3", "giao hàng trước 15/3"),
    ("packaging", "hàng đóng trong thùng gỗ", "thùng gỗ"),
    ("target_price", "giá mục tiêu 4,20 USD", "giá mục tiêu 4,20 USD"),
    ("moq", "số lượng đặt hàng tối thiểu là bao nhiêu", "số lượng đặt hàng tối thiểu"),
    ("samples", "xin gửi mẫu cho chúng tôi", "gửi mẫu"),
    ("annual_volume", "khoảng 2000 cái mỗi tháng", "2000 cái mỗi tháng"),
    ("drawings", "xem bản vẽ kỹ thuật", "bản vẽ kỹ thuật"),
    ("urgency", "chúng tôi cần gấp", "cần gấp"),
    # Japanese
    ("products", "弊社では真鍮製ボールバルブの見積をお願いいたします。", "真鍮製ボールバルブ"),
    ("products", "ステンレス継手を購入したいです。", "ステンレス継手"),
    ("products", "アルミ押出材を探しています。", "アルミ押出材"),
    ("products", "油圧ホースに興味があります。", "油圧ホース"),
    ("materials", "本体はダクタイル鋳鉄でお願いします", "ダクタイル鋳鉄"),
    ("specifications", "色：黒、厚さ：3mm", "色：黒"),
    ("certificates", "ミルシートと原産地証明書が必要です", "ミルシート"),
    ("payment", "お支払い条件は月末締め", "お支払い条件は月末締め"),
    ("payment", "前払い30%", "前払い30%"),
    ("delivery", "納期はどのくらいですか", "納期はどのくらいですか"),
    ("delivery", "3月末までに納品", "3月末までに納品"),
    ("packaging", "木箱に入れてください", "木箱に入れてください"),
    ("target_price", "目標単価は450円", "目標単価は450円"),
    ("moq", "最小発注数量を教えてください", "最小発注数量"),
    ("samples", "無料サンプルをお願いします", "無料サンプル"),
    ("annual_volume", "年間約20,000個", "年間約20,000個"),
    ("drawings", "図面を添付します", "図面"),
    ("urgency", "至急ご回答ください", "至急"),
    # Korean
    ("products", "황동 볼밸브에 대한 견적을 요청드립니다.", "황동 볼밸브"),
    ("products", "스테인리스 플랜지를 구매하고자 합니다.", "스테인리스 플랜지"),
    ("products", "귀사의 유압 호스에 관심이 있습니다.", "유압 호스"),
    ("materials", "본체는 탄소강으로 부탁드립니다", "탄소강"),
    ("specifications", "색상: 검정, 두께: 3mm", "색상: 검정"),
    ("certificates", "시험성적서와 원산지 증명서가 필요합니다", "시험성적서"),
    ("payment", "결제 조건은 30일", "결제 조건은 30일"),
    ("payment", "선금 30%", "선금 30%"),
    ("delivery", "납기는 얼마나 걸립니까", "납기는 얼마나 걸립니까"),
    ("delivery", "3월 말까지 납품", "3월 말까지 납품"),
    ("packaging", "나무상자에 넣어 주세요", "나무상자"),
    ("target_price", "목표 단가는 4달러", "목표 단가는 4달러"),
    ("moq", "최소 주문 수량을 알려 주세요", "최소 주문 수량"),
    ("samples", "무료 샘플 부탁드립니다", "무료 샘플"),
    ("annual_volume", "연간 약 20,000개", "연간 약 20,000개"),
    ("drawings", "도면을 첨부합니다", "도면"),
    ("urgency", "급히 필요합니다", "급히"),
]
QUANTITIES = [
    ("500 pezzi", 500, "pcs"), ("20 rotoli", 20, "rolls"), ("3 bancali", 3, "pallets"), ("12 dozzine", 12, "dozen"),
    ("500 adet", 500, "pcs"), ("20 rulo", 20, "rolls"), ("3 varil", 3, "drums"), ("40 koli", 40, "boxes"),
    ("500 cái", 500, "pcs"), ("20 cuộn", 20, "rolls"), ("3 tấn", 3, "t"), ("40 thùng", 40, "boxes"),
    ("500個", 500, "pcs"), ("20巻", 20, "rolls"), ("3トン", 3, "t"), ("40ケース", 40, "boxes"),
    ("500개", 500, "pcs"), ("20롤", 20, "rolls"), ("3톤", 3, "t"), ("40박스", 40, "boxes"),
]  # fmt: skip
# Words that another language writes alike, and talk that asks for nothing.
NOTHING = [
    "The top 100 top brands can be found on page 2 can you see it", "See chapter 5 ta and 3 con of the set",
    "2 ml of the sample were taken", "Grazie per la risposta, a presto.", "Teşekkür ederiz, iyi çalışmalar.",
    "Cảm ơn anh, hẹn gặp lại.", "先日はありがとうございました。", "안녕하세요, 감사합니다.",
]  # fmt: skip
PHRASES: list[tuple[str, str]] = [
    # Turkish
    ("money.large-sum", "10 milyon dolar"), ("money.estate", "mirasçı olmanızı istiyorum"), ("money.move-funds", "parayı hesabınıza transfer etmek"),
    ("money.secrecy", "bu konu kesinlikle gizli"), ("fees.before-order", "ihale ücreti ödemeniz gerekir"), ("tender.eoi", "tedarikçi kaydı için davet"),
    ("deal.new-bank", "banka hesabımız değişti"), ("deal.attached-order", "ekteki siparişi inceleyin"), ("deal.payment-proof", "ödeme dekontu ektedir"),
    ("deal.your-products", "ürünlerinizle ilgileniyoruz"), ("deal.catalogue-ask", "kataloğunuzu gönderir misiniz"), ("samples.free", "ücretsiz numune"),
    ("samples.pays", "kargo ücreti bize ait"), ("invitation.letter", "vize için davet mektubu"), ("tone.pressure", "24 saat içinde"),
    ("pitch.we-make", "Firmamız hidrolik pompa üretmektedir"), ("notice.out-of-office", "otomatik yanıt"), ("tone.messenger", "WhatsApp'tan yazın"),
    # Vietnamese
    ("money.large-sum", "10 triệu đô la"), ("money.estate", "tài sản thừa kế"), ("money.secrecy", "tuyệt đối bí mật"), ("fees.before-order", "phí dự thầu"),
    ("tender.eoi", "thư mời thầu"), ("deal.new-bank", "thay đổi tài khoản ngân hàng"), ("deal.attached-order", "đính kèm đơn hàng"),
    ("deal.payment-proof", "biên lai chuyển khoản"), ("deal.your-products", "sản phẩm của quý công ty"), ("deal.catalogue-ask", "gửi cho tôi bảng giá"),
    ("samples.free", "mẫu miễn phí"), ("samples.pays", "chúng tôi chịu phí vận chuyển"), ("invitation.letter", "thư mời làm việc"),
    ("tone.pressure", "cảnh báo cuối cùng"), ("pitch.we-make", "Chúng tôi chuyên sản xuất van"), ("notice.unsubscribe", "hủy đăng ký"),
    # Korean
    ("money.large-sum", "천만 달러"), ("money.estate", "유산 상속"), ("money.secrecy", "비밀로 유지해 주십시오"), ("fees.before-order", "입찰 수수료"),
    ("tender.eoi", "협력업체 등록"), ("deal.new-bank", "계좌가 변경되었습니다"), ("deal.attached-order", "첨부된 주문서를 보세요"),
    ("deal.payment-proof", "송금 확인증"), ("deal.your-products", "귀사의 제품"), ("deal.catalogue-ask", "카탈로그를 보내 주세요"),
    ("samples.free", "무료 샘플"), ("samples.pays", "샘플 비용은 저희가 부담"), ("invitation.letter", "비자 초청장"), ("tone.pressure", "최종 경고"),
    ("pitch.we-make", "저희는 밸브 전문 제조업체입니다"), ("notice.out-of-office", "자동 회신"),
    # Japanese and Italian
    ("deal.your-products", "御社の製品"), ("deal.catalogue-ask", "カタログをお送りください"), ("deal.past-dealing", "先日のお打ち合わせ"),
    ("deal.confirm-receipt", "ご確認をお願いします"), ("tone.messenger", "LINEで連絡"),
    ("deal.your-products", "i vostri prodotti"), ("deal.catalogue-ask", "inviarci il catalogo"), ("deal.past-dealing", "come concordato"),
    ("deal.confirm-receipt", "vi preghiamo di confermare"), ("tone.messenger", "scrivetemi su WhatsApp"),
    # The eight languages that come first
    ("deal.your-products", "estamos interesados en sus productos"), ("deal.catalogue-ask", "envíenos su catálogo"), ("deal.past-dealing", "según lo acordado"),
    ("deal.your-products", "os seus produtos"), ("deal.catalogue-ask", "envie o catálogo"), ("deal.past-dealing", "conforme combinado"),
    ("deal.your-products", "vos produits"), ("deal.catalogue-ask", "envoyez-nous votre catalogue"), ("deal.past-dealing", "comme convenu"),
    ("deal.your-products", "Ihre Produkte"), ("deal.catalogue-ask", "senden Sie uns Ihren Katalog"), ("deal.past-dealing", "wie besprochen"),
    ("deal.your-products", "вашей продукцией"), ("deal.catalogue-ask", "пришлите нам ваш каталог"), ("deal.past-dealing", "как договаривались"),
    ("deal.your-products", "منتجاتكم"), ("deal.catalogue-ask", "نرجو ارسال الكتالوج"), ("deal.past-dealing", "حسب الاتفاق"),
    ("deal.past-dealing", "按照我们之前的沟通"), ("deal.confirm-receipt", "請儘快確認"),
]  # fmt: skip


def same(one: str, other: str) -> bool:
    return " ".join(fold(one).split()) == " ".join(fold(other).split())


@pytest.mark.parametrize(("field", "text", "quote"), REQUESTS)
def test_what_buyers_ask_for(facts_of, field: str, text: str, quote: str) -> None:
    found = getattr(facts_of({"text": text, "subject": "x"}).request, field)
    assert any(same(e.quote, quote) for e in found), [e.quote for e in found]


@pytest.mark.parametrize(("text", "value", "unit"), QUANTITIES)
def test_quantities(facts_of, text: str, value: float, unit: str) -> None:
    found = facts_of({"text": text, "subject": "x"}).request.quantities
    assert [(q.value, q.unit) for q in found] == [(value, unit)]


@pytest.mark.parametrize("text", NOTHING)
def test_nothing_is_asked_for(facts_of, text: str) -> None:
    request = facts_of({"text": text, "subject": "x"}).request
    assert not request.quantities
    assert not request.products


@pytest.mark.parametrize(("tag", "text"), PHRASES)
def test_phrases(facts_of, tag: str, text: str) -> None:
    assert facts_of({"text": f"{text}.", "subject": "x"}).says(tag)


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("発注：ステンレスカップ 500個", "ステンレスカップ"),
        ("견적 요청: 금속 지퍼 5호 20,000개", "금속 지퍼 5호"),
        ("Xin báo giá ghế văn phòng 200 cái", "ghế văn phòng"),
    ],
)
def test_the_amount_is_no_part_of_the_name(facts_of, text: str, product: str) -> None:
    assert product in [e.quote for e in facts_of({"text": "x", "subject": text}).request.products]


@pytest.mark.parametrize("text", ["納期は1月20日まで", "3월 20일까지 납품", "交货期为1月20日"])
def test_a_date_is_no_yearly_volume(facts_of, text: str) -> None:
    assert facts_of({"text": text, "subject": "x"}).request.annual_volume == ()


def test_ports_in_their_own_words(facts_of) -> None:
    for text, port in (
        ("resa CIF porto di Genova", "Genova"),
        ("CIF Mersin limanı", "Mersin"),
        ("giao tại cảng Hải Phòng", "Hải Phòng"),
        ("横浜港まで", "横浜"),
        ("부산항까지 운임", "부산"),
    ):
        found = facts_of({"text": text, "subject": "x"}).request.port
        assert found is not None, text
        assert port in found.quote
