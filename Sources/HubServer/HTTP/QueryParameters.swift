import HubCore

/// The decoded query of a request: ordered pairs in which keys may repeat.
package struct QueryParameters: Sendable, Equatable {
    /// One `name=value`.
    package struct Pair: Sendable, Equatable {
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// How many pairs a query may have.
    package static let pairLimit = 512

    package var pairs: [Pair]

    package init(_ pairs: [Pair] = []) {
        self.pairs = pairs
    }

    /// Parses the raw text after `?`.
    ///
    /// - Throws: `badRequest` for broken escapes, text that is not UTF-8, NUL and more than ``pairLimit`` pairs.
    package init(parsing raw: some StringProtocol) throws {
        var pairs: [Pair] = []
        for part in raw.utf8.split(separator: UInt8(ascii: "&")) {
            guard pairs.count < Self.pairLimit else {
                throw HubError(.badRequest, "The query has more than \(Self.pairLimit) parameters.")
            }
            let halves = part.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = halves.first.flatMap({ PercentCoding.decode(utf8: $0, plusIsSpace: true) }),
                let value = halves.count > 1 ? PercentCoding.decode(utf8: halves[1], plusIsSpace: true) : ""
            else {
                throw HubError(.badRequest, "The query is not valid percent-encoded UTF-8.")
            }
            pairs.append(Pair(name, value))
        }
        self.pairs = pairs
    }

    /// The first value of a name.
    package func first(_ name: String) -> String? {
        pairs.first { $0.name == name }?.value
    }

    /// All values of a name, in order; `name[]` counts as `name`.
    package func all(_ name: String) -> [String] {
        pairs.filter { $0.name == name || $0.name == "\(name)[]" }.map(\.value)
    }

    /// A truth value as clients write them: `true`, `True`, `1`, and a bare name; nil when absent.
    ///
    /// - Throws: `badRequest` for anything else.
    package func bool(_ name: String) throws -> Bool? {
        guard let text = first(name) else { return nil }
        switch text.lowercased() {
        case "true", "1", "yes", "on", "": return true
        case "false", "0", "no", "off": return false
        default: throw HubError(.badRequest, "The query parameter \(name) is neither true nor false.")
        }
    }

    /// A truth value, or `fallback` when absent.
    package func bool(_ name: String, default fallback: Bool) throws -> Bool {
        try bool(name) ?? fallback
    }

    /// A decimal number within `range`; nil when absent.
    ///
    /// - Throws: `badRequest` when it is no number or outside.
    package func integer(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
        guard let text = first(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw HubError(
                .badRequest,
                "The query parameter \(name) is no number from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }

    /// The query as it goes into a URL, without `?`.
    package var encoded: String {
        pairs.map { "\(PercentCoding.encode($0.name, keeping: "[]"))=\(PercentCoding.encode($0.value))" }
            .joined(separator: "&")
    }

    /// This query with all values of `name` replaced by one.
    package func setting(_ name: String, to value: String) -> QueryParameters {
        QueryParameters(pairs.filter { $0.name != name } + [Pair(name, value)])
    }
}
