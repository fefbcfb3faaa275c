"""Free ports: below the range of outgoing connections, preferred ones kept."""

import socket

from deploy.services.ports import choose, is_free


def test_each_name_has_a_free_port_of_its_own() -> None:
    chosen = choose(["kafka", "kafka_controller", "elasticsearch"], {})
    assert len(set(chosen.values())) == 3
    assert all(20_000 <= port < 30_000 and is_free(port) for port in chosen.values())


def test_the_preferred_port_is_kept_while_it_is_free() -> None:
    first = choose(["kafka"], {})
    assert choose(["kafka"], first) == first
    with socket.create_server(("127.0.0.1", first["kafka"])):
        assert not is_free(first["kafka"])
        assert choose(["kafka"], first) != first


def test_two_names_never_get_one_preferred_port() -> None:
    port = choose(["kafka"], {})["kafka"]
    chosen = choose(["kafka", "elasticsearch"], {"kafka": port, "elasticsearch": port})
    assert chosen["kafka"] == port
    assert chosen["elasticsearch"] != port
