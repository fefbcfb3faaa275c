"""Which outlet a credit means. All texts and outlets outside the table are invented."""

import pytest

from runtime.agencies import agencies, called, means, publisher
from runtime.folding import fold
from schemas import Outlet


@pytest.mark.parametrize(
    "outlet",
    [
        Outlet(id="tass.ru"),
        Outlet(id="tass.com"),
        Outlet(id="en.tass.com"),
        Outlet(id="tass.ru", name="ТАСС"),
        Outlet(id="tass.com", name="TASS (English)"),
        Outlet(id="mirror.example", name="ТАСС"),
        Outlet(id="TASS", name="TASS"),
        Outlet(id="ИТАР-ТАСС"),
    ],
)
def test_a_credit_means_its_agency_by_host_and_by_each_of_its_names(outlet: Outlet) -> None:
    assert means("TASS", outlet)
    assert means("ТАСС", outlet)
    assert not means("Interfax", outlet)


def test_agencies_of_like_names_are_told_apart() -> None:
    ukrainian = Outlet(id="interfax.com.ua", name="Интерфакс-Украина")
    assert means("Interfax-Ukraine", ukrainian)
    assert not means("Interfax", ukrainian)
    assert not means("TASS", Outlet(id="nottass.ru"))


def test_who_is_not_in_the_table_is_meant_by_name_or_host() -> None:
    paper = Outlet(id="bote.example", name="Rheinland-Bote")
    assert means("Rheinland Bote", paper)
    assert means("bote.example", paper)
    assert not means("Bote", paper)
    assert not means("...", Outlet(id="-"))


def test_the_table_has_each_host_and_each_name_once() -> None:
    hosts = [host for one in agencies() for host in one.hosts]
    names = [name for one in agencies() for name in {fold(alias) for alias in one.aliases}]
    assert len(hosts) == len(set(hosts))
    assert len(names) == len(set(names))
    for one in agencies():
        assert called(one.name) is one
        assert all(publisher(host) is one for host in one.hosts)
