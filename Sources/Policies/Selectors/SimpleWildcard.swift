/// A name pattern with `*` and `?` only, of which two can be asked whether any name satisfies both.
package struct SimpleWildcard: Sendable, Hashable, CustomStringConvertible {
    package let pattern: String
    private let scalars: [UnicodeScalar]

    package init(_ pattern: String) {
        self.pattern = pattern
        scalars = Array(pattern.lowercased().unicodeScalars)
    }

    package var description: String { pattern }

    /// Whether some text matches both patterns. O(n × m).
    package func overlaps(_ other: SimpleWildcard) -> Bool {
        let left = scalars
        let right = other.scalars
        var row = [Bool](repeating: false, count: right.count + 1)
        // row[j]: the rest of `left` from i and the rest of `right` from j share a text.
        for i in stride(from: left.count, through: 0, by: -1) {
            let below = row
            for j in stride(from: right.count, through: 0, by: -1) {
                let leftScalar = i < left.count ? left[i] : nil
                let rightScalar = j < right.count ? right[j] : nil
                let leftRest = i < left.count ? below[j] : false
                let rightRest = j < right.count ? row[j + 1] : false
                switch (leftScalar, rightScalar) {
                case (nil, nil): row[j] = true
                case ("*", "*"): row[j] = leftRest || rightRest
                case ("*", nil): row[j] = leftRest
                case (nil, "*"): row[j] = rightRest
                case ("*", _), (_, "*"): row[j] = leftRest || rightRest
                case (nil, _), (_, nil): row[j] = false
                case (let a?, let b?): row[j] = (a == b || a == "?" || b == "?") && below[j + 1]
                }
            }
        }
        return row[0]
    }

    /// Whether the pattern matches the name, without regard to case.
    package func matches(_ name: String) -> Bool {
        // A name is a pattern without wildcards, so one that holds a wildcard is not a name.
        !name.contains(where: { $0 == "*" || $0 == "?" }) && overlaps(SimpleWildcard(name))
    }
}
