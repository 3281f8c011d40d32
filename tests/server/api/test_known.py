"""What a firm brought speaks in the next verdict."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient

from keeneye.store import tenants

MAIL = (
    "From: Ann Lee <ann@acme.example>\nTo: sales@exporter.example\nSubject: order\n\n"
    "Dear Chen,\nplease quote 500 pcs of Kugelhahn BV-20, CIF Hamburg.\nAnn Lee, Acme GmbH\n"
)


def grade(client: FlaskClient, mail: str = MAIL) -> dict[str, Any]:
    answer = client.post("/api/v1/grade", data=mail.encode(), content_type="message/rfc822")
    assert answer.status_code == 200
    return answer.json  # type: ignore[no-any-return]


def found(verdict: dict[str, Any]) -> set[str]:
    return {f["id"] for f in verdict["findings"] if f["outcome"] == "hit"}


def test_a_customer_who_ordered_is_level_1_and_one_who_is_only_listed_is_not(make_site: Any) -> None:
    client = make_site().client()
    before = grade(client)
    assert before["level"] != 1
    client.put("/api/v1/customers", json=[{"name": "Acme GmbH", "domains": ["acme.example"]}])
    listed = grade(client)
    assert "company.known-customer" in found(listed)
    assert listed["level"] != 1
    client.put("/api/v1/customers", json=[{"name": "Acme GmbH", "ordered": 2, "ordered_at": "2026-03-09"}])
    ordered = grade(client)
    assert ordered["level"] == 1
    assert ordered["facts"]["history"]["customer"] == {
        "name": "Acme GmbH", "ordered": 2, "ordered_at": "2026-03-09T00:00:00Z", "sampled": False, "visited": False,
        "standing": "",
    }  # fmt: skip


def test_the_catalogue_speaks_from_the_next_message_on(make_site: Any) -> None:
    client = make_site().client()
    assert "catalogue.our-product" not in found(grade(client))
    client.put(
        "/api/v1/products", json=[{"name": "Ball valve", "names": ["Kugelhahn"], "units": ["pcs"], "hs": "848180"}]
    )
    verdict = grade(client)
    assert "catalogue.our-product" in found(verdict)
    [finding] = [f for f in verdict["findings"] if f["id"] == "catalogue.our-product"]
    [evidence] = finding["evidence"]
    assert evidence["quote"] == "Kugelhahn"
    assert MAIL.partition("\n\n")[2][evidence["start"] : evidence["end"]] == "Kugelhahn"
    assert "catalogue.strange-unit" in found(grade(client, MAIL.replace("500 pcs", "500 kg")))
    client.put("/api/v1/products?replace=true", json=[{"name": "Steel wire"}])
    assert "catalogue.our-product" not in found(grade(client))


def test_a_copy_of_a_customers_or_partners_domain_is_seen(make_site: Any) -> None:
    client = make_site().client()
    copy = MAIL.replace("ann@acme.example", "ann@andes-fluid0s.example")
    assert "domain.look-alike" not in found(grade(client, copy))
    client.put("/api/v1/customers", json=[{"name": "Andes", "domains": ["andes-fluidos.example"]}])
    assert "domain.look-alike" not in found(grade(client, copy)), "nobody pretends to be one who never bought"
    client.put("/api/v1/customers", json=[{"name": "Andes", "ordered": 1}])
    assert "domain.look-alike" in found(grade(client, copy))
    honest = MAIL.replace("ann@acme.example", "ann@andes-fluidos.example")
    assert "domain.look-alike" not in found(grade(client, honest))
    client.put("/api/v1/partners", json=[{"name": "Baltic Forwarding", "domains": ["baltic-forwarding.example"]}])
    assert "domain.look-alike" in found(grade(client, MAIL.replace("@acme.", "@baltic-forwardlng.")))


def test_a_partners_new_bank_abroad_is_a_danger(make_site: Any) -> None:
    client = make_site().client()
    partner = {"name": "Baltic Forwarding", "domains": ["baltic-forwarding.example"], "bank_country": "DE"}
    client.put("/api/v1/partners", json=[partner | {"people": ["Anna Berg"]}])
    mail = (
        "From: Anna Berg <anna@baltic-forwarding.example>\nTo: sales@exporter.example\nSubject: Invoice 4471\n\n"
        "Dear Chen,\nour bank details have changed. Please pay the freight to our new account {account}.\nAnna Berg\n"
    )
    abroad = grade(client, mail.format(account="IBAN PL61 1090 1014 0000 0712 1981 2874"))
    assert {"partner.bank-country", "partner.known"} <= found(abroad)
    assert (abroad["category"], abroad["subcategory"]) == ("fraud", "payment_diversion")
    at_home = grade(client, mail.format(account="IBAN DE89 3704 0044 0532 0130 00"))
    assert "partner.bank-country" not in found(at_home)
    assert at_home["risk"] < abroad["risk"]
    posing = grade(client, mail.format(account="").replace("anna@baltic-forwarding.example", "a.berg@web-77.example"))
    assert "partner.person-elsewhere" in found(posing)


def test_an_order_nobody_knows_of(make_site: Any) -> None:
    client = make_site().client()
    mail = MAIL.replace("please quote", "we paid the balance of our last order with you. Please quote")
    assert "history.claims-order-unknown" not in found(grade(client, mail)), "no list was given"
    client.put("/api/v1/customers", json=[{"name": "Andes", "domains": ["andes.example"], "ordered": 1}])
    assert "history.claims-order-unknown" in found(grade(client, mail))
    assert "history.claims-order-unknown" not in found(grade(client, mail.replace("@acme.", "@andes.")))
    client.put("/api/v1/customers", json=[{"name": "Acme GmbH", "domains": ["acme.example"]}])
    assert "history.claims-order-unknown" not in found(grade(client, mail))


def test_what_one_tenant_brought_does_not_speak_in_anothers_verdict(make_site: Any) -> None:
    site = make_site()
    store = site.services.store
    other = site.client(store.create_token("desk", tenant_id=tenants.create(store.engine, "Kiel")))
    site.client().put("/api/v1/products", json=[{"name": "Kugelhahn"}])
    site.client().put("/api/v1/customers", json=[{"name": "Acme", "domains": ["acme.example"], "ordered": 1}])
    theirs, ours = grade(other), grade(site.client())
    assert {"catalogue.our-product", "company.known-customer"} <= found(ours)
    assert {"catalogue.our-product", "company.known-customer"}.isdisjoint(found(theirs))
    assert theirs["facts"]["history"]["customer"] is None
