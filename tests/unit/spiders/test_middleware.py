import pytest
from twisted.internet.address import IPv4Address

from spiders.middleware import GuardedResolver, is_public, seconds_of


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "fe80::1",
        "fc00::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "192.0.2.1",
        "fec0::1",
        "::127.0.0.1",
        "::8.8.8.8",
        "64:ff9b:1::1",
        "::ffff:0:127.0.0.1",
        "::ffff:0:10.0.0.1",
    ],
)
def test_special_addresses_are_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946"])
def test_ordinary_addresses_are_public(address):
    assert is_public(address)


class Resolver:
    """Answers every name with one address, as Twisted's own does."""

    def __init__(self, address):
        self.address = address

    def resolveHostName(self, receiver, name, port=0, types=None, semantics="TCP"):
        receiver.resolutionBegan(None)
        receiver.addressResolved(IPv4Address("TCP", self.address, port))
        receiver.resolutionComplete()


class Receiver:
    def __init__(self):
        self.found = []

    def resolutionBegan(self, resolution):
        pass

    def addressResolved(self, address):
        self.found.append((address.host, address.port))

    def resolutionComplete(self):
        pass


def resolved(guard, port):
    receiver = Receiver()
    guard.resolveHostName(receiver, "public.example", port)
    return receiver.found


def test_a_public_name_that_leads_to_a_private_address_is_refused_and_remembered():
    guard = GuardedResolver(Resolver("127.0.0.1"), [])
    assert resolved(guard, 80) == []
    assert guard.refused == {"public.example": "127.0.0.1:80"}


def test_only_the_exact_pair_of_the_configuration_is_let_through():
    guard = GuardedResolver(Resolver("127.0.0.5"), ["127.0.0.5:8080"])
    assert resolved(guard, 8080) == [("127.0.0.5", 8080)]
    assert resolved(guard, 80) == []


def test_retry_after_is_read_as_seconds_or_as_a_date():
    assert seconds_of("7") == 7
    assert seconds_of("Mon, 01 Jan 2001 00:00:00 GMT") == 0
    assert seconds_of("soon") is None
