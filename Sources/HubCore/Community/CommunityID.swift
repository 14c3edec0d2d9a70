/// The id of a comment, a collection or an item as clients know it: 24 hexadecimal digits.
package struct CommunityID: Hashable, Sendable, CustomStringConvertible {
    /// The key of the row.
    package let key: Int64

    package init(key: Int64) { self.key = key }

    /// Reads 24 hexadecimal digits of either case; nil for anything else.
    package init?(_ text: some StringProtocol) {
        let digits = text.utf8
        guard digits.count == 24, digits.allSatisfy({ UInt8(ascii: "+") != $0 && UInt8(ascii: "-") != $0 }),
            let value = Int64(text, radix: 16), value >= 0
        else { return nil }
        key = value
    }

    package var description: String {
        let digits = String(key, radix: 16)
        return String(repeating: "0", count: max(0, 24 - digits.count)) + digits
    }
}
