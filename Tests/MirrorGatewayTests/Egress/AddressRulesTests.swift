import Testing

@testable import MirrorGateway

@Suite("An address")
struct AddressRulesTests {
    @Test(
        "of the public internet may be connected to",
        arguments: ["1.1.1.1", "8.8.8.8", "172.15.0.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00::1"])
    func allowsPublic(text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(AddressRules.refusal(of: address, allowPrivate: false) == nil)
    }

    @Test(
        "inside is refused unless the upstream may be private",
        arguments: [
            "127.0.0.1", "127.255.255.254", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1",
            "100.127.255.255", "198.18.0.1", "::1", "fc00::1", "fdff::1", "fec0::1", "::ffff:127.0.0.1",
            "::ffff:8.8.8.8", "::ffff:0:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1",
            "2002:7f00:1::1", "2002:808:808::1", "2001:2::1",
        ])
    func guardsInternal(text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(AddressRules.refusal(of: address, allowPrivate: false) != nil)
        #expect(AddressRules.refusal(of: address, allowPrivate: true) == nil)
    }

    @Test(
        "of metadata services, link-local, multicast and reserved ranges is refused always",
        arguments: [
            "169.254.169.254", "169.254.0.1", "0.0.0.0", "0.1.2.3", "224.0.0.1", "255.255.255.255", "240.0.0.1",
            "192.0.0.192", "192.0.2.1", "192.88.99.1", "203.0.113.9", "100.100.100.200", "168.63.129.16", "::",
            "fe80::1", "febf::1", "ff02::1", "fd00:ec2::254", "fd20:ce::254", "::ffff:169.254.169.254",
            "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::1", "::ffff:0.0.0.0", "::2", "2001::1", "2001:db8::1", "100::1",
        ])
    func refusesAlways(text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(AddressRules.refusal(of: address, allowPrivate: true) != nil)
        #expect(AddressRules.refusal(of: address, allowPrivate: false) != nil)
    }

    @Test(
        "is read from its plain notation only", arguments: ["127.1", "2130706433", "0x7f.0.0.1", "::1%lo", "[::1]", ""])
    func parsesStrictly(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test("is read from bytes and written in canonical form")
    func bytes() {
        #expect(IPAddress(bytes: [127, 0, 0, 1])?.description == "127.0.0.1")
        #expect(IPAddress(bytes: [UInt8](repeating: 0, count: 15) + [1])?.description == "::1")
        #expect(IPAddress(bytes: [1, 2]) == nil)
    }
}
