/// Reads `multipart/form-data` as its bytes arrive. Does no I/O.
///
/// - SeeAlso: RFC 7578, RFC 2046 §5.1.1
struct MultipartParser: Sendable {
    struct Problem: Error, Equatable {
        let text: String
    }

    enum Event: Equatable, Sendable {
        /// A part begins.
        case part(name: String, filename: String?)
        /// Bytes of its content, never empty.
        case content([UInt8])
        case endOfPart
        /// The last boundary. What follows is no matter.
        case end
    }

    private enum State: Sendable {
        case preamble, boundary, headers, content, ended
    }

    /// Bytes that the lines in front of a part's content may have.
    private static let maximumHeaders = 8 << 10

    private let delimiter: [UInt8]
    // A body may begin with its first boundary, without the line break that stands in front of the others.
    private var buffer: [UInt8] = [0x0D, 0x0A]
    private var state = State.preamble

    init(boundary: String) { delimiter = Array("\r\n--\(boundary)".utf8) }

    /// The boundary of a `Content-Type`; nil when it is no form, or has none that can be.
    static func boundary(of contentType: String) -> String? {
        let parts = contentType.split(separator: ";")
        guard parts.first?.trimmed.lowercased() == "multipart/form-data" else { return nil }
        for part in parts.dropFirst() {
            let halves = part.split(separator: "=", maxSplits: 1)
            guard halves.count == 2, halves[0].trimmed.lowercased() == "boundary" else { continue }
            let value = halves[1].trimmed.filter { $0 != "\"" }
            return (1...70).contains(value.utf8.count) ? value : nil
        }
        return nil
    }

    mutating func feed(_ bytes: some Collection<UInt8>) {
        buffer.append(contentsOf: bytes)
    }

    /// The next event; nil when more bytes are needed.
    mutating func next() throws -> Event? {
        while true {
            switch state {
            case .preamble:
                guard let start = find(delimiter) else {
                    keep(last: delimiter.count - 1)
                    return nil
                }
                buffer.removeFirst(start + delimiter.count)
                state = .boundary
            case .boundary:
                guard buffer.count >= 2 else { return nil }
                let mark = Array(buffer.prefix(2))
                buffer.removeFirst(2)
                if mark == [0x2D, 0x2D] {
                    state = .ended
                    return .end
                }
                guard mark == [0x0D, 0x0A] else { throw Problem(text: "A boundary is followed by something else.") }
                state = .headers
            case .headers:
                guard let end = find([0x0D, 0x0A, 0x0D, 0x0A]) else {
                    guard buffer.count <= Self.maximumHeaders else { throw Problem(text: "A part's head is too long.") }
                    return nil
                }
                guard end <= Self.maximumHeaders else { throw Problem(text: "A part's head is too long.") }
                let head = String(decoding: buffer.prefix(end), as: UTF8.self)
                // Its last line break may belong to the boundary of a part without content.
                buffer.removeFirst(end + 2)
                buffer.removeFirst(2)
                state = .content
                return try Self.part(head)
            case .content:
                return content()
            case .ended:
                buffer.removeAll()
                return nil
            }
        }
    }

    private mutating func content() -> Event? {
        if let end = find(delimiter) {
            guard end > 0 else {
                buffer.removeFirst(delimiter.count)
                state = .boundary
                return .endOfPart
            }
            let content = Array(buffer.prefix(end))
            buffer.removeFirst(end)
            return .content(content)
        }
        let sure = buffer.count - (delimiter.count - 1)
        guard sure > 0 else { return nil }
        let content = Array(buffer.prefix(sure))
        buffer.removeFirst(sure)
        return .content(content)
    }

    private mutating func keep(last count: Int) {
        if buffer.count > count { buffer.removeFirst(buffer.count - count) }
    }

    /// Where a sequence begins in the buffer.
    private func find(_ sequence: [UInt8]) -> Int? {
        guard let first = sequence.first, buffer.count >= sequence.count else { return nil }
        return buffer.withUnsafeBufferPointer { bytes in
            var index = 0
            let last = bytes.count - sequence.count
            while index <= last {
                guard let hit = bytes[index...].firstIndex(of: first), hit <= last else { return nil }
                if bytes[hit..<(hit + sequence.count)].elementsEqual(sequence) { return hit }
                index = hit + 1
            }
            return nil
        }
    }

    private static func part(_ head: String) throws -> Event {
        for line in head.split(separator: "\r\n") {
            let halves = line.split(separator: ":", maxSplits: 1)
            guard halves.count == 2, halves[0].trimmed.lowercased() == "content-disposition" else { continue }
            let parameters = parameters(of: halves[1])
            guard let name = parameters["name"] else { break }
            return .part(name: name, filename: parameters["filename"])
        }
        throw Problem(text: "A part has no name.")
    }

    /// `form-data; name="file"; filename="a;b.txt"`: quotes may hold semicolons and escaped quotes.
    private static func parameters(of text: some StringProtocol) -> [String: String] {
        var found: [String: String] = [:]
        var word = ""
        var isQuoted = false
        var isEscaped = false
        func note(_ word: String) {
            let halves = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard halves.count == 2 else { return }
            let value = String(halves[1].trimmed)
            let isQuoted = value.count >= 2 && value.hasPrefix("\"") && value.hasSuffix("\"")
            found[halves[0].trimmed.lowercased()] = isQuoted ? String(value.dropFirst().dropLast()) : String(value)
        }
        for character in text {
            if isEscaped {
                word.append(character)
                isEscaped = false
            } else if isQuoted, character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                isQuoted.toggle()
                word.append(character)
            } else if character == ";", !isQuoted {
                note(word)
                word = ""
            } else {
                word.append(character)
            }
        }
        note(word)
        return found
    }
}

extension StringProtocol {
    fileprivate var trimmed: String {
        var text = Substring(self)
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}
