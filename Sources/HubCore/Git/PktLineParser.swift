/// Cuts a byte stream into pkt-lines, however it arrives: append bytes, take lines until there is none.
///
/// Holds at most one unfinished line beyond what the caller appends.
package struct PktLineParser: Sendable {
    /// Why a stream is no pkt-line stream.
    package enum Failure: Error, Sendable, Hashable, CustomStringConvertible {
        /// The four bytes are not a hexadecimal length.
        case malformedLength([UInt8])
        /// The length is 3, or above the limit.
        case lengthOutOfRange(Int)

        package var description: String {
            switch self {
            case .malformedLength(let bytes):
                "pkt-line length is not four hexadecimal digits: "
                    + "\"\(String(decoding: bytes, as: UTF8.self).debugDescription.dropFirst().dropLast())\""
            case .lengthOutOfRange(let length): "pkt-line length \(length) is out of range"
            }
        }
    }

    private let maximumLength: Int
    private var buffer: [UInt8] = []
    private var position = 0
    private var failure: Failure?

    /// - Parameter maximumLength: the longest line taken, in bytes with its length digits.
    package init(maximumLength: Int = PktLine.maximumLength) {
        self.maximumLength = maximumLength
    }

    /// Bytes appended and not yet taken as lines.
    package var pendingByteCount: Int { buffer.count - position }

    /// Adds bytes of the stream.
    package mutating func append(_ bytes: some Collection<UInt8>) {
        if position > 0 {
            buffer.removeFirst(position)
            position = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// The next whole line, nil until more bytes are appended. A failure is final.
    package mutating func next() throws(Failure) -> PktLine? {
        if let failure { throw failure }
        guard pendingByteCount >= 4 else { return nil }
        let length: Int
        do {
            length = try Self.length(buffer[position..<(position + 4)], maximum: maximumLength)
        } catch {
            failure = error
            throw error
        }
        switch length {
        case 0, 1, 2:
            position += 4
            return length == 0 ? .flush : length == 1 ? .delimiter : .responseEnd
        default:
            guard pendingByteCount >= length else { return nil }
            let payload = Array(buffer[(position + 4)..<(position + length)])
            position += length
            return .data(payload)
        }
    }

    /// Takes what is not framed: the bytes behind the last line, such as a raw pack.
    package mutating func takeRemainder() -> [UInt8] {
        let rest = Array(buffer[position...])
        buffer = []
        position = 0
        return rest
    }

    private static func length(_ digits: ArraySlice<UInt8>, maximum: Int) throws(Failure) -> Int {
        var length = 0
        for digit in digits {
            let value: UInt8
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = digit - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = digit - UInt8(ascii: "A") + 10
            default: throw .malformedLength(Array(digits))
            }
            length = length << 4 | Int(value)
        }
        guard length != 3, length <= maximum else { throw .lengthOutOfRange(length) }
        return length
    }
}
