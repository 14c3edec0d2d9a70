/// `Content-Disposition` with a file name that survives every character (RFC 6266, RFC 5987).
package struct ContentDisposition: Sendable, Equatable {
    private enum Kind: String, Sendable {
        case inline, attachment
    }

    private let kind: Kind
    private let filename: String

    /// Show it, and call it `filename` when it is saved.
    package static func inline(filename: String) -> ContentDisposition {
        ContentDisposition(kind: .inline, filename: filename)
    }

    /// Save it as `filename`.
    package static func attachment(filename: String) -> ContentDisposition {
        ContentDisposition(kind: .attachment, filename: filename)
    }

    /// The header's value: an ASCII fallback and the exact name percent-encoded as UTF-8.
    package var value: String {
        let fallback = String(
            decoding: filename.utf8.map { byte -> UInt8 in
                switch byte {
                case 0x22, 0x5C, 0x2F, 0x25: UInt8(ascii: "_")
                case 0x20...0x7E: byte
                default: UInt8(ascii: "_")
                }
            }, as: UTF8.self)
        // attr-char of RFC 5987 beyond the unreserved characters.
        let exact = PercentCoding.encode(filename, keeping: "!#$&+^`|")
        return "\(kind.rawValue); filename*=UTF-8''\(exact); filename=\"\(fallback)\""
    }
}
