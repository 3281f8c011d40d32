from __future__ import annotations

import shutil
from ipaddress import ip_address
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keeneye.lookups import Lookups, build_geo, geo
from keeneye.lookups.geo import public_ip
from keeneye.lookups.networks import NetworkKinds
from keeneye.model import Place


def place(lookups: Lookups, ip: str) -> Place:
    found = lookups._geo.place(ip)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("ip", "country", "zone", "asn", "kind"),
    [
        ("91.12.3.4", "DE", "Europe/Berlin", 3320, "access"),
        ("2a02:8109::1", "DE", "Europe/Berlin", 3209, "access"),
        ("41.58.1.2", "NG", "Africa/Lagos", 36923, "access"),
        ("223.5.5.5", "CN", "Asia/Shanghai", 37963, "hosting"),
        ("5.9.1.1", "DE", "Europe/Berlin", 24940, "hosting"),
        ("209.85.220.41", "US", "America/Los_Angeles", 15169, "mail_provider"),
    ],
)
def test_places(lookups: Lookups, ip: str, country: str, zone: str, asn: int, kind: str) -> None:
    found = place(lookups, ip)
    assert (found.ip, found.country, found.time_zone, found.asn, found.kind) == (ip, country, zone, asn, kind)
    assert found.city
    assert found.network
    assert found.latitude is not None


def test_an_outgoing_machine_of_microsoft_365_is_a_mail_provider(lookups: Lookups) -> None:
    assert place(lookups, "40.107.8.97").kind == "mail_provider"
    assert place(lookups, "20.50.2.1").kind == "hosting"  # the same network's rented machines


def test_where_the_second_table_disagrees_it_is_said(lookups: Lookups) -> None:
    assert place(lookups, "40.107.1.1").other_country == "US"
    assert place(lookups, "91.12.3.4").other_country is None


def test_the_source_is_told_with_its_month_and_its_link(lookups: Lookups) -> None:
    assert lookups._geo.source == "DB-IP Lite 2026-09"
    assert lookups.attribution == "IP Geolocation by DB-IP (https://db-ip.com)"
    assert lookups.ready() == ()


@pytest.mark.parametrize(
    "text",
    ["10.1.2.3", "192.168.0.1", "127.0.0.1", "172.16.9.9", "100.64.0.1", "169.254.1.1", "192.0.2.1", "198.51.100.7",
     "203.0.113.9", "224.0.0.1", "255.255.255.255", "0.0.0.0", "::1", "fe80::1", "fc00::1", "2001:db8::1", "ff02::1",
     "::ffff:10.0.0.1", "", "x", "1.2.3", "1.2.3.4.5", "999.1.1.1", "1.2.3.4%eth0", "fe80::1%1", "١.٢.٣.٤", "\x00", "[",
     "IPv6:", "1" * 10_000],
)  # fmt: skip
def test_what_is_not_on_the_public_internet_has_no_place(lookups: Lookups, text: str) -> None:
    assert public_ip(text) is None
    assert lookups._geo.place(text) is None


@pytest.mark.parametrize(
    ("text", "ip"),
    [("8.8.8.8", "8.8.8.8"), (" [8.8.8.8] ", "8.8.8.8"), ("[IPv6:2a02:8109::1]", "2a02:8109::1"),
     ("ipv6:2a02:8109::1", "2a02:8109::1"), ("::ffff:8.8.8.8", "8.8.8.8"), ("192.1.2.3", "192.1.2.3"),
     ("172.217.1.1", "172.217.1.1"), ("198.41.0.4", "198.41.0.4")],
)  # fmt: skip
def test_public_addresses_are_read_as_mail_writes_them(text: str, ip: str) -> None:
    assert str(public_ip(text)) == ip


@given(st.ip_addresses())
def test_public_is_what_the_registry_says(ip: object) -> None:
    address = ip_address(str(ip))
    mapped = getattr(address, "ipv4_mapped", None) or address
    assert (public_ip(str(ip)) is not None) == (mapped.is_global and not mapped.is_multicast)


@given(st.text(max_size=70))
def test_any_text_is_taken(lookups: Lookups, text: str) -> None:
    assert lookups._geo.place(text) is None or public_ip(text) is not None


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Kazakhtelecom", "access"),
        ("MINAS TELECOMUNICAÇÕES LTDA", "access"),
        ("Vodafone Czech Republic a.s.", "access"),
        ("PEACHY SERVERS LIMITED", "hosting"),
        ("Klick Webhosting GmbH", "hosting"),
        ("Cloud Viet Technology Company Limited", "hosting"),
        ("Mimecast Services Limited", "mail_provider"),
        ("Mullvad VPN AB", "vpn"),
        # networks of firms, schools and offices are none of these
        ("Mercedes-Benz Group AG", None),
        ("Wonkwang University", None),
        ("Observer Press Ltd", None),
        ("Dimosia Epicheirisi Ilektrismou Anonymi Etaireia", None),
        ("", None),
    ],
)
def test_kind_of_network_by_name(name: str, kind: str | None) -> None:
    assert NetworkKinds().kind(ip_address("192.0.2.1"), 64496, name) == kind


