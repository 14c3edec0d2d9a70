/// One line of git's wire framing.
///
/// - SeeAlso: gitprotocol-common, "pkt-line Format"; gitprotocol-v2 for the delimiter and response end.
package enum PktLine: Sendable, Hashable {
    /// A payload of at most `maximumPayload` bytes.
    case data([UInt8])
    /// `0000`: the end of a message.
    case flush
    /// `0001`: between the sections of a v2 message.
    case delimiter
    /// `0002`: the end of a stateless v2 response.
    case responseEnd

    /// The longest line in bytes, its four length digits included.
    package static let maximumLength = 65_520
    /// The longest payload in bytes.
    package static let maximumPayload = maximumLength - 4

    /// A payload of text and a line feed, as git writes lines.
    package static func text(_ line: String) -> PktLine { .data(Array(line.utf8) + [UInt8(ascii: "\n")]) }

    /// The bytes on the wire. A payload above `maximumPayload` becomes several lines.
    package var encoded: [UInt8] {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return bytes
    }

    /// Appends the bytes on the wire to a buffer.
    package func append(to bytes: inout [UInt8]) {
        switch self {
        case .flush: bytes.append(contentsOf: "0000".utf8)
        case .delimiter: bytes.append(contentsOf: "0001".utf8)
        case .responseEnd: bytes.append(contentsOf: "0002".utf8)
        case .data(let payload):
            var rest = payload[...]
            repeat {
                let part = rest.prefix(Self.maximumPayload)
                rest = rest.dropFirst(part.count)
                bytes.append(contentsOf: Self.digits(of: part.count + 4))
                bytes.append(contentsOf: part)
            } while !rest.isEmpty
        }
    }

    /// The payload as text without its line feed; nil for the special lines.
    package var text: String? {
        guard case .data(let payload) = self else { return nil }
        return String(decoding: payload.last == UInt8(ascii: "\n") ? payload.dropLast() : payload[...], as: UTF8.self)
    }

    private static func digits(of length: Int) -> [UInt8] {
        stride(from: 12, through: 0, by: -4).map { shift in
            let value = UInt8(truncatingIfNeeded: length >> shift & 0xF)
            return value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
        }
    }
}

/// What a side-band payload carries, told by its first byte.
///
/// - SeeAlso: gitprotocol-pack, "side-band-64k".
package enum SideBand: Sendable, Hashable {
    /// Band 1: bytes of the pack.
    case pack(ArraySlice<UInt8>)
    /// Band 2: progress for people.
    case progress(String)
    /// Band 3: the other side gave up, for this reason.
    case error(String)

    /// Reads a payload; nil for an empty one or an unknown band.
    package init?(_ payload: [UInt8]) {
        let rest = payload.dropFirst()
        switch payload.first {
        case 1: self = .pack(rest)
        case 2: self = .progress(String(decoding: rest, as: UTF8.self))
        case 3: self = .error(String(decoding: rest, as: UTF8.self))
        default: return nil
        }
    }
}
