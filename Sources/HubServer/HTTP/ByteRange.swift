/// What a `Range` header asks of a representation of known size (RFC 9110 §14.2).
package enum ByteRange: Sendable, Equatable {
    /// No range, several, or one that cannot be read: the whole is sent.
    case whole
    /// These bytes.
    case part(Range<Int64>)
    /// Nothing of it exists: 416.
    case unsatisfiable

    /// Reads `bytes=a-b`, `bytes=a-` and `bytes=-n`; `size` is in bytes.
    package init(_ header: String?, size: Int64) {
        guard let header, let (first, last) = Self.parse(header) else {
            self = .whole
            return
        }
        switch (first, last) {
        case (let first?, let last):
            if let last, last < first {
                self = .whole
            } else if first >= size {
                self = .unsatisfiable
            } else {
                self = .part(first..<min(size, (last ?? size - 1).addingOneOrMax))
            }
        case (nil, let suffix?):
            self = suffix > 0 && size > 0 ? .part(max(0, size - suffix)..<size) : .unsatisfiable
        case (nil, nil):
            self = .whole
        }
    }

    /// The answer to a client that may hold a wrong beginning: what looks like asking for the rest of a download becomes
    /// the whole, with which clients start over.
    ///
    /// git-lfs names the last byte and other clients leave it out. A suffix (`bytes=-n`) is how formats with their index
    /// at the end are read, and no download continues with it.
    package init(_ header: String?, size: Int64, mayResume: Bool) {
        self.init(header, size: size)
        guard !mayResume, let header, case .part(let range) = self, range.lowerBound > 0, range.upperBound == size,
            let (first, _) = Self.parse(header), first != nil
        else { return }
        self = .whole
    }

    private static func parse(_ header: String) -> (Int64?, Int64?)? {
        let parts = header.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].trimmed.lowercased() == "bytes" else { return nil }
        let bounds = parts[1].trimmed.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard bounds.count == 2 else { return nil }
        switch (bounds[0].isEmpty, bounds[1].isEmpty) {
        case (true, true): return nil
        case (true, false): return number(bounds[1]).map { (nil, $0) }
        case (false, true): return number(bounds[0]).map { ($0, nil) }
        case (false, false):
            guard let first = number(bounds[0]), let last = number(bounds[1]) else { return nil }
            return (first, last)
        }
    }

    /// Digits only; a number beyond 63 bits counts as the largest.
    private static func number(_ text: Substring) -> Int64? {
        guard !text.isEmpty, text.utf8.count <= 64, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int64(text) ?? .max
    }
}

extension Int64 {
    fileprivate var addingOneOrMax: Int64 { self == .max ? .max : self + 1 }
}

extension Substring {
    /// Without spaces and tabs around it.
    var trimmed: Substring {
        var rest = self
        while let first = rest.first, first == " " || first == "\t" { rest.removeFirst() }
        while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
        return rest
    }
}
