/// A literal of Python, of those that headers of arrays have.
indirect enum PythonLiteral {
    case text(String)
    case number(Int64)
    case truth(Bool)
    case list([PythonLiteral])
    case pairs([(String, PythonLiteral)])

    /// - Returns: nil for all that is not a plain literal.
    static func parse(_ bytes: [UInt8]) -> PythonLiteral? {
        var parser = Parser(bytes: bytes)
        guard let literal = parser.value(depth: 0) else { return nil }
        parser.skipSpace()
        return parser.at == bytes.count ? literal : nil
    }

    private struct Parser {
        let bytes: [UInt8]
        var at = 0

        mutating func skipSpace() {
            while at < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[at]) { at += 1 }
        }

        mutating func take(_ byte: Character) -> Bool {
            skipSpace()
            guard at < bytes.count, bytes[at] == byte.asciiValue else { return false }
            at += 1
            return true
        }

        mutating func value(depth: Int) -> PythonLiteral? {
            skipSpace()
            guard depth < 12, at < bytes.count else { return nil }
            switch bytes[at] {
            case UInt8(ascii: "{"): return pairs(depth)
            case UInt8(ascii: "("): return list(")", depth)
            case UInt8(ascii: "["): return list("]", depth)
            case UInt8(ascii: "'"), UInt8(ascii: "\""): return text().map { .text($0) }
            case 0x30...0x39: return number()
            default:
                for (word, truth) in [("True", true), ("False", false)]
                where bytes[at...].starts(with: word.utf8) {
                    at += word.utf8.count
                    return .truth(truth)
                }
                return nil
            }
        }

        private mutating func text() -> String? {
            let quote = bytes[at]
            at += 1
            let start = at
            while at < bytes.count, bytes[at] != quote {
                guard bytes[at] != UInt8(ascii: "\\"), bytes[at] >= 0x20 else { return nil }
                at += 1
            }
            guard at < bytes.count else { return nil }
            at += 1
            return String(validating: bytes[start..<at - 1], as: UTF8.self)
        }

        private mutating func number() -> PythonLiteral? {
            var value: Int64 = 0
            while at < bytes.count, (0x30...0x39).contains(bytes[at]) {
                let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
                let (sum, tooFar) = tens.addingReportingOverflow(Int64(bytes[at] - 0x30))
                guard !overflow, !tooFar else { return nil }
                value = sum
                at += 1
            }
            // Python 2 wrote long numbers so.
            if at < bytes.count, bytes[at] == UInt8(ascii: "L") { at += 1 }
            return .number(value)
        }

        private mutating func list(_ end: Character, _ depth: Int) -> PythonLiteral? {
            at += 1
            var values: [PythonLiteral] = []
            while !take(end) {
                guard let value = value(depth: depth + 1) else { return nil }
                values.append(value)
                guard take(",") else {
                    guard take(end) else { return nil }
                    break
                }
            }
            return .list(values)
        }

        private mutating func pairs(_ depth: Int) -> PythonLiteral? {
            at += 1
            var pairs: [(String, PythonLiteral)] = []
            while !take("}") {
                guard case .text(let key)? = value(depth: depth + 1), take(":"), let value = value(depth: depth + 1)
                else {
                    return nil
                }
                pairs.append((key, value))
                guard take(",") else {
                    guard take("}") else { return nil }
                    break
                }
            }
            return .pairs(pairs)
        }
    }
}