def test_without_files_there_are_no_places_and_it_is_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    lookups = Lookups(tmp_path / "nothing")
    assert lookups._geo.place("8.8.8.8") is None
    assert lookups._geo.source is None
    assert lookups.attribution is None
    assert len(lookups.ready()) == 2
    assert "build_geo" in caplog.text


def test_a_country_table_does_when_there_is_no_city_table(geo_dir: Path, tmp_path: Path) -> None:
    shutil.copy(geo_dir / build_geo.COUNTRY, tmp_path)
    found = place(Lookups(tmp_path), "91.12.3.4")
    assert (found.country, found.city, found.latitude, found.asn) == ("DE", None, None, None)
    assert found.time_zone is None  # Germany has two zones in the table
    assert place(Lookups(tmp_path), "41.58.1.2").time_zone == "Africa/Lagos"


def test_a_changed_file_is_taken_up_without_a_restart(
    geo_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    clock = [1_000.0]
    monkeypatch.setattr(geo.time, "monotonic", lambda: clock[0])
    city, asn = tmp_path / "city.mmdb", tmp_path / "asn.mmdb"
    shutil.copy(geo_dir / build_geo.COUNTRY, city)
    tables = Lookups(tmp_path, city_db=city, asn_db=asn)._geo
    assert place_of(tables).city is None
    assert place_of(tables).asn is None

    def replace(source: Path, target: Path) -> None:
        beside = target.with_suffix(".new")
        shutil.copyfile(source, beside)
        beside.replace(target)

    replace(geo_dir / build_geo.ASN, asn)  # not there before, now it is
    (tmp_path / "link.mmdb").symlink_to(geo_dir / build_geo.CITY)
    (tmp_path / "link.mmdb").replace(city)
    tables.refresh()
    assert place_of(tables).asn is None, "looked at the files again too soon"
    clock[0] += geo.CHECK_EVERY + 0.1
    tables.refresh()
    assert place_of(tables).asn == 3320
    assert place_of(tables).city

    city.unlink()
    city.write_bytes(b"half a file")
    clock[0] += geo.CHECK_EVERY + 0.1
    tables.refresh()
    assert place_of(tables).city, "a broken file put the good one out of use"
    assert "not taken up" in caplog.text
    assert any("city.mmdb" in problem for problem in tables.problems)

    city.unlink()
    tables.refresh(force=True)
    assert tables.place("91.12.3.4") == Place("91.12.3.4", None, asn=3320, network="Deutsche Telekom AG", kind="access")
    assert tables.source is None


def put(content: bytes, target: Path) -> None:
    beside = target.with_suffix(".new")
    beside.write_bytes(content)
    beside.replace(target)


def test_a_city_table_that_comes_later_is_taken_up_and_the_country_table_steps_in(
    geo_dir: Path, tmp_path: Path
) -> None:
    shutil.copy(geo_dir / build_geo.COUNTRY, tmp_path)
    tables = Lookups(tmp_path)._geo
    assert place_of(tables).city is None
    (tmp_path / build_geo.CITY).symlink_to(geo_dir / build_geo.CITY)
    tables.refresh(force=True)
    assert place_of(tables).city
    (tmp_path / build_geo.CITY).unlink()
    tables.refresh(force=True)
    assert (place_of(tables).country, place_of(tables).city) == ("DE", None)


def test_a_spoilt_file_or_one_of_another_kind_is_not_taken_up(geo_dir: Path, tmp_path: Path) -> None:
    good = (geo_dir / build_geo.COUNTRY).read_bytes()
    half = len(good) // 2
    target = tmp_path / build_geo.COUNTRY
    put(good, target)
    tables = Lookups(tmp_path)._geo
    for content, problem in (
        (good[:half] + b"\xff" * (half - 4_000) + good[-4_000:], "bad data"),
        (good[:half], "valid MaxMind DB"),
        (b"", "valid MaxMind DB"),
        ((geo_dir / build_geo.SECOND_COUNTRY).read_bytes(), "wanted City"),
        ((geo_dir / build_geo.ASN).read_bytes(), "wanted City"),
    ):
        put(content, target)
        tables.refresh(force=True)
        assert place_of(tables).country == "DE"
        assert problem in tables.problems[0]
    put(good, target)
    tables.refresh(force=True)
    assert "country" not in "".join(tables.problems)


def test_an_admins_list_tells_the_exits_of_tor(geo_dir: Path, tmp_path: Path) -> None:
    shutil.copy(geo_dir / build_geo.COUNTRY, tmp_path)
    tables = Lookups(tmp_path)._geo
    assert place_of(tables).kind is None
    put(b"# exits\n91.12.3.4\n2a02:8109::1\n\n", tmp_path / geo.TOR_EXITS)
    tables.refresh(force=True)
    assert (place_of(tables).kind, place_of(tables).country) == ("tor", "DE")
    found = tables.place("2a02:8109::1")
    assert found is not None
    assert found.kind == "tor"
    put(b"<html>not found</html>", tmp_path / geo.TOR_EXITS)
    tables.refresh(force=True)
    assert place_of(tables).kind == "tor", "a page instead of the list put the good one out of use"
    (tmp_path / geo.TOR_EXITS).unlink()
    tables.refresh(force=True)
    assert place_of(tables).kind is None


def place_of(tables: geo.Geo) -> Place:
    found = tables.place("91.12.3.4")
    assert found is not None
    return found
