/// Which addresses the gateway may connect to.
///
/// Everything that is not plainly the public internet is refused; `allowPrivate` opens what a company's own hub may
/// live on. Link-local addresses and the metadata services of clouds are refused even then: they hand out credentials
/// to whoever can make this host send a request.
///
/// - SeeAlso: RFC 6890 and IANA's special-purpose address registries.
enum AddressRules {
    /// Why an address is refused, as words that follow “is”; nil when it may be connected to.
    static func refusal(of address: IPAddress, allowPrivate: Bool) -> String? {
        switch kind(of: address) {
        case .publicInternet: nil
        case .internalNetwork(let name): allowPrivate ? nil : name
        case .never(let name): name
        }
    }

    private enum Kind {
        case publicInternet
        /// Refused unless the upstream may be private.
        case internalNetwork(String)
        case never(String)
    }

    private static func kind(of address: IPAddress) -> Kind {
        switch address {
        case .v4(let value): kind(ofV4: value)
        case .v6(let high, let low): kind(ofV6: high, low)
        }
    }

    private static func kind(ofV4 value: UInt32) -> Kind {
        if metadataV4.contains(value) { return .never("a cloud's metadata service") }
        for (network, bits, kind) in v4Networks where value >> (32 - bits) == network >> (32 - bits) { return kind }
        return .publicInternet
    }

    /// Metadata services outside 169.254/16: Alibaba 100.100.100.200, Azure 168.63.129.16, Oracle 192.0.0.192.
    private static let metadataV4: Set<UInt32> = [0x6464_64C8, 0xA83F_8110, 0xC000_00C0]

    private static let v4Networks: [(network: UInt32, bits: UInt32, kind: Kind)] = [
        (0x0000_0000, 8, .never("unspecified (0.0.0.0/8)")),
        (0x0A00_0000, 8, .internalNetwork("private (10/8)")),
        (0x6440_0000, 10, .internalNetwork("shared by a carrier (100.64/10)")),
        (0x7F00_0000, 8, .internalNetwork("loopback")),
        (0xA9FE_0000, 16, .never("link-local")),
        (0xAC10_0000, 12, .internalNetwork("private (172.16/12)")),
        (0xC000_0000, 24, .never("reserved for protocols (192.0.0/24)")),
        (0xC000_0200, 24, .never("for documentation")),
        (0xC058_6300, 24, .never("a 6to4 relay")),
        (0xC0A8_0000, 16, .internalNetwork("private (192.168/16)")),
        (0xC612_0000, 15, .internalNetwork("for benchmarks (198.18/15)")),
        (0xC633_6400, 24, .never("for documentation")),
        (0xCB00_7100, 24, .never("for documentation")),
        (0xE000_0000, 4, .never("multicast")),
        (0xF000_0000, 4, .never("reserved (240/4)")),
    ]

    private static func kind(ofV6 high: UInt64, _ low: UInt64) -> Kind {
        if high == 0, low == 0 { return .never("unspecified") }
        if high == 0, low == 1 { return .internalNetwork("loopback") }
        if let inner = embeddedV4(high, low) {
            if case .never(let name) = kind(ofV4: inner) { return .never(name) }
            return .internalNetwork("an IPv4 address within IPv6")
        }
        if metadataV6.contains(where: { $0 == high && $1 == low }) { return .never("a cloud's metadata service") }
        for (network, bits, kind) in v6Networks where high >> (64 - bits) == network >> (64 - bits) { return kind }
        return .publicInternet
    }

    /// AWS fd00:ec2::254 and Google fd20:ce::254.
    private static let metadataV6: [(UInt64, UInt64)] = [
        (0xFD00_0EC2_0000_0000, 0x254), (0xFD20_00CE_0000_0000, 0x254),
    ]

    /// The first 64 bits decide in each of these.
    private static let v6Networks: [(network: UInt64, bits: UInt64, kind: Kind)] = [
        (0xFE80_0000_0000_0000, 10, .never("link-local")),
        (0xFEC0_0000_0000_0000, 10, .internalNetwork("site-local")),
        (0xFC00_0000_0000_0000, 7, .internalNetwork("private (fc00::/7)")),
        (0xFF00_0000_0000_0000, 8, .never("multicast")),
        (0x0100_0000_0000_0000, 64, .never("a discard address")),
        (0x2001_0000_0000_0000, 32, .never("a Teredo tunnel")),
        (0x2001_0002_0000_0000, 48, .internalNetwork("for benchmarks (2001:2::/48)")),
        (0x2001_0010_0000_0000, 28, .never("an ORCHID identifier")),
        (0x2001_0020_0000_0000, 28, .never("an ORCHID identifier")),
        (0x2001_0DB8_0000_0000, 32, .never("for documentation")),
        (0x3FFF_0000_0000_0000, 20, .never("for documentation")),
        (0x0064_FF9B_0001_0000, 48, .internalNetwork("a local NAT64 address")),
        (0x0000_0000_0000_0000, 8, .never("reserved (::/8)")),
    ]

    /// The IPv4 address that v4-mapped, v4-compatible, translated, NAT64 and 6to4 addresses stand for.
    private static func embeddedV4(_ high: UInt64, _ low: UInt64) -> UInt32? {
        if high == 0, low >> 32 == 0 || low >> 32 == 0xFFFF { return UInt32(truncatingIfNeeded: low) }
        if high == 0, low >> 32 == 0xFFFF_0000 { return UInt32(truncatingIfNeeded: low) }
        if high == 0x0064_FF9B_0000_0000, low >> 32 == 0 { return UInt32(truncatingIfNeeded: low) }
        if high >> 48 == 0x2002 { return UInt32(truncatingIfNeeded: high >> 16) }
        return nil
    }
}
