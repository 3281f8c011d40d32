"""CSV files as firms have them, and what becomes of each row."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from keeneye import imports
from keeneye.entries import CustomerEntry, ImportAnswer, PartnerEntry, ProductEntry
from keeneye.imports import COLUMNS, Unreadable, country, own_domain, parse_csv, parse_list
from keeneye.lookups.domains import Domains
from keeneye.store import Store, catalogue, tables
from keeneye.store.migrations import migrate
from keeneye.store.secret import Secret

SIMPLE = "name,email,orders\nAcme GmbH,ann@acme.example,3\n"
DOMAINS = Domains()


def only(kind: str, content: str | bytes) -> CustomerEntry | ProductEntry | PartnerEntry:
    """The single entry of a file without any complaint."""
    parsed = parse_csv(kind, content.encode() if isinstance(content, str) else content)
    assert (parsed.refused, parsed.notes, parsed.unused) == ([], [], [])
    [entry] = parsed.entries
    return entry  # type: ignore[return-value]


def refused(kind: str, content: str) -> list[tuple[int, str]]:
    return [(r.row, r.reason) for r in parse_csv(kind, content.encode()).refused]


# ------------------------------------------------------------------ reading


@pytest.mark.parametrize(
    "content",
    [
        SIMPLE.encode(),
        b"\xef\xbb\xbf" + SIMPLE.encode(),
        SIMPLE.replace("\n", "\r\n").encode(),
        SIMPLE.replace(",", ";").encode(),
        SIMPLE.replace(",", "\t").encode(),
        SIMPLE.encode("utf-16"),
        b"sep=;\n" + SIMPLE.replace(",", ";").encode(),
        b"\n\n" + SIMPLE.encode() + b"\n,,\n",
        SIMPLE.replace("name,", "NAME ,").encode(),
        b'"name","email","orders"\n"Acme GmbH","ann@acme.example","3"\n',
    ],
)
def test_however_it_is_written_it_is_one_customer(content: bytes) -> None:
    entry = only("customers", content)
    assert isinstance(entry, CustomerEntry)
    assert (entry.name, entry.emails, entry.ordered) == ("Acme GmbH", ["ann@acme.example"], 3)


def test_chinese_headings_in_gb18030() -> None:
    content = (
        "公司名称,邮箱,网站,国家,订单数,最近下单,已寄样,来访,市场地位,开户国,联系人\n"
        "安第斯流体设备公司,compras@andes.example,www.andes.example,秘鲁,2单,2026年3月9日,是,否,当地前三的阀门进口商,秘鲁,罗莎\n"
    ).encode("gb18030")
    assert only("customers", content) == CustomerEntry(
        name="安第斯流体设备公司", emails=["compras@andes.example"], domains=["www.andes.example"], country="PE",
        ordered=2, ordered_at=date(2026, 3, 9), sampled=True, visited=False, standing="当地前三的阀门进口商",
        bank_country="PE", people=["罗莎"],
    )  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_spanish_headings(encoding: str) -> None:
    content = (
        "Razón social;Correo electrónico;Página web;País;Pedidos;Último pedido;Muestra;Nos visitó;País del banco\n"
        "Válvulas Peñalara S.A.;ana@penalara.example;https://penalara.example/es;España;sí;9.3.2026;no;sí;España\n"
    ).encode(encoding)
    entry = only("customers", content)
    assert isinstance(entry, CustomerEntry)
    assert (entry.name, entry.country, entry.bank_country) == ("Válvulas Peñalara S.A.", "ES", "ES")
    assert (entry.ordered, entry.ordered_at, entry.sampled, entry.visited) == (1, date(2026, 3, 9), False, True)


def test_products_and_partners() -> None:
    product = only(
        "products",
        "Product,Synonyms,Model No.,HS code,Unit\n"
        "Ball valve,球阀; válvula de bola |Kugelhahn,BV-20;BV-25,8481.80,pcs;sets\n",
    )
    assert product == ProductEntry(
        name="Ball valve", names=["球阀", "válvula de bola", "Kugelhahn"], models=["BV-20", "BV-25"], hs="848180",
        units=["pcs", "sets"],
    )  # fmt: skip
    partner = only(
        "partners",
        "partner;domain;contact;bank country\nBaltic Forwarding;baltic.example,baltic-forwarding.example;"
        '"Anna Berg <anna.berg@mail.example>;Lars Holm";Germany\n',
    )
    assert partner == PartnerEntry(
        name="Baltic Forwarding", domains=["baltic.example", "baltic-forwarding.example"],
        people=["Anna Berg <anna.berg@mail.example>", "Lars Holm"], bank_country="DE",
    )  # fmt: skip


def test_a_unit_that_is_not_known_is_told() -> None:
    parsed = parse_csv(
        "products", "name,unit\nTap,PCS.; pieces; 个; Stück; piezas; шт; pièces\nWire,hank;kg\n".encode()
    )
    assert [(n.row, n.reason) for n in parsed.notes] == [(3, "unit 'hank' is not known: no amount is judged")]


def test_a_row_for_each_contact_is_one_customer() -> None:
    content = (
        "company,contact,email,orders,last order\nAcme,Ann Lee,ann@acme.example,2,2026-01-02\n"
        "ACME ,Bob Ray <bob@acme.example>,,4,2025-12-24\n"
    )
    assert only("customers", content) == CustomerEntry(
        name="Acme", people=["Ann Lee", "Bob Ray"], emails=["ann@acme.example", "bob@acme.example"], ordered=4,
        ordered_at=date(2026, 1, 2),
    )  # fmt: skip


def test_every_wrong_row_is_named_and_the_others_are_taken() -> None:
    content = (
        "name,email,orders,sampled,bank country\n"
        "Good,,,,\n"
        ",x@y.example,,,\n"
        "Bad mail,x.example,,,\n"
        '"Two\nlines",,many,,\n'
        "Half sampled,,,perhaps,\n"
        "Bank,,,,Atlantis\n"
        "Too long,,,,,,more\n"
        "Also good,n/a,-,yes,DE\n"
    )
    parsed = parse_csv("customers", content.encode())
    assert [e.name for e in parsed.entries] == ["Good", "Also good"]
    assert [(r.row, r.reason) for r in parsed.refused] == [
        (3, "name: is empty"),
        (4, "emails 'x.example': is not a mail address"),
        (5, "ordered 'many': is not a number"),
        (7, "sampled 'perhaps': is neither yes nor no"),
        (8, "bank_country 'Atlantis': is not a country"),
        (9, "has 7 cells, but the first line has 5"),
    ]


def test_what_is_only_said_beside_is_left_out_with_a_note() -> None:
    parsed = parse_csv("customers", b"name,country,last order,fax\nAcme,Atlantis,some day,1\n")
    assert [e.model_dump(exclude_unset=True) for e in parsed.entries] == [
        {"name": "Acme", "country": None, "ordered_at": None}
    ]
    assert [n.row for n in parsed.notes] == [2, 2]
    assert parsed.unused == ["fax"]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["3/4/2026"], [None]),
        (["3/4/2026", "25/12/2025"], [date(2026, 4, 3), date(2025, 12, 25)]),
        (["3/4/2026", "12/25/2025"], [date(2026, 3, 4), date(2025, 12, 25)]),
        (["3.4.2026", "2026/4/3", "2026-04-03 10:20", "46115", "2026"], [date(2026, 4, 3)] * 4 + [date(2026, 1, 1)]),
        (["31/31/2026", "2026-13-01", "soon"], [None, None, None]),
    ],
)
def test_days(cells: list[str], expected: list[date | None]) -> None:
    days = imports._Days(cells)
    assert [days.read(c) for c in cells] == expected


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"\n \n", "empty"),
        (b"colour,size\nred,1\n", "no column holds the names"),
        (b'name\n"' + b"x" * 200_000 + b'"\n', "field larger"),
        (b'name,note\nAcme,"a\nb"\n"Beta,x\nGamma,y\nDelta,z\n', "line 4: a quotation mark is not closed"),
        (b'name,note\n"Acme" Ltd,x\n', "line 2: a quotation mark is not closed"),
    ],
)
def test_files_that_cannot_be_read_say_why(content: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        parse_csv("customers", content)


@pytest.mark.parametrize("kind", ["customers", "products", "partners"])
def test_no_heading_means_two_things(kind: str) -> None:
    table = tomllib.loads(COLUMNS.read_text("utf-8"))[kind]
    headings = [(imports._heading(name), field) for field, names in table.items() for name in names]
    assert len({h for h, _ in headings}) == len({(h, f) for h, f in headings})
    assert all(h for h, _ in headings)
    fields = {"contact": "people"}
    model = {"customers": CustomerEntry, "products": ProductEntry, "partners": PartnerEntry}[kind]
    assert {fields.get(f, f) for f in table} <= set(model.model_fields)


def test_countries() -> None:
    assert [country(c) for c in ("DE", "germany", "德国", "Alemania", "U.S.A.", "UK", "Hong Kong", "XX", "?")] == [
        "DE", "DE", "DE", "DE", "US", "GB", "HK", None, None,
    ]  # fmt: skip


def test_json_lists_name_the_place() -> None:
    parsed = parse_list("products", [{"name": "Ball valve"}, {"name": "Tap", "hs": "x"}, "Tap", {"names": []}])
    assert [e.name for e in parsed.entries] == ["Ball valve"]
    assert [r.row for r in parsed.refused] == [2, 3, 4]
    assert "hs 'x'" in parsed.refused[0].reason


def test_whose_domain_it_is() -> None:
    of = own_domain(DOMAINS.firms_own, ["Exporter.example"])
    assert of("https://www.acme.example/contact") == "acme.example"
    assert of("ann@mail.acme.example") == "acme.example"
    for shared in (
        "gmail.com",
        "qq.com",
        "alibaba.com",
        "x@exporter.example",
        "acme.weebly.com",
        "bit.ly",
        "",
        "acme",
        "a\x00.example",
    ):
        assert of(shared) is None, shared


# ------------------------------------------------------------------ into the store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(f"sqlite:///{tmp_path}/k.sqlite3", Secret(b"x" * 32))
    migrate(made.engine)
    yield made
    made.close()


def bring(store: Store, kind: str, content: str, **how: bool) -> ImportAnswer:
    return imports.bring(store, 1, kind, parse_csv(kind, content.encode()), own_domain(DOMAINS.firms_own), **how)


def figures(answer: ImportAnswer) -> tuple[int, int, int, int]:
    return answer.added, answer.changed, answer.same, answer.removed


def names(store: Store) -> list[str]:
    with store.engine.connect() as connection:
        return list(connection.scalars(select(tables.customers.c.name).order_by(tables.customers.c.name)))


def test_the_same_file_twice_changes_nothing(store: Store) -> None:
    assert figures(bring(store, "customers", SIMPLE)) == (1, 0, 0, 0)
    assert figures(bring(store, "customers", SIMPLE)) == (0, 0, 1, 0)
    assert figures(bring(store, "customers", SIMPLE.replace(",3", ",4"))) == (0, 1, 0, 0)


def test_rehearsal_and_strictness_write_nothing(store: Store) -> None:
    assert figures(bring(store, "customers", SIMPLE, dry_run=True)) == (1, 0, 0, 0)
    assert names(store) == []
    bad = SIMPLE + "Bad,not a mail,1\n"
    assert figures(bring(store, "customers", bad, strict=True)) == (0, 0, 0, 0)
    assert names(store) == []
    assert figures(bring(store, "customers", bad)) == (1, 0, 0, 0)


def test_replacing_removes_the_others_but_never_for_a_wrong_row(store: Store) -> None:
    bring(store, "customers", "name\nOld\nAcme GmbH\n")
    assert figures(bring(store, "customers", SIMPLE + "Bad,not a mail,1\n", replace_all=True)) == (0, 0, 0, 0)
    assert figures(bring(store, "customers", "name\n", replace_all=True)) == (0, 0, 0, 0)
    assert names(store) == ["Acme GmbH", "Old"]
    assert figures(bring(store, "customers", SIMPLE, replace_all=True)) == (0, 1, 0, 1)
    assert names(store) == ["Acme GmbH"]


def test_a_mail_providers_domain_is_nobodys(store: Store) -> None:
    done = bring(store, "customers", "name,email,website\nAcme,acme@gmail.com,gmail.com\nBolt,ann@bolt.example,\n")
    assert [(n.row, "gmail.com" in n.reason) for n in done.notes] == [(2, True)]
    with store.engine.connect() as connection:
        values = set(connection.scalars(select(tables.customer_addresses.c.value)))
        assert values == {"acme@gmail.com", "ann@bolt.example", "bolt.example"}
        assert catalogue.customer(connection, 1, "acme@gmail.com", None) is not None
        assert catalogue.customer(connection, 1, "other@gmail.com", "gmail.com") is None


# ------------------------------------------------------------------ odd files


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["customers", "products", "partners"]),
    st.one_of(
        st.binary(max_size=400),
        st.text(max_size=200).map(
            lambda t: ("name,email,orders,last order,contact,unit\n" + t).encode("utf-8", "replace")
        ),
        st.lists(st.lists(st.text(max_size=30), max_size=7), max_size=6).map(
            lambda rows: "\n".join(["公司;网站;国家;来访;型号;开户国", *(";".join(r) for r in rows)]).encode(
                "gb18030", "replace"
            )
        ),
    ),
)
def test_whatever_stands_in_a_file_each_row_is_taken_or_refused(kind: str, content: bytes) -> None:
    try:
        parsed = parse_csv(kind, content)
    except Unreadable:
        return
    assert len(parsed.entries) == len(parsed.places) == len({e.key for e in parsed.entries})
    assert all(r.reason for r in (*parsed.refused, *parsed.notes))
    for entry in parsed.entries:
        type(entry).model_validate(entry.model_dump(mode="json", exclude_unset=True))


def test_what_was_parsed_can_always_be_stored(store: Store) -> None:
    odd = "name,email,website,contact,orders,last order\n" + "\n".join(
        (
            '"A\u200b b",x@y.example,http://[::1]/,"<x@z.example>",1e3,0001-01-01',
            "B,a@b.c;d@e.f,;;;,Ann;;Bob <b@b.example>;,999999,9999-12-31",
            "\U0001f600,,www.\u4e2d\u6587.example,\ud83d,,",
            f"{'n' * 200},{'l' * 60}@{'d' * 60}.example,{'w' * 300}.example,{'p' * 200},,60000",
        )
    )
    parsed = parse_csv("customers", odd.encode("utf-8", "surrogatepass").replace(b"\xed\xa0\xbd", b"?"))
    done = imports.bring(store, 1, "customers", parsed, own_domain(DOMAINS.firms_own))
    assert done.added == len(parsed.entries) >= 2
    assert {r.row for r in parsed.refused} | set(parsed.places) == {2, 3, 4, 5}
