/// A full ref name, `refs/...`, by the rules of `git check-ref-format`.
///
/// Two names are equal when their bytes are: git knows no Unicode normalisation.
package struct RefName: Sendable {
    /// The full name, beginning with `refs/`.
    package let name: String

    /// The longest name taken, in bytes: it must fit a pkt-line beside an id, a `.lock` on disk and a database index.
    package static let maximumByteCount = 1024

    /// Reads a full name; nil when git would refuse it or when it is not under `refs/`.
    package init?(_ full: String) {
        let bytes = Array(full.utf8)
        guard bytes.count <= Self.maximumByteCount, bytes.starts(with: Array("refs/".utf8)) else { return nil }
        let components = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard components.count >= 2, components.allSatisfy(Self.isValid(component:)) else { return nil }
        guard bytes.last != UInt8(ascii: "."), !Self.contains(bytes, "..", or: "@{") else { return nil }
        name = full
    }

    /// `refs/heads/<short>`, nil when that is no valid name.
    package static func branch(_ short: String) -> RefName? { RefName("refs/heads/" + short) }

    /// `refs/tags/<short>`, nil when that is no valid name.
    package static func tag(_ short: String) -> RefName? { RefName("refs/tags/" + short) }

    /// The name people use: `main`, `v1.0`; a ref that is neither branch nor tag keeps its full name.
    package var shortName: String {
        if isBranch { return String(name.dropFirst("refs/heads/".count)) }
        if isTag { return String(name.dropFirst("refs/tags/".count)) }
        return name
    }

    /// Whether the ref is below `refs/heads/`.
    package var isBranch: Bool { name.hasPrefix("refs/heads/") }

    /// Whether the ref is below `refs/tags/`.
    package var isTag: Bool { name.hasPrefix("refs/tags/") }

    private static func isValid(component: ArraySlice<UInt8>) -> Bool {
        guard let first = component.first, first != UInt8(ascii: ".") else { return false }
        guard !component.ends(with: ".lock") else { return false }
        return component.allSatisfy { byte in
            switch byte {
            case 0...0x20, 0x7F: false
            case UInt8(ascii: "~"), UInt8(ascii: "^"), UInt8(ascii: ":"), UInt8(ascii: "?"), UInt8(ascii: "*"),
                UInt8(ascii: "["), UInt8(ascii: "\\"):
                false
            default: true
            }
        }
    }

    private static func contains(_ bytes: [UInt8], _ first: String, or second: String) -> Bool {
        let pairs = [Array(first.utf8), Array(second.utf8)]
        return zip(bytes, bytes.dropFirst()).contains { pair in pairs.contains([pair.0, pair.1]) }
    }
}

extension RefName: Hashable {
    package static func == (left: RefName, right: RefName) -> Bool {
        left.name.utf8.elementsEqual(right.name.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        for byte in name.utf8 { hasher.combine(byte) }
    }
}

extension RefName: Comparable {
    /// Byte order, the order of `packed-refs` and of ref advertisements.
    package static func < (left: RefName, right: RefName) -> Bool {
        left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
    }
}

extension RefName: CustomStringConvertible {
    package var description: String { name }
}

extension ArraySlice<UInt8> {
    fileprivate func ends(with suffix: String) -> Bool {
        self.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
    }
}
